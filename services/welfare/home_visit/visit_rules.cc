#include "services/welfare/home_visit/visit_rules.h"

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::welfare::visit_rules {
namespace {

std::string_view NameOf(v1::HomeVisitState state) {
  return StripPrefix(v1::HomeVisitState_Name(state), "HOME_VISIT_STATE_");
}

bool IsMade(const v1::HomeVisit& visit) {
  return visit.state() == v1::HOME_VISIT_STATE_DONE || visit.state() == v1::HOME_VISIT_STATE_NOT_AT_HOME;
}

v1::HomeVisitState StateOf(v1::HomeVisitFinding found) {
  if (found == v1::HOME_VISIT_FINDING_HOME) return v1::HOME_VISIT_STATE_DONE;
  if (found == v1::HOME_VISIT_FINDING_NOT_AT_HOME) return v1::HOME_VISIT_STATE_NOT_AT_HOME;
  return v1::HOME_VISIT_STATE_PLANNED;
}

void CheckLists(const v1::HomeVisit& visit, Violations& violations) {
  absl::flat_hash_set<int> seen_reasons;
  for (int i = 0; i < visit.reasons_size(); ++i) {
    if (visit.reasons(i) == v1::HOME_VISIT_REASON_UNSPECIFIED) {
      violations.Add(absl::StrCat("home_visit.reasons[", i, "]"), dangjian::reasons::kRequired, "name the reason");
    } else if (!seen_reasons.insert(visit.reasons(i)).second) {
      violations.Add(absl::StrCat("home_visit.reasons[", i, "]"), reasons::kDuplicateVisitReason,
                     absl::StrCat(v1::HomeVisitReason_Name(visit.reasons(i)), " is given twice"));
    }
  }
  absl::flat_hash_set<std::string> seen_visitors;
  for (int i = 0; i < visit.visitors_size(); ++i) {
    if (seen_visitors.insert(visit.visitors(i)).second) continue;
    violations.Add(absl::StrCat("home_visit.visitors[", i, "]"), reasons::kDuplicateVisitor,
                   absl::StrCat(visit.visitors(i), " is named twice"));
  }
}

// Of a visit that was made.
void CheckMade(const v1::HomeVisit& visit, Day today, Violations& violations) {
  if (visit.visitors().empty()) {
    violations.Add("home_visit.visitors", dangjian::reasons::kRequired, "say who visited");
  }
  if (!visit.has_occurred_on()) {
    violations.Add("home_visit.occurred_on", dangjian::reasons::kRequired, "give the day of the visit");
    return;
  }
  const Day day = DayOr(visit.occurred_on(), Day());
  if (day > today) {
    violations.Add("home_visit.occurred_on", dangjian::reasons::kDateInFuture, "the visit lies after today");
  }
  if (day < DayOr(visit.fact_on(), Day::Min())) {
    violations.Add("home_visit.occurred_on", dangjian::reasons::kStepsOutOfOrder,
                   "the visit is before the fact that demanded it");
  }
  if (DayOr(visit.follow_up_due(), Day::Max()) < day) {
    violations.Add("home_visit.follow_up_due", dangjian::reasons::kDatesOutOfOrder, "before the visit");
  }
}

}  // namespace

void Initialize(v1::HomeVisit& visit) {
  visit.set_state(StateOf(visit.found()));
  visit.clear_outcome();
  visit.clear_fact_on();
  visit.clear_transitions();
}

void CheckContent(const v1::HomeVisit& visit, Day today, Violations& violations) {
  CheckLists(visit, violations);
  if (IsMade(visit)) return CheckMade(visit, today, violations);
  if (visit.has_occurred_on()) {
    violations.Add("home_visit.found", reasons::kVisitFindingRequired,
                   "a visit with a day was made: say what was found; a planned one has due_on");
  }
  if (DayOr(visit.due_on(), Day::Max()) < DayOr(visit.fact_on(), Day::Min())) {
    violations.Add("home_visit.due_on", dangjian::reasons::kDatesOutOfOrder, "before the fact that demands the visit");
  }
}

absl::Status CheckHousehold(const registry::v1::Household& household, Day day, bool within) {
  std::string_view why;
  if (!within) {
    why = "is not in the area of the visiting organisation";
  } else if (household.state() == registry::v1::HOUSEHOLD_STATE_MERGED_DUPLICATE) {
    why = "was entered twice: use the record that stays";
  } else if (day < DayOr(household.registered_on(), Day::Min())) {
    why = "was not registered yet";
  } else if (day >= DayOr(household.ended_on(), Day::Max())) {
    why = "no longer counted in the area";
  } else {
    return absl::OkStatus();
  }
  return Error(reasons::kHouseholdNotInArea,
               absl::StrCat(household.name(), " ", absl::string_view(why.data(), why.size()), " on ", FormatDay(day)),
               {{"household", household.name()}, {"merged_into", household.merged_into()}});
}

absl::Status CheckEditable(const v1::HomeVisit& visit) {
  if (visit.state() != v1::HOME_VISIT_STATE_CLOSED) return absl::OkStatus();
  return IllegalTransition(visit.name(), NameOf(visit.state()), "an update");
}

bool Counts(const v1::HomeVisit& visit) { return visit.found() == v1::HOME_VISIT_FINDING_HOME; }

void Begin(v1::HomeVisit& visit, const Step& step) {
  AddTransition(*visit.mutable_transitions(), NameOf(visit.state()), step);
}

absl::Status Make(v1::HomeVisit& visit, v1::HomeVisitFinding found, const Step& step) {
  if (visit.state() != v1::HOME_VISIT_STATE_PLANNED) {
    return IllegalTransition(visit.name(), NameOf(visit.state()), NameOf(StateOf(found)));
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(visit.fact_on(), Day::Min())));
  visit.set_state(StateOf(found));
  visit.set_found(found);
  *visit.mutable_occurred_on() = DayToProto(step.day);
  Begin(visit, step);
  return absl::OkStatus();
}

absl::Status Close(v1::HomeVisit& visit, std::string_view outcome, const Step& step) {
  if (!IsMade(visit)) return IllegalTransition(visit.name(), NameOf(visit.state()), "CLOSED");
  RETURN_IF_ERROR(CheckStep(step, DayOr(visit.occurred_on(), Day::Min())));
  visit.set_state(v1::HOME_VISIT_STATE_CLOSED);
  visit.set_outcome(std::string(outcome));
  AddTransition(*visit.mutable_transitions(), NameOf(visit.state()), step);
  return absl::OkStatus();
}

}  // namespace dangjian::welfare::visit_rules
