#include "services/registry/steps/step.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

Step On(Day day) { return {.occurred_on = day, .today = Day::Of(2024, 6, 30), .actor = "clerk", .reason = "why"}; }

TEST(StepTest, AddMonthsKeepsTheDay) {
  EXPECT_EQ(AddMonths(Day::Of(2026, 3, 10), 12), Day::Of(2027, 3, 10));
  EXPECT_EQ(AddMonths(Day::Of(2026, 11, 30), 2), Day::Of(2027, 1, 30));
}

TEST(StepTest, AddMonthsEndsWithAShorterMonth) {
  EXPECT_EQ(AddMonths(Day::Of(2024, 2, 29), 12), Day::Of(2025, 2, 28));
  EXPECT_EQ(AddMonths(Day::Of(2023, 8, 31), 6), Day::Of(2024, 2, 29));
}

TEST(StepTest, TodayIsNotTheFuture) {
  EXPECT_THAT(CheckStepDay({}, On(Day::Of(2024, 6, 30))), IsOk());
  EXPECT_THAT(CheckStepDay({}, On(Day::Of(2024, 7, 1))), HasReason(reasons::kDateInFuture));
}

TEST(StepTest, StepsFollowEachOther) {
  Transitions past;
  AppendTransition(past, "ACTIVE", Day::Of(2024, 3, 1), On(Day::Of(2024, 3, 1)));
  EXPECT_THAT(CheckStepDay(past, On(Day::Of(2024, 3, 1))), IsOk());
  EXPECT_THAT(CheckStepDay(past, On(Day::Of(2024, 2, 29))), HasReason(reasons::kStepsOutOfOrder));
}

TEST(StepTest, TransitionsSayWhoWhenAndWhy) {
  Transitions past;
  Step step = On(Day::Of(2024, 3, 1));
  step.revision = 7;
  AppendTransition(past, "ACTIVE", Day::Of(2024, 2, 1), step);
  EXPECT_EQ(past[0].state(), "ACTIVE");
  EXPECT_EQ(DayFromProto(past[0].occurred_on()), Day::Of(2024, 2, 1));
  EXPECT_EQ(past[0].actor(), "clerk");
  EXPECT_EQ(past[0].reason(), "why");
  EXPECT_EQ(past[0].revision(), 7);
}

}  // namespace
}  // namespace dangjian::registry
