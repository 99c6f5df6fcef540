#include "services/activity/activity/activity_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "common/types/quantity_reasons.h"
#include "services/activity/activity/time_of_day.h"
#include "services/activity/activity/work_rules.h"

namespace dangjian::activity::activity_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

const Day kToday = Day::Of(2026, 11, 20);

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = kToday}; }

v1::Activity Activity(const std::string& more = "") {
  auto activity = Proto<v1::Activity>("name: 'activities/a' starts_on { year: 2026 month: 3 day: 5 } " + more);
  Initialize(activity, On(11, 20));
  return activity;
}

absl::Status Check(v1::Activity activity) {
  Violations violations;
  Complete(activity, kToday, violations);
  return violations.ToStatus();
}

absl::Status CheckOutput(const std::string& text) { return Check(Activity("outputs { work_kind: 'X' " + text + " }")); }

TEST(ActivityRulesTest, TakesItsStepsInOrder) {
  v1::Activity activity = Activity();
  EXPECT_FALSE(Counts(activity));
  EXPECT_THAT(Advance(activity, v1::ACTIVITY_STATE_OPEN, On(3, 1)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Advance(activity, v1::ACTIVITY_STATE_APPROVED, On(3, 1)), IsOk());
  EXPECT_THAT(Advance(activity, v1::ACTIVITY_STATE_OPEN, On(2, 1)), HasReason("STEPS_OUT_OF_ORDER"));
  ASSERT_THAT(Advance(activity, v1::ACTIVITY_STATE_OPEN, On(3, 1)), IsOk());
  EXPECT_THAT(Advance(activity, v1::ACTIVITY_STATE_HELD, On(3, 4)), HasReason("STEPS_OUT_OF_ORDER"));
  EXPECT_THAT(Advance(activity, v1::ACTIVITY_STATE_HELD, On(11, 21)), HasReason("DATE_IN_FUTURE"));
  ASSERT_THAT(Advance(activity, v1::ACTIVITY_STATE_HELD, On(3, 5)), IsOk());
  EXPECT_TRUE(Counts(activity));
  ASSERT_THAT(Advance(activity, v1::ACTIVITY_STATE_REPORTED, On(3, 9)), IsOk());
  ASSERT_THAT(CheckEditable(activity), IsOk());
  ASSERT_THAT(Advance(activity, v1::ACTIVITY_STATE_VERIFIED, On(3, 10)), IsOk());
  EXPECT_TRUE(Counts(activity));
  EXPECT_THAT(CheckEditable(activity), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Advance(activity, v1::ACTIVITY_STATE_CANCELLED, On(3, 11)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(activity.transitions_size(), 5);
}

TEST(ActivityRulesTest, IsCancelledFromAnyStateBeforeVerification) {
  v1::Activity planned = Activity();
  ASSERT_THAT(Advance(planned, v1::ACTIVITY_STATE_CANCELLED, On(3, 1)), IsOk());
  EXPECT_THAT(Advance(planned, v1::ACTIVITY_STATE_CANCELLED, On(3, 1)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Advance(planned, v1::ACTIVITY_STATE_APPROVED, On(3, 1)), HasReason("ILLEGAL_TRANSITION"));
  v1::Activity held = Activity("held: true");
  EXPECT_EQ(DayFromProto(held.transitions(0).occurred_on()), Day::Of(2026, 3, 5));
  EXPECT_TRUE(Counts(held));
  ASSERT_THAT(Advance(held, v1::ACTIVITY_STATE_CANCELLED, On(11, 20)), IsOk());
  EXPECT_FALSE(Counts(held));
}

TEST(ActivityRulesTest, DatesAndTimesAreChecked) {
  EXPECT_THAT(Check(Activity("ends_on { year: 2026 month: 3 day: 4 }")), HasReason("DATES_OUT_OF_ORDER"));
  EXPECT_THAT(Check(Activity("held: true ends_on { year: 2026 month: 11 day: 21 }")), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(Check(Activity("ends_on { year: 2026 month: 11 day: 21 }")), IsOk()) << "a plan";
  EXPECT_THAT(Check(Activity("start_time: '09:00'")), HasReason(reasons::kTimesIncomplete));
  EXPECT_THAT(Check(Activity("start_time: '09:00' end_time: '09:00'")), HasReason(reasons::kTimesOutOfOrder));
  EXPECT_THAT(Check(Activity("start_time: '22:30' end_time: '24:00'")), IsOk());
  EXPECT_EQ(MinuteOfDay("09:05"), 545);
  EXPECT_EQ(MinuteOfDay(""), -1);
}

TEST(ActivityRulesTest, ARecordIsFulfilledOnce) {
  EXPECT_THAT(Check(Activity("fulfils: 'pledges/a' fulfils: 'pledges/b'")), IsOk());
  EXPECT_THAT(Check(Activity("fulfils: 'pledges/a' fulfils: 'pledges/a'")), HasReason(reasons::kDuplicateFulfilment));
}

TEST(ActivityRulesTest, CostsAreAddedUp) {
  v1::Activity activity = Activity("costs { item: '水' amount_fen: 1250 } costs { item: '花' amount_fen: 99 }");
  Violations violations;
  Complete(activity, kToday, violations);
  EXPECT_EQ(activity.total_cost_fen(), 1349);
}

TEST(WorkRulesTest, QuantitiesArePositiveAndOfThreeDecimals) {
  EXPECT_THAT(CheckOutput("quantity { value: '12.125' unit: 'tonne' }"), IsOk());
  EXPECT_THAT(CheckOutput("quantity { value: '0' unit: 'tonne' }"), HasReason(reasons::kQuantityNotPositive));
  EXPECT_THAT(CheckOutput("quantity { value: '-1' unit: 'tonne' }"), HasReason(reasons::kQuantityNotPositive));
  EXPECT_THAT(CheckOutput("quantity { value: '1.0001' unit: 'tonne' }"), HasReason(reasons::kQuantityTooFine));
  EXPECT_THAT(CheckOutput("quantity { value: '1000000000000' unit: 'tonne' }"), IsOk());
  EXPECT_THAT(CheckOutput("quantity { value: '1000000000001' unit: 'tonne' }"),
              HasReason(dangjian::reasons::kAmountOutOfRange));
  EXPECT_THAT(CheckOutput("quantity { value: '999999999999999' unit: 'tonne' }"),
              HasReason(dangjian::reasons::kAmountOutOfRange));
}

TEST(WorkRulesTest, SharesAreOfOneUnitAndAtMostTheWhole) {
  const std::string total =
      "quantity { value: '10' unit: 'tonne' } shares { actor: 'residentUnits/a' quantity { value: ";
  const std::string next = " } } shares { actor: 'residentUnits/b' quantity { value: ";
  EXPECT_THAT(CheckOutput(total + "'4' unit: 'tonne'" + next + "'6' unit: 'tonne' } }"), IsOk());
  EXPECT_THAT(CheckOutput(total + "'4' unit: 'tonne'" + next + "'6.001' unit: 'tonne' } }"),
              HasReason(reasons::kSharesExceedTotal));
  EXPECT_THAT(CheckOutput(total + "'4' unit: 'tonne'" + next + "'6' unit: 'vehicle_load' } }"),
              HasReason(dangjian::reasons::kUnlikeUnits));
  EXPECT_THAT(CheckOutput(total + "'4' unit: 'tonne' } } shares { actor: 'residentUnits/a' quantity { value: '1' "
                                  "unit: 'tonne' } }"),
              HasReason(reasons::kDuplicateShare));
}

TEST(WorkRulesTest, ActorsHaveAKindAndEstimatesAreNotExact) {
  EXPECT_EQ(work_rules::ActorKindOf(""), "ORGANIZATION");
  EXPECT_EQ(work_rules::ActorKindOf("organizations/a"), "ORGANIZATION");
  EXPECT_EQ(work_rules::ActorKindOf("residentUnits/a"), "RESIDENT_UNIT");
  EXPECT_EQ(work_rules::ActorKindOf("teams/a"), "TEAM");
  EXPECT_EQ(work_rules::ActorKindOf("members/a"), "MEMBER");
  EXPECT_EQ(work_rules::QualifierOf(Proto<v1::WorkOutput>("estimated: true")), common::v1::QUALIFIER_ABOUT);
  EXPECT_EQ(
      work_rules::QualifierOf(Proto<v1::WorkOutput>("estimated: true quantity { qualifier: QUALIFIER_AT_LEAST }")),
      common::v1::QUALIFIER_AT_LEAST);
  EXPECT_EQ(work_rules::QualifierOf(Proto<v1::WorkOutput>("")), common::v1::QUALIFIER_EXACT);
}

}  // namespace
}  // namespace dangjian::activity::activity_rules
