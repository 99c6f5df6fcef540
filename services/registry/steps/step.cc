#include "services/registry/steps/step.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/date.h"

namespace dangjian::registry {

absl::Status CheckStepDay(const Transitions& past, const Step& step) {
  if (step.occurred_on > step.today) {
    return Error(reasons::kDateInFuture, absl::StrCat(FormatDay(step.occurred_on), " lies in the future"));
  }
  if (past.empty()) return absl::OkStatus();
  const Day last = DayOr(past.rbegin()->occurred_on(), Day::Min());
  if (step.occurred_on < last) {
    return Error(reasons::kStepsOutOfOrder,
                 absl::StrCat(FormatDay(step.occurred_on), " lies before the last step, ", FormatDay(last)));
  }
  return absl::OkStatus();
}

void AppendTransition(Transitions& transitions, std::string_view state, Day day, const Step& step) {
  common::v1::Transition& transition = *transitions.Add();
  transition.set_state(std::string(state));
  *transition.mutable_occurred_on() = DayToProto(day);
  transition.set_actor(step.actor);
  transition.set_reason(step.reason);
  transition.set_revision(step.revision);
}

absl::Status IllegalTransition(std::string_view record, std::string_view state, std::string_view wanted) {
  return Error(dangjian::reasons::kIllegalTransition,
               absl::StrCat(ToAbsl(record), " is ", ToAbsl(state), " and cannot become ", ToAbsl(wanted)),
               {{"record", std::string(record)}, {"state", std::string(state)}, {"wanted", std::string(wanted)}});
}

Day AddMonths(Day day, int months) {
  const absl::CivilDay from = day.civil();
  const absl::CivilMonth month = absl::CivilMonth(from) + months;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  const int day_of_month = std::min(from.day(), last.day());
  return Day::Of(static_cast<int>(month.year()), month.month(), day_of_month);
}

}  // namespace dangjian::registry
