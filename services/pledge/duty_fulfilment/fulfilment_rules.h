#pragma once

#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "dangjian/pledge/v1/duty_fulfilment.pb.h"
#include "dangjian/pledge/v1/recurring_duty.pb.h"

// Fulfilments of recurring duties. Pure.

namespace dangjian::pledge {

namespace reasons {
inline constexpr Reason kDutyPeriodFulfilled{"DUTY_PERIOD_FULFILLED", absl::StatusCode::kAlreadyExists,
                                             "该党员在本周期内已有履行记录"};
inline constexpr Reason kDutySpanTooLong{"DUTY_SPAN_TOO_LONG", absl::StatusCode::kInvalidArgument,
                                         "查询期间最长366天,请分段查询"};
}  // namespace reasons

namespace fulfilment_rules {

// The longest span of a rate, in days.
inline constexpr int kMaxSpanDays = 366;

// Fills period, frequency and organisation from the duty. DATE_IN_FUTURE, DUTY_MEMBER_NOT_ASSIGNED.
absl::Status Complete(v1::DutyFulfilment& fulfilment, const v1::RecurringDuty& duty, Day today);

// The periods in which a member of the duty should have fulfilled it.
struct DuePeriods {
  std::string member;
  std::vector<Day> starts;  // ascending
};
// By member in the order of names, for those whose assignment touches the span: the periods that lie as a whole in the
// span and in one assignment, and were over before `today`.
std::vector<DuePeriods> DueIn(const v1::RecurringDuty& duty, DayRange span, Day today);

}  // namespace fulfilment_rules
}  // namespace dangjian::pledge
