#pragma once

#include "absl/status/status.h"
#include "common/status/reason.h"
#include "dangjian/registry/v1/calendar.pb.h"

// The rules of a year's calendar; counting days is common/types/working_days.h. Pure: no storage, no gRPC.

namespace dangjian::registry {

namespace reasons {
inline constexpr Reason kCalendarIdMismatch{"CALENDAR_ID_MISMATCH", absl::StatusCode::kInvalidArgument,
                                            "日历编号应与年份一致"};
inline constexpr Reason kCalendarDateConflict{"CALENDAR_DATE_CONFLICT", absl::StatusCode::kInvalidArgument,
                                              "同一天重复出现,或既为放假又为调休上班"};
inline constexpr Reason kCalendarDateOutsideYear{"CALENDAR_DATE_OUTSIDE_YEAR", absl::StatusCode::kInvalidArgument,
                                                 "日期不在该年度(上年十二月除外)"};
inline constexpr Reason kMakeUpDayOnWeekday{"MAKE_UP_DAY_ON_WEEKDAY", absl::StatusCode::kInvalidArgument,
                                            "调休上班日应为星期六或星期日"};
}  // namespace reasons

// All violations at once: CALENDAR_ID_MISMATCH, CALENDAR_DATE_CONFLICT, CALENDAR_DATE_OUTSIDE_YEAR,
// MAKE_UP_DAY_ON_WEEKDAY.
absl::Status CheckCalendar(const v1::Calendar& calendar);

}  // namespace dangjian::registry
