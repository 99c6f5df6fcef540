#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/pledge/v1/disclosure.pb.h"

namespace dangjian::pledge {

// Table of disclosures: by organisation, by campaign; a notice counts on its day of posting.
storage::TableSchema<v1::Disclosure> DisclosureSchema();

}  // namespace dangjian::pledge
