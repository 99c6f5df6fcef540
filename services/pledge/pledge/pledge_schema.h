#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/pledge/v1/pledge.pb.h"

namespace dangjian::pledge {

// Table of pledges: by organisation, by pledger; measures of items by kind of pledger.
storage::TableSchema<v1::Pledge> PledgeSchema();

}  // namespace dangjian::pledge
