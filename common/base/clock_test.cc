#include "common/base/clock.h"

#include <gtest/gtest.h>

namespace dangjian {
namespace {

TEST(ClockTest, FakeClockMovesOnlyWhenTold) {
  FakeClock clock(1'000);
  EXPECT_EQ(clock.NowMicros(), 1'000);
  EXPECT_EQ(clock.NowMicros(), 1'000);
  clock.AdvanceMicros(500);
  EXPECT_EQ(clock.NowMicros(), 1'500);
}

TEST(ClockTest, FakeClockStandsAtNoonOfTheDaySet) {
  FakeClock clock(0);
  clock.SetToday(Day::Of(2024, 6, 30));
  EXPECT_EQ(clock.Today(), Day::Of(2024, 6, 30));
  EXPECT_EQ(clock.NowMicros(), MicrosOfNoon(Day::Of(2024, 6, 30)));
}

TEST(ClockTest, TodayIsTheBusinessDay) {
  FakeClock clock(MicrosOfNoon(Day::Of(2024, 6, 30)));
  clock.AdvanceMicros(int64_t{12} * 3600 * 1'000'000);
  EXPECT_EQ(clock.Today(), Day::Of(2024, 7, 1));
}

TEST(ClockTest, SystemClockTellsTheTimeOfThisCentury) {
  const SystemClock clock;
  EXPECT_GT(clock.Today(), Day::Of(2024, 1, 1));
  EXPECT_LT(clock.Today(), Day::Of(2100, 1, 1));
}

}  // namespace
}  // namespace dangjian
