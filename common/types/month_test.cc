#include "common/types/month.h"

#include "gtest/gtest.h"

namespace dangjian {
namespace {

TEST(MonthTest, MonthsAreNamedByTheirFirstDay) {
  EXPECT_EQ(MonthOf(Day::Of(2026, 3, 18)), Day::Of(2026, 3, 1));
  EXPECT_EQ(NextMonth(Day::Of(2026, 12, 31)), Day::Of(2027, 1, 1));
  EXPECT_EQ(NextMonth(Day::Of(2026, 1, 31)), Day::Of(2026, 2, 1));
  EXPECT_EQ(PreviousMonth(Day::Of(2026, 1, 1)), Day::Of(2025, 12, 1));
  EXPECT_EQ(PreviousMonth(Day::Of(2026, 3, 31)), Day::Of(2026, 2, 1));
}

TEST(MonthTest, AMonthWithoutTheDayGivesItsLast) {
  EXPECT_EQ(AddMonths(Day::Of(2024, 1, 31), 1), Day::Of(2024, 2, 29));
  EXPECT_EQ(AddMonths(Day::Of(2023, 1, 29), 1), Day::Of(2023, 2, 28));
  EXPECT_EQ(AddMonths(Day::Of(2024, 1, 31), 2), Day::Of(2024, 3, 31));
  EXPECT_EQ(AddMonths(Day::Of(2024, 2, 29), -12), Day::Of(2023, 2, 28));
  EXPECT_EQ(AddMonths(Day::Of(2024, 2, 29), 48), Day::Of(2028, 2, 29));
  EXPECT_EQ(AddMonths(Day::Of(2023, 3, 31), -4), Day::Of(2022, 11, 30));
  EXPECT_EQ(AddMonths(Day::Of(2023, 3, 31), 0), Day::Of(2023, 3, 31));
}

TEST(MonthTest, BoundariesCountedFromOneDayAscend) {
  for (Day first = Day::Of(2023, 1, 1); first <= Day::Of(2024, 12, 31); first = first + 1) {
    for (int months = -25; months < 25; ++months) {
      ASSERT_LT(AddMonths(first, months), AddMonths(first, months + 1)) << FormatDay(first) << " " << months;
    }
  }
}

}  // namespace
}  // namespace dangjian
