#include "services/pledge/life/step.h"

#include "common/testing/matchers.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

Step On(Day day) { return {.day = day, .today = Day::Of(2026, 11, 20), .actor = "clerk"}; }

TEST(StepTest, ADayAfterTodayIsRefused) {
  EXPECT_THAT(CheckStep(On(Day::Of(2026, 11, 21)), Day::Min()), HasReason(reasons::kDateInFuture));
  EXPECT_THAT(CheckStep(On(Day::Of(2026, 11, 20)), Day::Min()), IsOk());
}

TEST(StepTest, ADayBeforeTheLastStepIsRefused) {
  EXPECT_THAT(CheckStep(On(Day::Of(2026, 3, 1)), Day::Of(2026, 3, 2)), HasReason(reasons::kStepsOutOfOrder));
  EXPECT_THAT(CheckStep(On(Day::Of(2026, 3, 2)), Day::Of(2026, 3, 2)), IsOk());
}

TEST(StepTest, StepsOfPartsDoNotOrderTheWhole) {
  Transitions transitions;
  EXPECT_EQ(LastStepDay(transitions), Day::Min());
  AddTransition(transitions, "PUBLISHED", On(Day::Of(2026, 3, 1)));
  AddTransition(transitions, "1:CLAIMED_DONE", On(Day::Of(2026, 6, 1)));
  EXPECT_EQ(LastStepDay(transitions), Day::Of(2026, 3, 1));
  EXPECT_EQ(transitions[1].actor(), "clerk");
}

TEST(StepTest, IllegalTransitionNamesTheState) {
  EXPECT_THAT(IllegalTransition("pledges/p", "DRAFT", "publication"), HasReason("ILLEGAL_TRANSITION"));
}

TEST(StepTest, PrefixesOfEnumsAreDropped) {
  EXPECT_EQ(StripPrefix("PLEDGE_STATE_DRAFT", "PLEDGE_STATE_"), "DRAFT");
  EXPECT_EQ(StripPrefix("DRAFT", "PLEDGE_STATE_"), "DRAFT");
}

}  // namespace
}  // namespace dangjian::pledge
