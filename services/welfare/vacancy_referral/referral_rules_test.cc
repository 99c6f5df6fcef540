#include "services/welfare/vacancy_referral/referral_rules.h"

#include "absl/strings/str_cat.h"
#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::referral_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using enum v1::ReferralOutcome;

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 11, 20)}; }

v1::VacancyReferral Referral(int month, v1::ReferralOutcome outcome) {
  v1::VacancyReferral referral;
  referral.set_name(absl::StrCat("vacancyReferrals/v-", month));
  *referral.mutable_referred_on() = DayToProto(Day::Of(2026, month, 1));
  EXPECT_THAT(Refer(referral, On(month, 1)), IsOk());
  if (outcome == REFERRAL_OUTCOME_UNSPECIFIED) return referral;
  EXPECT_THAT(SetOutcome(referral, outcome, On(month, 10)), IsOk());
  return referral;
}

TEST(ReferralRulesTest, HasOneOutcomeNotBeforeTheReferral) {
  v1::VacancyReferral referral = Referral(3, REFERRAL_OUTCOME_UNSPECIFIED);
  EXPECT_THAT(SetOutcome(referral, REFERRAL_OUTCOME_HIRED, On(2, 28)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(SetOutcome(referral, REFERRAL_OUTCOME_HIRED, On(3, 5)), IsOk());
  EXPECT_THAT(SetOutcome(referral, REFERRAL_OUTCOME_NOT_HIRED, On(3, 6)),
              HasReason(dangjian::reasons::kIllegalTransition));
  EXPECT_EQ(referral.outcome(), REFERRAL_OUTCOME_HIRED);
}

TEST(ReferralRulesTest, ThreeRefusalsInARowAreAFact) {
  const v1::VacancyReferral first = Referral(1, REFERRAL_OUTCOME_REFUSED_WITHOUT_REASON);
  const v1::VacancyReferral second = Referral(2, REFERRAL_OUTCOME_REFUSED_WITHOUT_REASON);
  const v1::VacancyReferral third = Referral(3, REFERRAL_OUTCOME_REFUSED_WITHOUT_REASON);
  const v1::VacancyReferral fourth = Referral(4, REFERRAL_OUTCOME_REFUSED_WITHOUT_REASON);
  EXPECT_EQ(CountRefusals({second, first}), (Refusals{2, std::nullopt}));
  EXPECT_EQ(CountRefusals({third, first, second}), (Refusals{3, Day::Of(2026, 3, 10)}));
  // A fourth leaves the day of the third; an open referral leaves the row as it is.
  EXPECT_EQ(CountRefusals({first, second, third, fourth, Referral(5, REFERRAL_OUTCOME_UNSPECIFIED)}),
            (Refusals{4, Day::Of(2026, 3, 10)}));
}

TEST(ReferralRulesTest, AnotherOutcomeEndsTheRow) {
  for (const auto outcome :
       {REFERRAL_OUTCOME_HIRED, REFERRAL_OUTCOME_NOT_HIRED, REFERRAL_OUTCOME_REFUSED_WITH_REASON}) {
    EXPECT_EQ(CountRefusals({Referral(1, REFERRAL_OUTCOME_REFUSED_WITHOUT_REASON),
                             Referral(2, REFERRAL_OUTCOME_REFUSED_WITHOUT_REASON), Referral(3, outcome),
                             Referral(4, REFERRAL_OUTCOME_REFUSED_WITHOUT_REASON)}),
              (Refusals{1, std::nullopt}));
  }
}

TEST(ReferralRulesTest, TheRegistrationShowsTheCount) {
  v1::UnemploymentRegistration registration;
  Enter(registration, {3, Day::Of(2026, 3, 10)});
  EXPECT_EQ(registration.refusals_in_row(), 3);
  EXPECT_EQ(DayFromProto(registration.third_refusal_on()), Day::Of(2026, 3, 10));
  Enter(registration, {0, std::nullopt});
  EXPECT_FALSE(registration.has_third_refusal_on());
}

}  // namespace
}  // namespace dangjian::welfare::referral_rules
