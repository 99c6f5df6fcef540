#include "services/pledge/duty_fulfilment/fulfilment_rules.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/step.h"
#include "services/pledge/recurring_duty/duty_rules.h"

namespace dangjian::pledge::fulfilment_rules {

absl::Status Complete(v1::DutyFulfilment& fulfilment, const v1::RecurringDuty& duty, Day today) {
  const Day day = DayOr(fulfilment.occurred_on(), today);
  if (day > today) {
    Violations violations;
    violations.Add("duty_fulfilment.occurred_on", dangjian::reasons::kDateInFuture, "fulfilled after today");
    return violations.ToStatus();
  }
  if (duty_rules::AssignmentOn(duty, fulfilment.member(), day) == nullptr) {
    return Error(reasons::kDutyMemberNotAssigned,
                 absl::StrCat(fulfilment.member(), " does not have the duty on ", FormatDay(day)),
                 {{"resource", duty.name()}, {"member", fulfilment.member()}});
  }
  *fulfilment.mutable_period_start() = DayToProto(duty_rules::PeriodOf(duty.frequency(), day).first);
  fulfilment.set_frequency(duty.frequency());
  fulfilment.set_organization(duty.organization());
  return absl::OkStatus();
}

std::vector<DuePeriods> DueIn(const v1::RecurringDuty& duty, DayRange span, Day today) {
  std::map<std::string, std::vector<Day>> by_member;
  for (const v1::DutyAssignment& assignment : duty.assignments()) {
    const std::optional<DayRange> days = duty_rules::DaysOf(duty, assignment);
    if (!days.has_value() || days->first > span.last || days->last < span.first) continue;
    std::vector<Day>& starts = by_member[assignment.member()];
    const DayRange counted{std::max(days->first, span.first), std::min({days->last, span.last, today - 1})};
    const std::vector<Day> whole = duty_rules::WholePeriods(duty.frequency(), counted);
    starts.insert(starts.end(), whole.begin(), whole.end());
  }
  std::vector<DuePeriods> due;
  due.reserve(by_member.size());
  for (auto& [member, starts] : by_member) {
    // Assignments stand in the order in which they were recorded, which may not be that of their days.
    std::sort(starts.begin(), starts.end());
    due.push_back({member, std::move(starts)});
  }
  return due;
}

}  // namespace dangjian::pledge::fulfilment_rules
