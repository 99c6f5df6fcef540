#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/activity/v1/patrol_shift.pb.h"

namespace dangjian::activity {

// Table of patrol shifts: by organisation, by team, by participant and the day on which they began. `patrol_hours` are
// the hours of all participants together.
storage::TableSchema<v1::PatrolShift> PatrolShiftSchema();

}  // namespace dangjian::activity
