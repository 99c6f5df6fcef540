#include "services/activity/volunteer/volunteer_rules.h"

#include <algorithm>
#include <string_view>

#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::activity::volunteer_rules {
namespace {

constexpr int kFullAge = 18;

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

}  // namespace

void Initialize(v1::Volunteer& volunteer) {
  volunteer.set_state(v1::VOLUNTEER_STATE_REGISTERED);
  volunteer.clear_left_on();
  volunteer.clear_transitions();
}

void FlagMinor(v1::Volunteer& volunteer, std::optional<Day> birth) {
  if (!birth.has_value() || !volunteer.has_registered_on()) return;
  const google::type::Date born = DayToProto(*birth);
  const google::type::Date& on = volunteer.registered_on();
  const bool birthday_over = on.month() > born.month() || (on.month() == born.month() && on.day() >= born.day());
  const int age = on.year() - born.year() - (birthday_over ? 0 : 1);
  volunteer.set_minor(age < kFullAge);
}

void CheckContent(const v1::Volunteer& volunteer, Day today, Violations& violations) {
  const Day registered = DayOr(volunteer.registered_on(), today);
  if (registered > today) {
    violations.Add("volunteer.registered_on", dangjian::reasons::kDateInFuture, "registered after today");
  }
  if (DayOr(volunteer.consented_on(), registered) > registered) {
    violations.Add("volunteer.consented_on", reasons::kConsentAfterRegistration, "registered before the consent");
  }
  if (volunteer.minor() && !volunteer.has_guardian_consent()) {
    violations.Add("volunteer.guardian_consent", reasons::kGuardianConsentRequired, "a minor needs it");
  }
  if (DayOr(volunteer.guardian_consent().given_on(), registered) > registered) {
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
  return absl::OkStatus();
}

}  // namespace dangjian::activity::volunteer_rules
