#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/activity/v1/team.pb.h"

namespace dangjian::activity {

// Table of teams, by organisation. Measure `teams` [kind]: from the day of formation through the day of disbandment.
storage::TableSchema<v1::Team> TeamSchema();

}  // namespace dangjian::activity
