#include "common/types/date.h"

#include "gtest/gtest.h"

namespace dangjian {
namespace {

google::type::Date MakeDate(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

TEST(DateTest, ConvertsBothWays) {
  const google::type::Date date = DayToProto(Day::Of(2024, 2, 29));
  EXPECT_EQ(date.year(), 2024);
  EXPECT_EQ(date.month(), 2);
  EXPECT_EQ(date.day(), 29);
  EXPECT_EQ(DayFromProto(date), Day::Of(2024, 2, 29));
}

TEST(DateTest, RefusesDatesThatDoNotExistOrAreNotFull) {
  EXPECT_EQ(DayFromProto(MakeDate(2023, 2, 29)), std::nullopt);
  EXPECT_EQ(DayFromProto(MakeDate(2024, 13, 1)), std::nullopt);
  EXPECT_EQ(DayFromProto(MakeDate(2024, 6, 0)), std::nullopt);
  EXPECT_EQ(DayFromProto(MakeDate(2024, 0, 0)), std::nullopt);
  EXPECT_EQ(DayFromProto(MakeDate(0, 6, 1)), std::nullopt);
  EXPECT_EQ(DayFromProto(MakeDate(10'000, 1, 1)), std::nullopt);
  EXPECT_EQ(DayFromProto(MakeDate(-1, -1, -1)), std::nullopt);
}

TEST(DateTest, FallsBack) {
  EXPECT_EQ(DayOr(MakeDate(2024, 6, 30), Day(7)), Day::Of(2024, 6, 30));
  EXPECT_EQ(DayOr(google::type::Date(), Day(7)), Day(7));
}

TEST(DateTest, ConvertsPeriods) {
  const DayRange days{Day::Of(2024, 1, 1), Day::Of(2024, 6, 30)};
  EXPECT_EQ(DaysFromProto(DaysToProto(days)), days);
  common::v1::Period reversed = DaysToProto(days);
  reversed.mutable_start_date()->Swap(reversed.mutable_end_date());
  EXPECT_EQ(DaysFromProto(reversed), std::nullopt);
  common::v1::Period open;
  *open.mutable_start_date() = DayToProto(days.first);
  EXPECT_EQ(DaysFromProto(open), std::nullopt);
}

}  // namespace
}  // namespace dangjian
