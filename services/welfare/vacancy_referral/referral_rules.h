#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"
#include "dangjian/welfare/v1/vacancy_referral.pb.h"

// Referrals to vacancies and refusals in a row. Pure.

namespace dangjian::welfare::referral_rules {

// So many refusals without a reason in a row are a fact that other decisions may rest on: 社会救助暂行办法 art. 45 cuts
// or stops the benefit of someone who refuses suitable work three times running.
inline constexpr int32_t kRefusalsThatCount = 3;

// Sets what a new record starts with. DATE_IN_FUTURE.
absl::Status Refer(v1::VacancyReferral& referral, const Step& step);
// ILLEGAL_TRANSITION when there is an outcome, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status SetOutcome(v1::VacancyReferral& referral, v1::ReferralOutcome outcome, const Step& step);

struct Refusals {
  int32_t in_row = 0;            // since the last other outcome
  std::optional<Day> third_day;  // of the third in that row
  bool operator==(const Refusals&) const = default;
};
// Counts over all referrals of one registration, in any order; open ones do not interrupt a row.
Refusals CountRefusals(std::vector<v1::VacancyReferral> referrals);
// Enters the count in the registration.
void Enter(v1::UnemploymentRegistration& registration, const Refusals& refusals);

}  // namespace dangjian::welfare::referral_rules
