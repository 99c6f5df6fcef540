#include "common/types/step.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

Step On(Day day) { return {.day = day, .today = Day::Of(2026, 11, 20), .actor = "clerk", .reason = "why"}; }

TEST(StepTest, ADayAfterTodayIsRefused) {
  EXPECT_THAT(CheckStep(On(Day::Of(2026, 11, 21)), Day::Min()), HasReason(reasons::kDateInFuture));
  EXPECT_THAT(CheckStep(On(Day::Of(2026, 11, 20)), Day::Min()), IsOk());
}

TEST(StepTest, ADayBeforeTheLastStepIsRefused) {
  EXPECT_THAT(CheckStep(On(Day::Of(2026, 3, 1)), Day::Of(2026, 3, 2)), HasReason(reasons::kStepsOutOfOrder));
  EXPECT_THAT(CheckStep(On(Day::Of(2026, 3, 2)), Day::Of(2026, 3, 2)), IsOk());
}

TEST(StepTest, StepsFollowEachOther) {
  Transitions past;
  EXPECT_THAT(CheckStep(On(Day::Of(1949, 10, 1)), LastStepDay(past)), IsOk());
  AddTransition(past, "ACTIVE", On(Day::Of(2024, 3, 1)));
  EXPECT_THAT(CheckStep(On(Day::Of(2024, 3, 1)), LastStepDay(past)), IsOk());
  EXPECT_THAT(CheckStep(On(Day::Of(2024, 2, 29)), LastStepDay(past)), HasReason(reasons::kStepsOutOfOrder));
}

TEST(StepTest, StepsOfPartsDoNotOrderTheWhole) {
  Transitions transitions;
  EXPECT_EQ(LastStepDay(transitions), Day::Min());
  AddTransition(transitions, "PUBLISHED", On(Day::Of(2026, 3, 1)));
  AddTransition(transitions, "1:CLAIMED_DONE", On(Day::Of(2026, 6, 1)));
  EXPECT_EQ(LastStepDay(transitions), Day::Of(2026, 3, 1));
  EXPECT_EQ(transitions[1].actor(), "clerk");
}

TEST(StepTest, TransitionsSayWhoWhenAndWhy) {
  Transitions past;
  Step step = On(Day::Of(2024, 2, 1));
  step.on_behalf_of = "members/1";
  step.revision = 7;
  AddTransition(past, "ACTIVE", step);
  EXPECT_EQ(past[0].state(), "ACTIVE");
  EXPECT_EQ(DayFromProto(past[0].occurred_on()), Day::Of(2024, 2, 1));
  EXPECT_EQ(past[0].actor(), "clerk");
  EXPECT_EQ(past[0].on_behalf_of(), "members/1");
  EXPECT_EQ(past[0].reason(), "why");
  EXPECT_EQ(past[0].revision(), 7);
}

TEST(StepTest, IllegalTransitionNamesTheState) {
  const absl::Status status = IllegalTransition("pledges/p", "DRAFT", "publication");
  EXPECT_THAT(status, HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(status.message(), "pledges/p is DRAFT: publication is not possible");
}

}  // namespace
}  // namespace dangjian
