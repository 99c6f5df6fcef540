#include "services/welfare/vacancy_referral/referral_rules.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::welfare::referral_rules {
namespace {

std::string_view NameOf(v1::ReferralOutcome outcome) {
  return StripPrefix(v1::ReferralOutcome_Name(outcome), "REFERRAL_OUTCOME_");
}

}  // namespace

absl::Status Refer(v1::VacancyReferral& referral, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  referral.clear_outcome();
  referral.clear_outcome_on();
  referral.clear_transitions();
  AddTransition(*referral.mutable_transitions(), "REFERRED", step);
  return absl::OkStatus();
}

absl::Status SetOutcome(v1::VacancyReferral& referral, v1::ReferralOutcome outcome, const Step& step) {
  if (referral.outcome() != v1::REFERRAL_OUTCOME_UNSPECIFIED) {
    return IllegalTransition(referral.name(), NameOf(referral.outcome()), NameOf(outcome));
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(referral.referred_on(), Day::Min())));
  referral.set_outcome(outcome);
  *referral.mutable_outcome_on() = DayToProto(step.day);
  AddTransition(*referral.mutable_transitions(), NameOf(outcome), step);
  return absl::OkStatus();
}

Refusals CountRefusals(std::vector<v1::VacancyReferral> referrals) {
  // Referrals follow one another: by the day of referral, and on one day by that of the outcome.
  std::stable_sort(referrals.begin(), referrals.end(), [](const v1::VacancyReferral& a, const v1::VacancyReferral& b) {
    const Day first = DayOr(a.referred_on(), Day::Max()), second = DayOr(b.referred_on(), Day::Max());
    return first != second ? first < second : DayOr(a.outcome_on(), Day::Max()) < DayOr(b.outcome_on(), Day::Max());
  });
  Refusals refusals;
  for (const v1::VacancyReferral& referral : referrals) {
    if (referral.outcome() == v1::REFERRAL_OUTCOME_UNSPECIFIED) continue;
    if (referral.outcome() != v1::REFERRAL_OUTCOME_REFUSED_WITHOUT_REASON) {
      refusals = Refusals();
      continue;
    }
    if (++refusals.in_row == kRefusalsThatCount) refusals.third_day = DayFromProto(referral.outcome_on());
  }
  return refusals;
}

void Enter(v1::UnemploymentRegistration& registration, const Refusals& refusals) {
  registration.set_refusals_in_row(refusals.in_row);
  registration.clear_third_refusal_on();
  if (refusals.third_day.has_value()) *registration.mutable_third_refusal_on() = DayToProto(*refusals.third_day);
}

}  // namespace dangjian::welfare::referral_rules
