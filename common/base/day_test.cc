#include "common/base/day.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dangjian {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kHour = 3600 * kSecond;

TEST(DayTest, CountsFrom1970) {
  EXPECT_EQ(Day::Of(1970, 1, 1).number(), 0);
  EXPECT_EQ(Day::Of(1970, 1, 2).number(), 1);
  EXPECT_EQ(Day::Of(1969, 12, 31).number(), -1);
  EXPECT_EQ(Day::Of(2024, 6, 30).number(), 19904);
  EXPECT_EQ(Day::Of(2024, 6, 30).year(), 2024);
  EXPECT_EQ(Day::Of(2024, 6, 30).month(), 6);
}

TEST(DayTest, DifferenceIsInDaysAcrossALeapDay) {
  EXPECT_EQ(Day::Of(2024, 3, 1) - Day::Of(2024, 2, 28), 2);
  EXPECT_EQ(Day::Of(2023, 3, 1) - Day::Of(2023, 2, 28), 1);
  EXPECT_EQ(Day::Of(2024, 2, 28) + 1, Day::Of(2024, 2, 29));
  EXPECT_EQ(Day::Of(2024, 3, 1) - 1, Day::Of(2024, 2, 29));
}

TEST(DayTest, NothingLiesBeyondTheOpenEnds) {
  EXPECT_EQ(Day::Max() + 1, Day::Max());
  EXPECT_EQ(Day::Min() - 1, Day::Min());
  EXPECT_LT(Day::Max() - 1, Day::Max());
  EXPECT_TRUE((DayRange{Day::Min(), Day::Max()}.Contains(Day::Of(2024, 1, 1))));
}

TEST(DayTest, RangeIncludesBothEnds) {
  const DayRange june{Day::Of(2024, 6, 1), Day::Of(2024, 6, 30)};
  EXPECT_TRUE(june.Contains(Day::Of(2024, 6, 1)));
  EXPECT_TRUE(june.Contains(Day::Of(2024, 6, 30)));
  EXPECT_FALSE(june.Contains(Day::Of(2024, 5, 31)));
  EXPECT_FALSE(june.Contains(Day::Of(2024, 7, 1)));
}

TEST(DayTest, FormatAndParseAreInverse) {
  for (const char* text : {"2024-02-29", "1970-01-01", "1921-07-01", "0001-01-01", "9999-12-31"}) {
    const auto day = ParseDay(text);
    ASSERT_TRUE(day.ok()) << text;
    EXPECT_EQ(FormatDay(*day), text);
  }
}

TEST(DayTest, RefusesWhatIsNotADay) {
  for (const char* text :
       {"", "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "2024-1-01", "2024/01/01", "20240101",
        "2024-01-01 ", " 024-01-01", "-123-01-01", "2024-+1-01", "2024-01-1x", "2024-01-011", "二〇二四"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseDay(text).status())) << text;
  }
}

TEST(DayTest, BusinessDayTurnsAtSixteenHoursUtc) {
  const int64_t midnight_utc = int64_t{Day::Of(2024, 6, 30).number()} * 24 * kHour;
  EXPECT_EQ(DayOfMicros(midnight_utc), Day::Of(2024, 6, 30));
  EXPECT_EQ(DayOfMicros(midnight_utc + 16 * kHour - 1), Day::Of(2024, 6, 30));
  EXPECT_EQ(DayOfMicros(midnight_utc + 16 * kHour), Day::Of(2024, 7, 1));
}

TEST(DayTest, BusinessDayBefore1970) {
  EXPECT_EQ(DayOfMicros(-8 * kHour), Day::Of(1970, 1, 1));
  EXPECT_EQ(DayOfMicros(-8 * kHour - 1), Day::Of(1969, 12, 31));
  EXPECT_EQ(DayOfMicros(-32 * kHour), Day::Of(1969, 12, 31));
}

TEST(DayTest, NoonLiesOnItsDay) {
  const Day day = Day::Of(2024, 2, 29);
  EXPECT_EQ(DayOfMicros(MicrosOfNoon(day)), day);
  EXPECT_EQ(DayOfMicros(MicrosOfNoon(day) + 12 * kHour - 1), day);
  EXPECT_EQ(DayOfMicros(MicrosOfNoon(day) + 12 * kHour), day + 1);
  EXPECT_EQ(DayOfMicros(MicrosOfNoon(day) - 12 * kHour), day);
}

}  // namespace
}  // namespace dangjian
