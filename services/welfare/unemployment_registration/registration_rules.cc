#include "services/welfare/unemployment_registration/registration_rules.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/age.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "common/types/month.h"

namespace dangjian::welfare::registration_rules {
namespace {

constexpr int kYearsNearRetirement = 10;
constexpr int kForty = 40;  // women, of “4050”
constexpr int kFifty = 50;  // men

std::string_view NameOf(v1::UnemploymentState state) {
  return StripPrefix(v1::UnemploymentState_Name(state), "UNEMPLOYMENT_STATE_");
}

std::string PartName(v1::HardToEmployType type, std::string_view state) {
  return absl::StrCat(ToAbsl(StripPrefix(v1::HardToEmployType_Name(type), "HARD_TO_EMPLOY_TYPE_")), ":", ToAbsl(state));
}

void Enter(Registration& registration, v1::UnemploymentState state, const Step& step) {
  registration.set_state(state);
  AddTransition(*registration.mutable_transitions(), NameOf(state), step);
}

absl::Status EndWith(Registration& registration, v1::UnemploymentState state, const Step& step) {
  if (!IsOpen(registration)) return IllegalTransition(registration.name(), NameOf(registration.state()), NameOf(state));
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(registration.transitions())));
  Enter(registration, state, step);
  registration.clear_engagement();
  registration.clear_age_contradicted();
  *registration.mutable_closed_on() = DayToProto(step.day);
  return absl::OkStatus();
}

bool Holds(const v1::HardToEmployCertification& certification, Day day) {
  return DayOr(certification.certified_on(), Day::Max()) <= day && day <= DayOr(certification.ended_on(), Day::Max());
}

// The correction of a step takes effect on the day of the step itself, so that later days stay open for entry.
Step Correction(const Registration& registration, const Step& step) {
  Step correction = step;
  correction.day = LastStepDay(registration.transitions());
  return correction;
}

// The last open state that it was in; training or a referral only while that is still under way.
v1::UnemploymentState StateBeforePlacement(const Registration& registration) {
  v1::UnemploymentState before = v1::UNEMPLOYMENT_STATE_REGISTERED;
  for (const common::v1::Transition& transition : registration.transitions()) {
    v1::UnemploymentState each = v1::UNEMPLOYMENT_STATE_UNSPECIFIED;
    if (!v1::UnemploymentState_Parse(absl::StrCat("UNEMPLOYMENT_STATE_", transition.state()), &each)) continue;
    // The open states of the contract come before those that end it.
    if (each < v1::UNEMPLOYMENT_STATE_EMPLOYED) before = each;
  }
  const bool engaged = before == v1::UNEMPLOYMENT_STATE_IN_TRAINING || before == v1::UNEMPLOYMENT_STATE_REFERRED;
  return engaged && registration.engagement().empty() ? v1::UNEMPLOYMENT_STATE_ACTIVE : before;
}

// The first registration of the person that was made after this one or is open; nullptr when there is none. One that
// had ended when this one did, on `closed`, is not a new one.
const Registration* RegisteredAnew(const Registration& registration, Day closed,
                                   const std::vector<Registration>& others) {
  const Registration* first = nullptr;
  for (const Registration& other : others) {
    const Day day = DayOr(other.registered_on(), Day::Min());
    const bool later = day >= DayOr(registration.registered_on(), Day::Min());
    if (other.name() == registration.name() || (!later && !IsOpen(other))) continue;
    if (DayOr(other.closed_on(), Day::Max()) <= closed) continue;
    if (first == nullptr || day < DayOr(first->registered_on(), Day::Min())) first = &other;
  }
  return first;
}

}  // namespace

absl::StatusOr<working_age::Person> PersonOf(const registry::v1::Resident& resident, v1::PostCategory post) {
  const std::optional<Day> born = DayFromProto(resident.birth_date());
  const bool man = resident.sex() == registry::v1::SEX_MALE;
  if (!born.has_value() || (!man && resident.sex() != registry::v1::SEX_FEMALE)) {
    return Error(reasons::kAgeNotKnown, "the resident's record lacks the date of birth or the sex",
                 {{"resource", resident.name()}});
  }
  if (man) return working_age::Person{*born, working_age::Group::kMan};
  if (post == v1::POST_CATEGORY_UNSPECIFIED) {
    Violations violations;
    violations.Add("unemployment_registration.post_category", dangjian::reasons::kRequired,
                   "women's retirement age follows from their post");
    return violations.ToStatus();
  }
  return working_age::Person{
      *born, post == v1::POST_CATEGORY_CADRE ? working_age::Group::kWomanCadre : working_age::Group::kWomanWorker};
}

