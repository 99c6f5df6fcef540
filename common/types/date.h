#pragma once

#include <optional>

#include "common/base/day.h"
#include "dangjian/common/v1/types.pb.h"
#include "google/type/date.pb.h"

namespace dangjian {

// nullopt when the message is no full, existing date.
std::optional<Day> DayFromProto(const google::type::Date& date);
// The day of a date that validation has accepted; `fallback` when it is unset or wrong.
Day DayOr(const google::type::Date& date, Day fallback);
google::type::Date DayToProto(Day day);

// nullopt when an end is missing or wrong, or the last day is before the first.
std::optional<DayRange> DaysFromProto(const common::v1::Period& period);
common::v1::Period DaysToProto(DayRange days);

}  // namespace dangjian
