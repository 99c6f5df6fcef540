#include "services/welfare/pairing/pairing_rules.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/welfare/counted/counted.h"

namespace dangjian::welfare::pairing_rules {
namespace {

std::string_view NameOf(v1::AssistancePairingState state) {
  return StripPrefix(v1::AssistancePairingState_Name(state), "ASSISTANCE_PAIRING_STATE_");
}

absl::Status Require(const v1::AssistancePairing& pairing, v1::AssistancePairingState state, std::string_view verb) {
  if (pairing.state() == state) return absl::OkStatus();
  return IllegalTransition(pairing.name(), NameOf(pairing.state()), verb);
}

void Enter(v1::AssistancePairing& pairing, v1::AssistancePairingState state, const Step& step) {
  pairing.set_state(state);
  AddTransition(*pairing.mutable_transitions(), NameOf(state), step);
}

// Opens a range of active days; days that follow the last range without a gap go on with it.
void OpenDays(v1::AssistancePairing& pairing, Day first) {
  if (pairing.active_days_size() > 0) {
    v1::ActiveDays& last = *pairing.mutable_active_days(pairing.active_days_size() - 1);
    if (first <= DayOr(last.end_date(), Day::Min()) + 1) return last.clear_end_date();
  }
  *pairing.add_active_days()->mutable_start_date() = DayToProto(first);
}

void CloseDays(v1::AssistancePairing& pairing, Day last) {
  *pairing.mutable_active_days(pairing.active_days_size() - 1)->mutable_end_date() = DayToProto(last);
}

// One household, however it is named.
const std::string& CountedHousehold(const v1::AssistancePairing& pairing) {
  return CountedName(pairing.household(), pairing.counted_household());
}

bool SharesMember(const v1::AssistancePairing& a, const v1::AssistancePairing& b) {
  return std::any_of(a.members().begin(), a.members().end(), [&b](const std::string& member) {
    return std::find(b.members().begin(), b.members().end(), member) != b.members().end();
  });
}

}  // namespace

void Initialize(v1::AssistancePairing& pairing) {
  pairing.set_state(v1::ASSISTANCE_PAIRING_STATE_PROPOSED);
  pairing.clear_active_days();
  pairing.clear_ended_on();
  pairing.clear_end_reason();
  pairing.clear_transitions();
}

void CheckContent(const v1::AssistancePairing& pairing, Day today, Violations& violations) {
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < pairing.members_size(); ++i) {
    if (seen.insert(pairing.members(i)).second) continue;
    violations.Add(absl::StrCat("pairing.members[", i, "]"), reasons::kDuplicatePairingMember,
                   absl::StrCat(pairing.members(i), " is named twice"));
  }
  if (DayOr(pairing.proposed_on(), today) > today) {
    violations.Add("pairing.proposed_on", dangjian::reasons::kDateInFuture, "agreed on after today");
  }
}

absl::Status CheckChange(const v1::AssistancePairing& current, const v1::AssistancePairing& updated) {
  if (current.state() == v1::ASSISTANCE_PAIRING_STATE_PROPOSED) return absl::OkStatus();
  const bool same = std::equal(current.members().begin(), current.members().end(), updated.members().begin(),
                               updated.members().end()) &&
                    DayOr(current.proposed_on(), Day::Min()) == DayOr(updated.proposed_on(), Day::Min());
  if (same) return absl::OkStatus();
  return IllegalTransition(current.name(), NameOf(current.state()), "a change of members or of the day of agreement");
}

absl::Status CheckNotPaired(const v1::AssistancePairing& pairing, const v1::AssistancePairing& other, Day from) {
  if (other.name() == pairing.name() || CountedHousehold(other) != CountedHousehold(pairing) ||
      !SharesMember(pairing, other)) {
    return absl::OkStatus();
  }
  // One that is paused still binds the two: it is to be taken up again, not doubled.
  const bool paused = other.state() == v1::ASSISTANCE_PAIRING_STATE_PAUSED;
  const std::vector<DayRange> days = ActiveDays(other);
  if (!paused && (days.empty() || days.back().last < from)) return absl::OkStatus();
  return Error(reasons::kAlreadyPaired, absl::StrCat(other.name(), " pairs a member with this household already"),
               {{"resource", pairing.name()}, {"other", other.name()}});
}

absl::Status Activate(v1::AssistancePairing& pairing, const Step& step) {
  RETURN_IF_ERROR(Require(pairing, v1::ASSISTANCE_PAIRING_STATE_PROPOSED, "ACTIVE"));
  RETURN_IF_ERROR(CheckStep(step, DayOr(pairing.proposed_on(), Day::Min())));
  OpenDays(pairing, step.day);
  Enter(pairing, v1::ASSISTANCE_PAIRING_STATE_ACTIVE, step);
  return absl::OkStatus();
}

absl::Status Pause(v1::AssistancePairing& pairing, const Step& step) {
  RETURN_IF_ERROR(Require(pairing, v1::ASSISTANCE_PAIRING_STATE_ACTIVE, "PAUSED"));
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(pairing.transitions())));
  CloseDays(pairing, step.day);
  Enter(pairing, v1::ASSISTANCE_PAIRING_STATE_PAUSED, step);
  return absl::OkStatus();
}

absl::Status Resume(v1::AssistancePairing& pairing, const Step& step) {
  RETURN_IF_ERROR(Require(pairing, v1::ASSISTANCE_PAIRING_STATE_PAUSED, "ACTIVE"));
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(pairing.transitions())));
  OpenDays(pairing, step.day);
  Enter(pairing, v1::ASSISTANCE_PAIRING_STATE_ACTIVE, step);
  return absl::OkStatus();
}

absl::Status End(v1::AssistancePairing& pairing, v1::PairingEndReason reason, const Step& step) {
  const bool active = pairing.state() == v1::ASSISTANCE_PAIRING_STATE_ACTIVE;
  if (!active) RETURN_IF_ERROR(Require(pairing, v1::ASSISTANCE_PAIRING_STATE_PAUSED, "ENDED"));
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(pairing.transitions())));
  if (active) CloseDays(pairing, step.day);
  *pairing.mutable_ended_on() = DayToProto(step.day);
  pairing.set_end_reason(reason);
  Enter(pairing, v1::ASSISTANCE_PAIRING_STATE_ENDED, step);
  return absl::OkStatus();
}

std::vector<DayRange> ActiveDays(const v1::AssistancePairing& pairing) {
  std::vector<DayRange> ranges;
  ranges.reserve(static_cast<size_t>(pairing.active_days_size()));
  for (const v1::ActiveDays& days : pairing.active_days()) {
    ranges.push_back({DayOr(days.start_date(), Day::Min()), DayOr(days.end_date(), Day::Max())});
  }
  return ranges;
}

bool IsActiveOn(const v1::AssistancePairing& pairing, Day day) {
  const std::vector<DayRange> ranges = ActiveDays(pairing);
  return std::any_of(ranges.begin(), ranges.end(), [day](const DayRange& range) { return range.Contains(day); });
}

}  // namespace dangjian::welfare::pairing_rules