absl::Status Admit(Registration& registration, const working_age::Person& person, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  RETURN_IF_ERROR(working_age::Check(person, step.day));
  registration.clear_certifications();
  registration.clear_refusals_in_row();
  registration.clear_third_refusal_on();
  registration.clear_closed_on();
  registration.clear_placement();
  registration.clear_subsidised_job();
  registration.clear_engagement();
  registration.clear_age_contradicted();
  registration.clear_transitions();
  *registration.mutable_retires_on() = DayToProto(working_age::RetirementDay(person, step.day));
  Enter(registration, v1::UNEMPLOYMENT_STATE_REGISTERED, step);
  return absl::OkStatus();
}

void FollowRegister(Registration& registration, const working_age::Person& person) {
  const Day registered = DayOr(registration.registered_on(), Day::Min());
  *registration.mutable_retires_on() = DayToProto(working_age::RetirementDay(person, registered));
  const auto contradicted = [&](const v1::HardToEmployCertification& each) {
    return !each.has_ended_on() && !CheckTypeAge(each.type(), person, DayOr(each.certified_on(), registered)).ok();
  };
  registration.set_age_contradicted(
      IsOpen(registration) &&
      (!working_age::Check(person, registered).ok() ||
       std::any_of(registration.certifications().begin(), registration.certifications().end(), contradicted)));
}

bool IsOpen(const Registration& registration) { return !registration.has_closed_on(); }

absl::Status RequireOpen(const Registration& registration) {
  if (IsOpen(registration)) return absl::OkStatus();
  return Error(reasons::kUnemploymentRegistrationClosed,
               absl::StrCat("the registration is ", ToAbsl(NameOf(registration.state()))),
               {{"resource", registration.name()}, {"state", std::string(NameOf(registration.state()))}});
}

bool IsHardToEmploy(const Registration& registration, Day day) {
  if (day > DayOr(registration.closed_on(), Day::Max())) return false;
  return std::any_of(registration.certifications().begin(), registration.certifications().end(),
                     [day](const v1::HardToEmployCertification& each) { return Holds(each, day); });
}

absl::Status Activate(Registration& registration, const Step& step) {
  if (registration.state() != v1::UNEMPLOYMENT_STATE_REGISTERED) {
    return IllegalTransition(registration.name(), NameOf(registration.state()), "an activation");
  }
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(registration.transitions())));
  Enter(registration, v1::UNEMPLOYMENT_STATE_ACTIVE, step);
  return absl::OkStatus();
}

absl::Status Certify(Registration& registration, const v1::HardToEmployCertification& certification, const Step& step) {
  if (certification.type() == v1::HARD_TO_EMPLOY_TYPE_DISABLED) {
    Violations violations;
    violations.Add("type", dangjian::reasons::kSensitiveFieldNotAccepted, "health facts are not accepted yet");
    return violations.ToStatus();
  }
  RETURN_IF_ERROR(RequireOpen(registration));
  RETURN_IF_ERROR(CheckStep(
      step, std::max(DayOr(registration.registered_on(), Day::Min()), DayOr(certification.evidence_on(), Day::Min()))));
  for (const v1::HardToEmployCertification& each : registration.certifications()) {
    // One that ended before the day leaves the day free; any other would overlap, for the new one has no end yet.
    if (each.type() != certification.type() || DayOr(each.ended_on(), Day::Max()) < step.day) continue;
    return Error(reasons::kAlreadyCertified, "a certification of this type holds on that day or later",
                 {{"resource", registration.name()}});
  }
  v1::HardToEmployCertification& added = *registration.add_certifications();
  added = certification;
  added.clear_ended_on();
  *added.mutable_certified_on() = DayToProto(step.day);
  AddTransition(*registration.mutable_transitions(), PartName(certification.type(), "CERTIFIED"), step);
  return absl::OkStatus();
}

bool RestsOnAge(v1::HardToEmployType type) {
  return type == v1::HARD_TO_EMPLOY_TYPE_NEAR_RETIREMENT || type == v1::HARD_TO_EMPLOY_TYPE_FORTY_FIFTY;
}

absl::Status CheckTypeAge(v1::HardToEmployType type, const working_age::Person& person, Day day) {
  if (!RestsOnAge(type)) return absl::OkStatus();
  const bool man = person.group == working_age::Group::kMan;
  const bool of_age = type == v1::HARD_TO_EMPLOY_TYPE_NEAR_RETIREMENT
                          ? AddMonths(working_age::RetirementDay(person, day), -12 * kYearsNearRetirement) <= day
                          : HasReachedAge(person.born, man ? kFifty : kForty, day);
  if (of_age) return absl::OkStatus();
  Violations violations;
  violations.Add("type", dangjian::reasons::kAgeContradictsRegister, "the person is not of that age on that day");
  return violations.ToStatus();
}

