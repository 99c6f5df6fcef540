#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/job_placement.pb.h"

namespace dangjian::welfare {

// Placements by id; found by organisation and registration. One that stands counts on its first day; one that failed a
// follow-up never did.
storage::TableSchema<v1::JobPlacement> JobPlacementSchema();

}  // namespace dangjian::welfare
