#include "services/welfare/mls_case/mls_ages.h"

#include "common/testing/matchers.h"
#include "common/types/age.h"
#include "common/types/date.h"
#include "services/welfare/mls_case/mls_life.h"

namespace dangjian::welfare::mls {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::Proto;
using testing::ViolationsOf;

const Day kBorn = Day::Of(2008, 3, 5);  // 18 on 5 March 2026
const Day kComesOfAge = Day::Of(2026, 3, 5);

// One member, of whom the register knows the day of birth.
v1::MlsBenefitInputs Family(const std::string& more, std::optional<Day> born = kBorn) {
  auto inputs = Proto<v1::MlsBenefitInputs>("family { resident: 'residents/a' category: MLS_FAMILY_CATEGORY_COUNTED " +
                                            more + " }");
  if (born.has_value()) *inputs.mutable_family(0)->mutable_birth_date() = DayToProto(*born);
  return inputs;
}

absl::Status Typed(const v1::MlsBenefitInputs& inputs, Day day, const v1::MlsBenefitInputs* current = nullptr) {
  Violations violations;
  CheckTypedAges(inputs, current, day, "inputs", violations);
  return violations.ToStatus();
}

TEST(MlsAgesTest, TheRegisterDecidesWhoIsAMinorAndWhatIsTypedWhereItIsSilent) {
  EXPECT_TRUE(IsMinorOn(Family("").family(0), kComesOfAge - 1));
  EXPECT_FALSE(IsMinorOn(Family("minor: true").family(0), kComesOfAge));
  EXPECT_TRUE(IsMinorOn(Family("minor: true", std::nullopt).family(0), kComesOfAge));
  v1::MlsBenefitInputs inputs = Family("");
  SetMinors(kComesOfAge - 1, inputs);
  EXPECT_TRUE(inputs.family(0).minor()) << "filled in";
  SetMinors(kComesOfAge, inputs);
  EXPECT_FALSE(inputs.family(0).minor());
}

TEST(MlsAgesTest, WhatIsTypedDoesNotContradictTheRegister) {
  EXPECT_THAT(ViolationsOf(Typed(Family("minor: true"), kComesOfAge)),
              ::testing::ElementsAre("inputs.family[0].minor AGE_CONTRADICTS_REGISTER"));
  EXPECT_THAT(Typed(Family("minor: true"), kComesOfAge - 1), IsOk());
  EXPECT_THAT(Typed(Family("minor: true", std::nullopt), kComesOfAge), IsOk());
  EXPECT_THAT(Typed(Family("able_to_work: true"), Day::Of(2024, 3, 5)), IsOk()) << "16 on that day";
  EXPECT_THAT(ViolationsOf(Typed(Family("able_to_work: true"), Day::Of(2024, 3, 4))),
              ::testing::ElementsAre("inputs.family[0].able_to_work AGE_CONTRADICTS_REGISTER"));
  const v1::MlsBenefitInputs current = Family("minor: true");
  EXPECT_THAT(Typed(Family("minor: true"), kComesOfAge, &current), IsOk()) << "read and sent back";
}

TEST(MlsAgesTest, OneWhoComesOfAgeMustAuthorise) {
  v1::MlsCase row;
  *row.mutable_inputs() = Family("minor: true");
  EXPECT_THAT(CheckAuthorised(row, kComesOfAge - 1), IsOk());
  EXPECT_THAT(CheckAuthorised(row, kComesOfAge), HasReason(reasons::kAuthorisationMissing));
  *row.mutable_inputs()->mutable_family(0)->mutable_authorised_on() = DayToProto(kComesOfAge + 7);
  EXPECT_THAT(CheckAuthorised(row, kComesOfAge), HasReason(reasons::kAuthorisationMissing));
  EXPECT_THAT(CheckAuthorised(row, kComesOfAge, kComesOfAge + 7), IsOk());
  row.mutable_inputs()->mutable_family(0)->set_category(v1::MLS_FAMILY_CATEGORY_EXCLUDED);
  EXPECT_THAT(CheckAuthorised(row, kComesOfAge), IsOk());
}

TEST(MlsAgesTest, TheDayOfTheAges) {
  const Day today = Day::Of(2026, 11, 20);
  v1::MlsCase row;
  row.set_state(v1::MLS_CASE_STATE_DRAFT);
  *row.mutable_inputs() = Family("");
  EXPECT_EQ(AgeDay(row, today), today);
  *row.mutable_inputs()->mutable_family(0)->mutable_authorised_on() = DayToProto(Day::Of(2005, 10, 8));
  EXPECT_EQ(AgeDay(row, today), Day::Of(2005, 10, 8)) << "an application of before is entered";
  *row.mutable_inputs()->mutable_family(0)->mutable_authorised_on() = DayToProto(today + 1);
  EXPECT_EQ(AgeDay(row, today), today);
  row.set_state(v1::MLS_CASE_STATE_ACCEPTED);
  *row.add_transitions()->mutable_occurred_on() = DayToProto(Day::Of(2005, 10, 10));
  EXPECT_EQ(AgeDay(row, today), Day::Of(2005, 10, 10));
  v1::MlsDecision& grant = *row.add_decisions();
  grant.set_kind(v1::MLS_DECISION_KIND_GRANT);
  *grant.mutable_decided_on() = DayToProto(Day::Of(2005, 11, 1));
  row.add_decisions()->set_kind(v1::MLS_DECISION_KIND_SUSPEND);
  EXPECT_EQ(AgeDay(row, today), Day::Of(2005, 11, 1));
}

TEST(MlsAgesTest, TopUpsAreForTheirAges) {
  const auto rules = [](const std::string& top_up) {
    return Proto<v1::MlsRuleSet>("top_ups { " + top_up + " percent_bp: 1000 }");
  };
  const auto check = [](const std::string& code, const v1::MlsRuleSet& rule_set, Day day) {
    return CheckTopUpAges(Family("top_up_codes: '" + code + "'"), rule_set, day);
  };
  EXPECT_THAT(check("MINOR", rules("code: 'MINOR'"), kComesOfAge - 1), IsOk());
  EXPECT_THAT(check("MINOR", rules("code: 'MINOR'"), kComesOfAge), HasReason("AGE_CONTRADICTS_REGISTER"));
  EXPECT_THAT(check("ELDERLY", rules("code: 'ELDERLY'"), Day::Of(2068, 3, 4)), HasReason("AGE_CONTRADICTS_REGISTER"));
  EXPECT_THAT(check("ELDERLY", rules("code: 'ELDERLY'"), Day::Of(2068, 3, 5)), IsOk());
  EXPECT_THAT(check("ELDERLY", rules("code: 'ELDERLY' from_age: 70"), Day::Of(2068, 3, 5)),
              HasReason("AGE_CONTRADICTS_REGISTER"));
  EXPECT_THAT(check("SCHOOL", rules("code: 'SCHOOL' from_age: 6 below_age: 16"), Day::Of(2024, 3, 4)), IsOk());
  EXPECT_THAT(check("SCHOOL", rules("code: 'SCHOOL' from_age: 6 below_age: 16"), Day::Of(2024, 3, 5)),
              HasReason("AGE_CONTRADICTS_REGISTER"));
  EXPECT_THAT(check("SINGLE_PARENT", rules("code: 'SINGLE_PARENT'"), kComesOfAge), IsOk());
  EXPECT_THAT(CheckTopUpAges(Family("top_up_codes: 'MINOR'", std::nullopt), rules("code: 'MINOR'"), kComesOfAge),
              IsOk())
      << "nobody knows better";
}

}  // namespace
}  // namespace dangjian::welfare::mls