absl::Status EndCertification(Registration& registration, v1::HardToEmployType type, const Step& step) {
  for (v1::HardToEmployCertification& each : *registration.mutable_certifications()) {
    if (each.type() != type || each.has_ended_on()) continue;
    RETURN_IF_ERROR(CheckStep(step, DayOr(each.certified_on(), Day::Min())));
    *each.mutable_ended_on() = DayToProto(step.day);
    AddTransition(*registration.mutable_transitions(), PartName(type, "ENDED"), step);
    return absl::OkStatus();
  }
  return Error(reasons::kNotCertified, "there is no such certification without an end",
               {{"resource", registration.name()}});
}

absl::Status Close(Registration& registration, v1::UnemploymentState outcome, const Step& step) {
  if (outcome != v1::UNEMPLOYMENT_STATE_WITHDRAWN && outcome != v1::UNEMPLOYMENT_STATE_DECEASED) {
    Violations violations;
    violations.Add("outcome", dangjian::reasons::kOutOfBounds, "must be WITHDRAWN, RETIRED or DECEASED");
    return violations.ToStatus();
  }
  return EndWith(registration, outcome, step);
}

absl::Status Retire(Registration& registration, const working_age::Person& person, const Step& step) {
  if (step.day < working_age::RetirementDay(person, step.day)) {
    return Error(reasons::kRetirementAgeNotReached, "the person has not reached the retirement age on that day",
                 {{"resource", registration.name()}});
  }
  return EndWith(registration, v1::UNEMPLOYMENT_STATE_RETIRED, step);
}

absl::Status Begin(Registration& registration, v1::UnemploymentState state, std::string_view engagement,
                   const Step& step) {
  RETURN_IF_ERROR(RequireOpen(registration));
  if (registration.state() != v1::UNEMPLOYMENT_STATE_REGISTERED &&
      registration.state() != v1::UNEMPLOYMENT_STATE_ACTIVE) {
    return IllegalTransition(registration.name(), NameOf(registration.state()), NameOf(state));
  }
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(registration.transitions())));
  Enter(registration, state, step);
  registration.set_engagement(std::string(engagement));
  return absl::OkStatus();
}

absl::Status End(Registration& registration, std::string_view engagement, const Step& step) {
  if (registration.engagement() != engagement) return absl::OkStatus();
  if (IsOpen(registration)) {
    RETURN_IF_ERROR(CheckStep(step, LastStepDay(registration.transitions())));
    Enter(registration, v1::UNEMPLOYMENT_STATE_ACTIVE, step);
  }
  registration.clear_engagement();
  return absl::OkStatus();
}

void TakeBack(Registration& registration, std::string_view engagement, const Step& step) {
  if (registration.engagement() != engagement) return;
  if (IsOpen(registration)) Enter(registration, v1::UNEMPLOYMENT_STATE_ACTIVE, Correction(registration, step));
  registration.clear_engagement();
}

absl::Status Place(Registration& registration, v1::UnemploymentState state, std::string_view placement,
                   const Step& step) {
  RETURN_IF_ERROR(RequireOpen(registration));
  const std::string engagement = registration.engagement();
  RETURN_IF_ERROR(EndWith(registration, state, step));
  registration.set_placement(std::string(placement));
  registration.set_engagement(engagement);
  return absl::OkStatus();
}

absl::Status UndoPlacement(Registration& registration, std::string_view placement,
                           const std::vector<Registration>& others, const Step& step) {
  if (registration.placement() != placement) return absl::OkStatus();
  Enter(registration, StateBeforePlacement(registration), Correction(registration, step));
  registration.clear_placement();
  const Day closed = DayOr(registration.closed_on(), Day::Min());
  registration.clear_closed_on();
  const Registration* anew = RegisteredAnew(registration, closed, others);
  if (anew == nullptr) return absl::OkStatus();
  Step replaced = step;
  replaced.day = std::max(LastStepDay(registration.transitions()), DayOr(anew->registered_on(), Day::Min()));
  replaced.reason = absl::StrCat("replaced by ", anew->name());
  return EndWith(registration, v1::UNEMPLOYMENT_STATE_WITHDRAWN, replaced);
}

}  // namespace dangjian::welfare::registration_rules
