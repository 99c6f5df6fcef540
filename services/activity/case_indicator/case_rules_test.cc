#include "services/activity/case_indicator/case_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "common/types/step.h"

namespace dangjian::activity::case_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::Pair;

constexpr char kEast[] = "organizations/east";

DayRange Year(int year) { return {Day::Of(year, 1, 1), Day::Of(year, 12, 31)}; }

// One report of the whole year.
CaseSum YearOf(int year, int64_t count) {
  CaseSum sum{.period = Year(year), .reports = 1};
  AddArea(sum, Year(year), kEast, count);
  return sum;
}

v1::ComputeCaseComparisonResponse Against(int64_t value, int64_t base, int32_t reduction_bps) {
  v1::CaseTarget target;
  target.set_reduction_bps(reduction_bps);
  return Compare(YearOf(2025, value), YearOf(2024, base), &target);
}

common::v1::Period Days(Day first, Day last) { return DaysToProto({first, last}); }

TEST(CaseRulesTest, WorkedExample10LowerIsBetter) {
  const auto criminal = Against(38, 40, 500);
  EXPECT_TRUE(criminal.comparable());
  EXPECT_EQ(criminal.change_bps(), -500);
  EXPECT_EQ(criminal.text(), "-5.0%");
  EXPECT_EQ(criminal.target().max_count(), 38);
  EXPECT_TRUE(criminal.target().met());

  EXPECT_EQ(Against(18, 19, 500).target().max_count(), 18) << "18.05 allows 18 whole cases";
  EXPECT_TRUE(Against(18, 19, 500).target().met());
  EXPECT_FALSE(Against(19, 19, 500).target().met());

  const auto security = Against(92, 100, 1000);
  EXPECT_EQ(security.text(), "-8.0%");
  EXPECT_EQ(security.target().max_count(), 90);
  EXPECT_FALSE(security.target().met());
}

TEST(CaseRulesTest, WorkedExample10BaseOfZeroIsNotComparable) {
  for (const int64_t value : {0, 3}) {
    const auto comparison = Against(value, 0, 500);
    EXPECT_FALSE(comparison.comparable());
    EXPECT_EQ(comparison.text(), "无可比");
    EXPECT_EQ(comparison.change_bps(), 0);
    EXPECT_FALSE(comparison.has_target());
  }
}

TEST(CaseRulesTest, WorkedExample10NeverAveragesPercentages) {
  EXPECT_EQ(BasisPoints(95, 100), 9500);
  EXPECT_EQ(BasisPoints(450, 900), 5000);
  EXPECT_EQ(BasisPoints(95 + 450, 100 + 900), 5450) << "54.5%, not the mean 72.5%";
  EXPECT_EQ(PercentText(BasisPoints(95 + 450, 100 + 900)), "54.5%");
}

TEST(CaseRulesTest, NothingReportedIsNotZeroCases) {
  const auto comparison = Compare({.period = Year(2025)}, YearOf(2024, 40), nullptr);
  EXPECT_FALSE(comparison.comparable());
  EXPECT_EQ(comparison.text(), "无可比");
}

TEST(CaseRulesTest, ReportsThatDoNotCoverAPeriodExactlyAreNotCompared) {
  const DayRange quarter{Day::Of(2025, 10, 1), Day::Of(2025, 12, 31)};
  CaseSum sum{.period = quarter};
  AddArea(sum, Year(2025), kEast, 40);
  EXPECT_EQ(sum.count, 0) << "nobody knows how many of the year fell into the quarter";
  EXPECT_THAT(sum.covered, ElementsAre(Pair(kEast, 0)));
  AddArea(sum, {Day::Of(2025, 7, 1), Day::Of(2025, 9, 30)}, "organizations/west", 40);
  EXPECT_EQ(sum.covered.size(), 1) << "shares no day with the quarter";

  CaseSum months{.period = quarter, .reports = 2};
  AddArea(months, {Day::Of(2025, 10, 1), Day::Of(2025, 10, 31)}, kEast, 3);
  AddArea(months, {Day::Of(2025, 12, 1), Day::Of(2025, 12, 31)}, kEast, 4);
  CaseSum whole{.period = {Day::Of(2024, 10, 1), Day::Of(2024, 12, 31)}, .reports = 1};
  AddArea(whole, whole.period, kEast, 10);
  auto comparison = Compare(months, whole, nullptr);
  EXPECT_FALSE(comparison.comparable());
  EXPECT_EQ(comparison.text(), "无可比");
  EXPECT_THAT(comparison.value_gaps(), ElementsAre(kEast)) << "November is missing";
  EXPECT_EQ(comparison.base_gaps_size(), 0);
  AddArea(months, {Day::Of(2025, 11, 1), Day::Of(2025, 11, 30)}, kEast, 5);
  comparison = Compare(months, whole, nullptr);
  EXPECT_EQ(comparison.text(), "20.0%");
  AddArea(months, quarter, "organizations/west", 1);
  EXPECT_THAT(Compare(months, whole, nullptr).base_gaps(), ElementsAre("organizations/west"));
}

