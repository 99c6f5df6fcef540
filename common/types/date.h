#pragma once

#include <optional>

#include "common/base/day.h"
#include "common/status/reason.h"
#include "dangjian/common/v1/types.pb.h"
#include "google/type/date.pb.h"

namespace dangjian {

namespace reasons {
inline constexpr Reason kDatesOutOfOrder{"DATES_OUT_OF_ORDER", absl::StatusCode::kInvalidArgument,
                                         "结束日期早于开始日期"};
}  // namespace reasons

// nullopt when the message is no full, existing date.
std::optional<Day> DayFromProto(const google::type::Date& date);
// The day of a date that validation has accepted; `fallback` when it is unset or wrong.
Day DayOr(const google::type::Date& date, Day fallback);
google::type::Date DayToProto(Day day);

// nullopt when an end is missing or wrong, or the last day is before the first.
std::optional<DayRange> DaysFromProto(const common::v1::Period& period);
common::v1::Period DaysToProto(DayRange days);

}  // namespace dangjian
