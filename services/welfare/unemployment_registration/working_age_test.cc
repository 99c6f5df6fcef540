#include "services/welfare/unemployment_registration/working_age.h"

#include "common/testing/matchers.h"

namespace dangjian::welfare::working_age {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

const Day kToday = Day::Of(2026, 11, 20);

Day Retires(Group group, int year, int month, int day = 15) {
  return RetirementDay({Day::Of(year, month, day), group}, kToday);
}

TEST(WorkingAgeTest, MenRetireAMonthLaterForEveryFourBirthMonths) {
  EXPECT_EQ(Retires(Group::kMan, 1964, 12), Day::Of(2024, 12, 15));
  EXPECT_EQ(Retires(Group::kMan, 1965, 1), Day::Of(2025, 2, 15));
  EXPECT_EQ(Retires(Group::kMan, 1965, 4), Day::Of(2025, 5, 15));
  EXPECT_EQ(Retires(Group::kMan, 1965, 5), Day::Of(2025, 7, 15));
  EXPECT_EQ(Retires(Group::kMan, 1972, 9), Day::Of(2034, 9, 15));
  EXPECT_EQ(Retires(Group::kMan, 1976, 8), Day::Of(2039, 7, 15));
  EXPECT_EQ(Retires(Group::kMan, 1976, 9), Day::Of(2039, 9, 15));
  EXPECT_EQ(Retires(Group::kMan, 1990, 1), Day::Of(2053, 1, 15));
}

TEST(WorkingAgeTest, WomenByTheirPost) {
  EXPECT_EQ(Retires(Group::kWomanCadre, 1970, 1), Day::Of(2025, 2, 15));
  EXPECT_EQ(Retires(Group::kWomanCadre, 1981, 9), Day::Of(2039, 9, 15));
  EXPECT_EQ(Retires(Group::kWomanCadre, 1995, 3), Day::Of(2053, 3, 15));
  EXPECT_EQ(Retires(Group::kWomanWorker, 1974, 12), Day::Of(2024, 12, 15));
  EXPECT_EQ(Retires(Group::kWomanWorker, 1975, 2), Day::Of(2025, 3, 15));
  EXPECT_EQ(Retires(Group::kWomanWorker, 1975, 3), Day::Of(2025, 5, 15));
  EXPECT_EQ(Retires(Group::kWomanWorker, 1984, 10), Day::Of(2039, 9, 15));
  EXPECT_EQ(Retires(Group::kWomanWorker, 1984, 11), Day::Of(2039, 11, 15));
  EXPECT_EQ(Retires(Group::kWomanWorker, 2000, 6), Day::Of(2055, 6, 15));
}

TEST(WorkingAgeTest, TheVersionInForceOnTheDayDecides) {
  const Person man{Day::Of(1965, 1, 15), Group::kMan};
  EXPECT_EQ(RetirementDay(man, Day::Of(2024, 12, 31)), Day::Of(2025, 1, 15));
  EXPECT_EQ(RetirementDay(man, Day::Of(2025, 1, 1)), Day::Of(2025, 2, 15));
  EXPECT_THAT(Check(man, Day::Of(2025, 1, 20)), IsOk());
  EXPECT_THAT(Check(man, Day::Of(2025, 2, 14)), IsOk());
  EXPECT_THAT(Check(man, Day::Of(2025, 2, 15)), HasReason(reasons::kPastRetirementAge));
  const Person woman{Day::Of(1956, 3, 1), Group::kWomanWorker};
  EXPECT_THAT(Check(woman, Day::Of(2006, 2, 28)), IsOk());
  EXPECT_THAT(Check(woman, Day::Of(2006, 3, 1)), HasReason(reasons::kPastRetirementAge));
}

TEST(WorkingAgeTest, WorkBeginsOnTheSixteenthBirthday) {
  const Person person{Day::Of(2010, 5, 20), Group::kMan};
  EXPECT_THAT(Check(person, Day::Of(2026, 5, 19)), HasReason(reasons::kBelowWorkingAge));
  EXPECT_THAT(Check(person, Day::Of(2026, 5, 20)), IsOk());
}

}  // namespace
}  // namespace dangjian::welfare::working_age
