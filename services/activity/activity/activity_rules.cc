#include "services/activity/activity/activity_rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/activity/activity/time_of_day.h"
#include "services/activity/activity/work_rules.h"

namespace dangjian::activity::activity_rules {
namespace {

bool IsClosed(const v1::Activity& activity) {
  return activity.state() == v1::ACTIVITY_STATE_VERIFIED || activity.state() == v1::ACTIVITY_STATE_CANCELLED;
}

bool MayEnter(const v1::Activity& activity, v1::ActivityState wanted) {
  if (wanted == v1::ACTIVITY_STATE_CANCELLED) return !IsClosed(activity);
  // The states of the contract are numbered in their order.
  return activity.state() != v1::ACTIVITY_STATE_CANCELLED && wanted == activity.state() + 1;
}

void CheckFulfilments(const v1::Activity& activity, Violations& violations) {
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < activity.fulfils_size(); ++i) {
    if (seen.insert(activity.fulfils(i)).second) continue;
    violations.Add(absl::StrCat("activity.fulfils[", i, "]"), reasons::kDuplicateFulfilment,
                   absl::StrCat(activity.fulfils(i), " is cited twice"));
  }
}

}  // namespace

std::string_view NameOf(v1::ActivityKind kind) { return StripPrefix(v1::ActivityKind_Name(kind), "ACTIVITY_KIND_"); }

std::string_view NameOf(v1::ActivityState state) {
  return StripPrefix(v1::ActivityState_Name(state), "ACTIVITY_STATE_");
}

DayRange DaysOf(const v1::Activity& activity) {
  const Day first = DayOr(activity.starts_on(), Day::Min());
  return {first, DayOr(activity.ends_on(), first)};
}

bool Counts(const v1::Activity& activity) {
  return activity.state() == v1::ACTIVITY_STATE_HELD || activity.state() == v1::ACTIVITY_STATE_REPORTED ||
         activity.state() == v1::ACTIVITY_STATE_VERIFIED;
}

void Initialize(v1::Activity& activity, Step step) {
  activity.clear_transitions();
  activity.set_state(activity.held() ? v1::ACTIVITY_STATE_HELD : v1::ACTIVITY_STATE_PLANNED);
  if (!activity.held()) return;
  step.day = DaysOf(activity).last;
  AddTransition(*activity.mutable_transitions(), NameOf(activity.state()), step);
}

void Complete(v1::Activity& activity, Day today, Violations& violations) {
  const DayRange days = DaysOf(activity);
  if (days.last < days.first) {
    violations.Add("activity.ends_on", dangjian::reasons::kDatesOutOfOrder, "ends before it starts");
  }
  if (Counts(activity) && days.last > today) {
    violations.Add("activity.ends_on", dangjian::reasons::kDateInFuture, "an activity that was held ends after today");
  }
  CheckTimes("activity", activity.start_time(), activity.end_time(), violations);
  for (int i = 0; i < activity.outputs_size(); ++i) {
    work_rules::CheckOutput(absl::StrCat("activity.outputs[", i, "]"), activity.outputs(i), violations);
  }
  CheckFulfilments(activity, violations);
  // Bounds of the contract: 50 costs of at most 10^14 fen stay far below 2^63.
  int64_t total = 0;
  for (const v1::ActivityCost& cost : activity.costs()) total += cost.amount_fen();
  activity.set_total_cost_fen(total);
}

absl::Status CheckEditable(const v1::Activity& activity) {
  if (!IsClosed(activity)) return absl::OkStatus();
  return IllegalTransition(activity.name(), NameOf(activity.state()), "an update");
}

absl::Status Advance(v1::Activity& activity, v1::ActivityState wanted, const Step& step) {
  if (!MayEnter(activity, wanted)) return IllegalTransition(activity.name(), NameOf(activity.state()), NameOf(wanted));
  Day not_before = LastStepDay(activity.transitions());
  if (wanted == v1::ACTIVITY_STATE_HELD) not_before = std::max(not_before, DaysOf(activity).last);
  RETURN_IF_ERROR(CheckStep(step, not_before));
  activity.set_state(wanted);
  AddTransition(*activity.mutable_transitions(), NameOf(wanted), step);
  return absl::OkStatus();
}

}  // namespace dangjian::activity::activity_rules
