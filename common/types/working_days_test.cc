#include "common/types/working_days.h"

#include "common/types/date.h"
#include "gtest/gtest.h"

namespace dangjian {
namespace {

// The autumn of 2026 as domain.md, worked example 7, has it.
WorkingDays Autumn2026() {
  registry::v1::Calendar calendar;
  calendar.set_year(2026);
  for (int day = 1; day <= 7; ++day) *calendar.add_holidays() = DayToProto(Day::Of(2026, 10, day));
  *calendar.add_make_up_days() = DayToProto(Day::Of(2026, 10, 10));
  WorkingDays days;
  days.Add(calendar);
  return days;
}

const Day kPosted = Day::Of(2026, 9, 28);  // a Monday

TEST(WorkingDaysTest, WorkedExample7FiveWorkingDaysEndOnMakeUpSaturday) {
  EXPECT_EQ(Autumn2026().AfterWorkingDays(kPosted, 5), (DueDay{Day::Of(2026, 10, 10), false}));
}

TEST(WorkingDaysTest, WorkedExample7FiveWorkingDaysWithStartDayCounted) {
  EXPECT_EQ(Autumn2026().AfterWorkingDays(kPosted, 5, StartDay::kCounted), (DueDay{Day::Of(2026, 10, 9), false}));
}

TEST(WorkingDaysTest, WorkedExample7SevenNaturalDaysMoveOverTheHoliday) {
  EXPECT_EQ(Autumn2026().AfterNaturalDays(kPosted, 7), (DueDay{Day::Of(2026, 10, 8), false}));
}

TEST(WorkingDaysTest, MissingYearTakesMondayToFridayAndSaysSo) {
  EXPECT_EQ(WorkingDays().AfterWorkingDays(kPosted, 5), (DueDay{Day::Of(2026, 10, 5), true}));
}

TEST(WorkingDaysTest, ALimitThatRunsIntoAMissingYearIsProvisional) {
  const DueDay due = Autumn2026().AfterWorkingDays(Day::Of(2026, 12, 31), 1);
  EXPECT_EQ(due, (DueDay{Day::Of(2027, 1, 1), true}));
}

TEST(WorkingDaysTest, NaturalDaysEndOnAnOrdinaryWorkingDayUnmoved) {
  EXPECT_EQ(Autumn2026().AfterNaturalDays(kPosted, 2), (DueDay{Day::Of(2026, 9, 30), false}));
  EXPECT_EQ(Autumn2026().AfterNaturalDays(kPosted, 2, StartDay::kCounted), (DueDay{Day::Of(2026, 9, 29), false}));
}

TEST(WorkingDaysTest, NaturalDaysThatEndOnAMakeUpSaturdayStay) {
  EXPECT_EQ(Autumn2026().AfterNaturalDays(Day::Of(2026, 10, 8), 2), (DueDay{Day::Of(2026, 10, 10), false}));
}

TEST(WorkingDaysTest, CountsWorkingDaysOfARange) {
  EXPECT_EQ(Autumn2026().CountWorkingDays({kPosted, Day::Of(2026, 10, 11)}), 6);  // 28–30 Sep, 8, 9, 10 Oct
  EXPECT_EQ(Autumn2026().CountWorkingDays({Day::Of(2026, 10, 1), Day::Of(2026, 10, 7)}), 0);
}

}  // namespace
}  // namespace dangjian
