#include "common/types/step.h"

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/date.h"

namespace dangjian {

absl::Status CheckStep(const Step& step, Day not_before) {
  if (step.day > step.today) {
    return Error(reasons::kDateInFuture, absl::StrCat("the step is dated ", FormatDay(step.day), ", after today"));
  }
  if (step.day < not_before) {
    return Error(reasons::kStepsOutOfOrder, absl::StrCat("the step is dated ", FormatDay(step.day),
                                                         ", before the step of ", FormatDay(not_before)));
  }
  return absl::OkStatus();
}

Day LastStepDay(const Transitions& transitions) {
  for (auto step = transitions.rbegin(); step != transitions.rend(); ++step) {
    if (step->state().find(':') == std::string::npos) return DayOr(step->occurred_on(), Day::Min());
  }
  return Day::Min();
}

void AddTransition(Transitions& transitions, std::string_view state, const Step& step) {
  common::v1::Transition& entry = *transitions.Add();
  entry.set_state(std::string(state));
  *entry.mutable_occurred_on() = DayToProto(step.day);
  entry.set_actor(step.actor);
  entry.set_on_behalf_of(step.on_behalf_of);
  entry.set_reason(step.reason);
  entry.set_revision(step.revision);
}

absl::Status IllegalTransition(std::string_view name, std::string_view state, std::string_view wanted) {
  return Error(reasons::kIllegalTransition,
               absl::StrCat(ToAbsl(name), " is ", ToAbsl(state), ": ", ToAbsl(wanted), " is not possible"),
               {{"resource", std::string(name)}, {"state", std::string(state)}, {"wanted", std::string(wanted)}});
}

}  // namespace dangjian
