#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/subsidised_job.pb.h"

namespace dangjian::welfare {

// Subsidised public jobs by id; found by organisation. The stock counts posts (the quota) from the first day through
// the last; people count while they hold one.
storage::TableSchema<v1::SubsidisedJob> SubsidisedJobSchema();

}  // namespace dangjian::welfare
