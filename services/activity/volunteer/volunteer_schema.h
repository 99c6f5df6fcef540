#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/activity/v1/volunteer.pb.h"

namespace dangjian::activity {

// Table of volunteers: by organisation, by person, by number (unique), and those who lack a guardian's consent by
// organisation.
// Measure `registered_volunteers` (people): from the day of registration through the last day.
storage::TableSchema<v1::Volunteer> VolunteerSchema();

}  // namespace dangjian::activity
