#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/pledge/v1/recurring_duty.pb.h"

// Recurring duties: their periods, and who has them when. Pure.

namespace dangjian::pledge {

namespace reasons {
inline constexpr Reason kDutyDateOutside{"DUTY_DATE_OUTSIDE", absl::StatusCode::kInvalidArgument,
                                         "日期不在该义务的起止日期之内"};
inline constexpr Reason kDutyAssignedTwice{"DUTY_ASSIGNED_TWICE", absl::StatusCode::kFailedPrecondition,
                                           "该党员在此期间已承担此义务"};
inline constexpr Reason kDutyMemberNotAssigned{"DUTY_MEMBER_NOT_ASSIGNED", absl::StatusCode::kFailedPrecondition,
                                               "该党员当日未承担此义务,请先登记其承担起止日期"};
inline constexpr Reason kDutyFulfilledLater{"DUTY_FULFILLED_LATER", absl::StatusCode::kFailedPrecondition,
                                            "该日之后已有履行记录,请核对日期或先删除错误记录"};
inline constexpr Reason kDutyHasFulfilments{"DUTY_HAS_FULFILMENTS", absl::StatusCode::kFailedPrecondition,
                                            "该义务已有履行记录,不能删除"};
}  // namespace reasons

namespace duty_rules {

// Most assignments of a duty in its life.
inline constexpr int kMaxAssignments = 500;

// Sets what a new record starts with.
void Initialize(v1::RecurringDuty& duty);
// DATES_OUT_OF_ORDER, DATE_IN_FUTURE, DUTY_DATE_OUTSIDE, DUTY_ASSIGNED_TWICE.
void CheckContent(const v1::RecurringDuty& duty, Day today, Violations& violations);

// Assigns from the day of the step to `last` (Day::Max(): open).
absl::Status Assign(v1::RecurringDuty& duty, const std::string& member, Day last, const Step& step);
// The day of the step becomes the last one of the member's assignment on that day.
absl::Status Release(v1::RecurringDuty& duty, const std::string& member, const Step& step);
// The day of the step becomes the last one of the duty.
absl::Status End(v1::RecurringDuty& duty, const Step& step);

// The days on which the duty may be fulfilled; the last is Day::Max() while it is open.
DayRange DaysOf(const v1::RecurringDuty& duty);
// The days of an assignment, cut to those of the duty; nullopt when none is left.
std::optional<DayRange> DaysOf(const v1::RecurringDuty& duty, const v1::DutyAssignment& assignment);
// The assignment of `member` on `day`; nullptr when there is none.
const v1::DutyAssignment* AssignmentOn(const v1::RecurringDuty& duty, std::string_view member, Day day);

// The period of `day`: the day, Monday to Sunday, the calendar month, quarter or year.
DayRange PeriodOf(v1::DutyFrequency frequency, Day day);
// First days of the periods that lie in `days` as a whole, ascending.
std::vector<Day> WholePeriods(v1::DutyFrequency frequency, DayRange days);

}  // namespace duty_rules
}  // namespace dangjian::pledge
