#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/mls_rule_set.pb.h"

namespace dangjian::welfare {

// Rule sets by id; found by organisation, oldest first, where the version of a month is unique.
storage::TableSchema<v1::MlsRuleSet> MlsRuleSetSchema();

}  // namespace dangjian::welfare
