#pragma once

#include <string_view>

#include "common/base/day.h"
#include "common/storage/table_schema.h"
#include "dangjian/activity/v1/attendance.pb.h"

namespace dangjian::activity {

// Table of attendances: by activity, by person and day. An attendance counts on its day from CHECKED_IN on, unless its
// activity was cancelled. Measures: `participants` (people) and `attendances` [kind] of all activities; of volunteer
// service `volunteers_participating` (people), `volunteer_attendances` and, of confirmed or corrected hours,
// `volunteer_hours`.
storage::TableSchema<v1::Attendance> AttendanceSchema();

// Index prefixes: the attendances of an activity; of a person in the order of days; of a person on one day.
storage::KeyWriter AttendancesOfActivity(std::string_view activity);
storage::KeyWriter AttendancesOfPerson(std::string_view canonical_person);
storage::KeyWriter AttendancesOfPersonOn(std::string_view canonical_person, Day day);

}  // namespace dangjian::activity
