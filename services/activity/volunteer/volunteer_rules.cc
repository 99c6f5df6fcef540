#include "services/activity/volunteer/volunteer_rules.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/types/age.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::activity::volunteer_rules {
namespace {

std::string_view NameOf(v1::VolunteerState state) {
  return StripPrefix(v1::VolunteerState_Name(state), "VOLUNTEER_STATE_");
}

// 18 digits, the last perhaps an X, or the 15 of the old form.
bool LooksLikeCitizenNumber(std::string_view number) {
  if (number.size() != 18 && number.size() != 15) return false;
  if (number.size() == 18 && number.back() == 'X') number.remove_suffix(1);
  return std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
}

absl::Status Enter(v1::Volunteer& volunteer, v1::VolunteerState wanted, std::initializer_list<v1::VolunteerState> from,
                   const Step& step) {
  if (std::find(from.begin(), from.end(), volunteer.state()) == from.end()) {
    return IllegalTransition(volunteer.name(), NameOf(volunteer.state()), NameOf(wanted));
  }
  const Day registered = DayOr(volunteer.registered_on(), Day::Min());
  RETURN_IF_ERROR(CheckStep(step, std::max(registered, LastStepDay(volunteer.transitions()))));
  volunteer.set_state(wanted);
  AddTransition(*volunteer.mutable_transitions(), NameOf(wanted), step);
  return absl::OkStatus();
}

// Registered as a minor without a guardian's consent by then: the register said so only later.
bool LacksTimelyConsent(const v1::Volunteer& volunteer) {
  return volunteer.minor() &&
         (!volunteer.has_guardian_consent() ||
          DayOr(volunteer.guardian_consent().given_on(), Day::Min()) > DayOr(volunteer.registered_on(), Day::Max()));
}

}  // namespace

void Initialize(v1::Volunteer& volunteer) {
  volunteer.set_state(v1::VOLUNTEER_STATE_REGISTERED);
  volunteer.clear_left_on();
  volunteer.clear_transitions();
}

void CheckTyped(const v1::Volunteer& volunteer, const v1::Volunteer* current, std::optional<Day> birth,
                Violations& violations) {
  const bool typed = current == nullptr ? volunteer.minor() : volunteer.minor() != current->minor();
  if (!typed || !birth.has_value() || !volunteer.has_registered_on()) return;
  if (volunteer.minor() == IsMinor(*birth, DayOr(volunteer.registered_on(), Day()))) return;
  violations.Add("volunteer.minor", dangjian::reasons::kAgeContradictsRegister,
                 absl::StrCat("the register says ", volunteer.minor() ? "of full age" : "a minor"));
}

void FlagMinor(v1::Volunteer& volunteer, std::optional<Day> birth) {
  if (!birth.has_value() || !volunteer.has_registered_on()) return;
  volunteer.set_minor(IsMinor(*birth, DayOr(volunteer.registered_on(), Day())));
}

void FollowRegister(v1::Volunteer& volunteer, std::optional<Day> birth, Day today) {
  FlagMinor(volunteer, birth);
  const bool still_minor = volunteer.minor() && (!birth.has_value() || IsMinor(*birth, today));
  volunteer.set_guardian_consent_missing(still_minor && !volunteer.has_guardian_consent() &&
                                         volunteer.state() != v1::VOLUNTEER_STATE_LEFT);
}

absl::Status CheckConsent(const v1::Volunteer& volunteer, std::optional<Day> birth, Day day) {
  const bool minor = birth.has_value() ? IsMinor(*birth, day) : volunteer.minor();
  if (!minor || DayOr(volunteer.guardian_consent().given_on(), Day::Max()) <= day) return absl::OkStatus();
  return Error(reasons::kGuardianConsentRequired, absl::StrCat("no guardian had consented by ", FormatDay(day)),
               {{"resource", volunteer.name()}});
}

void CheckContent(const v1::Volunteer& volunteer, const v1::Volunteer* current, Day today, Violations& violations) {
  const Day registered = DayOr(volunteer.registered_on(), today);
  if (registered > today) {
    violations.Add("volunteer.registered_on", dangjian::reasons::kDateInFuture, "registered after today");
  }
  if (DayOr(volunteer.consented_on(), registered) > registered) {
    violations.Add("volunteer.consented_on", reasons::kConsentAfterRegistration, "registered before the consent");
  }
  if (volunteer.minor() && !volunteer.has_guardian_consent() &&
      (current == nullptr || current->has_guardian_consent() || volunteer.guardian_consent_missing())) {
    violations.Add("volunteer.guardian_consent", reasons::kGuardianConsentRequired, "a minor needs it");
  }
  const Day latest = current != nullptr && LacksTimelyConsent(*current) ? today : registered;
  if (DayOr(volunteer.guardian_consent().given_on(), registered) > latest) {
    violations.Add("volunteer.guardian_consent.given_on", reasons::kConsentAfterRegistration,
                   "registered before the consent");
  }
  if (LooksLikeCitizenNumber(volunteer.volunteer_no())) {
    violations.Add("volunteer.volunteer_no", reasons::kVolunteerNoIsCitizenNumber, "must not be the citizen number");
  }
}

absl::Status CheckEditable(const v1::Volunteer& volunteer) {
  if (volunteer.state() != v1::VOLUNTEER_STATE_LEFT) return absl::OkStatus();
  return IllegalTransition(volunteer.name(), NameOf(volunteer.state()), "an update");
}

absl::Status Activate(v1::Volunteer& volunteer, const Step& step) {
  return Enter(volunteer, v1::VOLUNTEER_STATE_ACTIVE, {v1::VOLUNTEER_STATE_REGISTERED, v1::VOLUNTEER_STATE_SUSPENDED},
               step);
}

absl::Status Suspend(v1::Volunteer& volunteer, const Step& step) {
  return Enter(volunteer, v1::VOLUNTEER_STATE_SUSPENDED, {v1::VOLUNTEER_STATE_ACTIVE}, step);
}

absl::Status Withdraw(v1::Volunteer& volunteer, const Step& step) {
  RETURN_IF_ERROR(Enter(volunteer, v1::VOLUNTEER_STATE_LEFT,
                        {v1::VOLUNTEER_STATE_REGISTERED, v1::VOLUNTEER_STATE_ACTIVE, v1::VOLUNTEER_STATE_SUSPENDED},
                        step));
  *volunteer.mutable_left_on() = DayToProto(step.day);
  volunteer.clear_guardian_consent_missing();
  return absl::OkStatus();
}

}  // namespace dangjian::activity::volunteer_rules
