#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/pledge/v1/target.pb.h"

namespace dangjian::pledge {

// Table of targets: by organisation, by campaign. A target and its progress stand from the first to the last day of its
// period.
storage::TableSchema<v1::Target> TargetSchema();

}  // namespace dangjian::pledge