TEST(CaseRulesTest, RoundsHalfAwayFromZero) {
  EXPECT_EQ(BasisPoints(1, 3), 3333);
  EXPECT_EQ(BasisPoints(-1, 3), -3333);
  EXPECT_EQ(BasisPoints(1, 20'000), 1) << "half a basis point";
  EXPECT_EQ(BasisPoints(-1, 20'000), -1);
  EXPECT_EQ(BasisPoints(1, 20'001), 0);
  EXPECT_EQ(PercentText(-833), "-8.33%");
  EXPECT_EQ(PercentText(0), "0.0%");
  EXPECT_EQ(PercentText(-5), "-0.05%");
}

TEST(CaseRulesTest, PeriodsAreThoseOfTheCalendar) {
  EXPECT_TRUE(CalendarPeriod(Days(Day::Of(2024, 2, 1), Day::Of(2024, 2, 29))).has_value());
  EXPECT_TRUE(CalendarPeriod(Days(Day::Of(2026, 4, 1), Day::Of(2026, 6, 30))).has_value());
  EXPECT_TRUE(CalendarPeriod(Days(Day::Of(2026, 7, 1), Day::Of(2026, 12, 31))).has_value());
  EXPECT_TRUE(CalendarPeriod(Days(Day::Of(2026, 1, 1), Day::Of(2026, 12, 31))).has_value());
  EXPECT_FALSE(CalendarPeriod(Days(Day::Of(2026, 2, 1), Day::Of(2026, 4, 30))).has_value()) << "no quarter";
  EXPECT_FALSE(CalendarPeriod(Days(Day::Of(2026, 1, 1), Day::Of(2026, 2, 28))).has_value());
  EXPECT_FALSE(CalendarPeriod(Days(Day::Of(2026, 1, 2), Day::Of(2026, 1, 31))).has_value());
  EXPECT_FALSE(CalendarPeriod(Days(Day::Of(2026, 1, 1), Day::Of(2026, 1, 30))).has_value());
  EXPECT_FALSE(CalendarPeriod(Days(Day::Of(2026, 7, 1), Day::Of(2027, 6, 30))).has_value()) << "no calendar year";
  EXPECT_THAT(MonthEnds({Day::Of(2025, 10, 1), Day::Of(2025, 12, 31)}),
              ElementsAre(Day::Of(2025, 10, 31), Day::Of(2025, 11, 30), Day::Of(2025, 12, 31)));
}

TEST(CaseRulesTest, ContentIsChecked) {
  v1::CaseReport report;
  report.set_count(40);
  *report.mutable_period() = Days(Day::Of(2026, 1, 1), Day::Of(2026, 12, 31));
  const auto check = [&](Day today) {
    Violations violations;
    CheckContent(report, today, violations);
    return violations.ToStatus();
  };
  EXPECT_THAT(check(Day::Of(2026, 12, 30)), HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_THAT(check(Day::Of(2026, 12, 31)), IsOk());
  for (const char* area : {"organizations/a", "organizations/b"}) {
    v1::CaseArea& part = *report.add_like_for_like();
    part.set_organization(area);
    part.set_count(20);
  }
  EXPECT_THAT(check(Day::Of(2027, 1, 1)), IsOk());
  report.mutable_like_for_like(1)->set_count(19);
  EXPECT_THAT(check(Day::Of(2027, 1, 1)), HasReason(reasons::kCaseAreasDoNotAddUp));
  report.mutable_like_for_like(1)->set_count(20);
  report.mutable_like_for_like(1)->set_organization("organizations/a");
  EXPECT_THAT(check(Day::Of(2027, 1, 1)), HasReason(reasons::kCaseAreaTwice));
}

}  // namespace
}  // namespace dangjian::activity::case_rules
