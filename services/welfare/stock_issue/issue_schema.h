#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/stock_issue.pb.h"

namespace dangjian::welfare {

// Table of issues: by organisation, by beneficiary. Cancelled issues do not count.
storage::TableSchema<v1::StockIssue> StockIssueSchema();

}  // namespace dangjian::welfare
