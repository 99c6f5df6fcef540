#include "services/pledge/target/target_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::pledge::target_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

constexpr int64_t kOne = 1'000'000;
const DayRange kYear2026{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};

v1::Target Target(const std::string& more) {
  auto target = Proto<v1::Target>(
      "period { start_date { year: 2026 month: 1 day: 1 } end_date { year: 2026 month: 12 day: 31 } } " + more);
  return target;
}

v1::Target Up(const std::string& value) {
  return Target("direction: TARGET_DIRECTION_UP target_value: '" + value + "'");
}

v1::Target Down(const std::string& baseline, int32_t reduction_bps, bool whole = false) {
  v1::Target target = Target("direction: TARGET_DIRECTION_DOWN baseline: '" + baseline + "'");
  target.set_reduction_bps(reduction_bps);
  target.set_whole_numbers(whole);
  Violations violations;
  Complete(target, violations);
  EXPECT_THAT(violations.ToStatus(), IsOk());
  return target;
}

void Record(v1::Target& target, Day day, const std::string& actual) {
  v1::TargetProgress progress;
  *progress.mutable_date() = DayToProto(day);
  progress.set_actual(actual);
  ASSERT_THAT(AddProgress(target, progress, {.day = day, .today = Day::Of(2026, 12, 31)}), IsOk());
}

TEST(TargetRulesTest, WorkedExample10HalfTheTaskButNotHalfTheTime) {
  const Day june30 = Day::Of(2026, 6, 30);
  const Fraction elapsed = Elapsed(kYear2026, june30);
  EXPECT_EQ(elapsed.numerator, 181);
  EXPECT_EQ(elapsed.denominator, 365);
  EXPECT_EQ(elapsed.Hundredths(), 4958);  // 49.6 %
  v1::Target target = Up("100");
  Record(target, june30, "52");
  const v1::TargetPace pace = PaceOf(target, june30);
  EXPECT_EQ(pace.progress_hundredths(), 5200);
  EXPECT_TRUE(pace.task_over_half()) << "任务超半";
  EXPECT_FALSE(pace.time_half_over()) << "时间过半 is not yet true";
  EXPECT_TRUE(pace.ahead_of_time());
  EXPECT_FALSE(pace.met());
}

TEST(TargetRulesTest, WorkedExample10LowerIsBetter) {
  EXPECT_EQ(Down("40", 500).target_value(), "38");
  EXPECT_EQ(Down("19", 500).target_value(), "18.05");
  EXPECT_EQ(Down("19", 500, true).target_value(), "18");
  EXPECT_EQ(ReducedValue(40 * kOne, 500, true), 38 * kOne);
  // 38 of 40 is −5.0 %: met.
  EXPECT_TRUE(IsMet(Down("40", 500), 38 * kOne));
  EXPECT_FALSE(IsMet(Down("40", 500), 39 * kOne));
  EXPECT_FALSE(IsMet(Down("19", 500, true), 19 * kOne));
  EXPECT_TRUE(IsMet(Down("19", 500, true), 18 * kOne));
  // 治安 100 → 92 is −8 %, the demand −10 %: not met, 80 % of the way.
  EXPECT_FALSE(IsMet(Down("100", 1000), 92 * kOne));
  EXPECT_EQ(ProgressOf(Down("100", 1000), 92 * kOne)->Hundredths(), 8000);
}

TEST(TargetRulesTest, WorkedExample10ABaseOfZeroIsNotComparable) {
  v1::Target target = Down("0", 500);
  EXPECT_FALSE(ProgressOf(target, 0).has_value());
  EXPECT_FALSE(IsMet(target, 0));
  Record(target, Day::Of(2026, 6, 30), "3");
  const v1::TargetPace pace = PaceOf(target, Day::Of(2026, 6, 30));
  EXPECT_FALSE(pace.comparable()) << "无可比, not 0 % and not ∞";
  EXPECT_FALSE(pace.met());
}

TEST(TargetRulesTest, ALeapYearHas366Days) {
  const DayRange year{Day::Of(2024, 1, 1), Day::Of(2024, 12, 31)};
  const Fraction elapsed = Elapsed(year, Day::Of(2024, 6, 30));
  EXPECT_EQ(elapsed.numerator, 182);
  EXPECT_EQ(elapsed.denominator, 366);
}

TEST(TargetRulesTest, TimeStaysWithinThePeriod) {
  EXPECT_EQ(Elapsed(kYear2026, Day::Of(2025, 12, 31)).Hundredths(), 0);
  EXPECT_EQ(Elapsed(kYear2026, Day::Of(2026, 12, 31)).Hundredths(), 10'000);
  EXPECT_EQ(Elapsed(kYear2026, Day::Of(2027, 5, 1)).Hundredths(), 10'000);
  v1::Target target = Up("100");
  Record(target, Day::Of(2026, 12, 1), "100");
  const v1::TargetPace pace = PaceOf(target, Day::Of(2027, 5, 1));
  EXPECT_EQ(DayFromProto(pace.as_of()), Day::Of(2026, 12, 31));
  EXPECT_TRUE(pace.met());
}

TEST(TargetRulesTest, PercentagesAreRoundedDownBelowZeroToo) {
  EXPECT_EQ((Fraction{1, 3}).Hundredths(), 3333);
  EXPECT_EQ((Fraction{-1, 3}).Hundredths(), -3334);
  EXPECT_EQ((Fraction{-1, 2}).Hundredths(), -5000);
  // Worse than the baseline.
  EXPECT_EQ(ProgressOf(Down("100", 1000), 103 * kOne)->Hundredths(), -3000);
}

TEST(TargetRulesTest, HalfOfTheTaskAloneIsNotOverHalfWhenTimeIsAhead) {
  v1::Target target = Up("100");
  Record(target, Day::Of(2026, 9, 30), "60");
  const v1::TargetPace pace = PaceOf(target, Day::Of(2026, 9, 30));
  EXPECT_TRUE(pace.time_half_over());
  EXPECT_FALSE(pace.task_over_half());
  EXPECT_FALSE(pace.ahead_of_time());
}

TEST(TargetRulesTest, KeepZeroAndMilestone) {
  v1::Target zero = Target("direction: TARGET_DIRECTION_KEEP_ZERO");
  EXPECT_FALSE(PaceOf(zero, Day::Of(2026, 6, 30)).comparable()) << "no record: nothing can be said";
  Record(zero, Day::Of(2026, 6, 30), "0");
  EXPECT_TRUE(PaceOf(zero, Day::Of(2026, 6, 30)).met());
  Record(zero, Day::Of(2026, 7, 31), "1");
  EXPECT_FALSE(PaceOf(zero, Day::Of(2026, 7, 31)).met());
  EXPECT_TRUE(PaceOf(zero, Day::Of(2026, 7, 30)).met()) << "as at the day before";
  v1::Target milestone = Target("direction: TARGET_DIRECTION_MILESTONE");
  EXPECT_EQ(PaceOf(milestone, Day::Of(2026, 6, 30)).progress_hundredths(), 0);
  EXPECT_TRUE(PaceOf(milestone, Day::Of(2026, 6, 30)).comparable());
  Record(milestone, Day::Of(2026, 7, 31), "1");
  EXPECT_TRUE(PaceOf(milestone, Day::Of(2026, 7, 31)).met());
}

TEST(TargetRulesTest, WhatIsMissingIsNamed) {
  const auto complete = [](v1::Target target) {
    Violations violations;
    Complete(target, violations);
    return violations.ToStatus();
  };
  EXPECT_THAT(complete(Target("direction: TARGET_DIRECTION_UP")), HasReason(reasons::kTargetValueRequired));
  EXPECT_THAT(complete(Target("direction: TARGET_DIRECTION_UP target_value: '0'")),
              HasReason(reasons::kTargetValueRequired));
  EXPECT_THAT(complete(Target("direction: TARGET_DIRECTION_DOWN reduction_bps: 500")),
              HasReason(reasons::kTargetValueRequired));
  EXPECT_THAT(complete(Target("direction: TARGET_DIRECTION_DOWN baseline: '40'")),
              HasReason(reasons::kTargetValueRequired));
  EXPECT_THAT(complete(Target("direction: TARGET_DIRECTION_DOWN baseline: '40' target_value: '40'")),
              HasReason(reasons::kTargetNotBelowBaseline));
  EXPECT_THAT(complete(Target("direction: TARGET_DIRECTION_UP target_value: '999999999999999'")),
              HasReason("OUT_OF_BOUNDS"));
  EXPECT_THAT(complete(Target("direction: TARGET_DIRECTION_DOWN baseline: '40' target_value: '38.5'")), IsOk());
  EXPECT_THAT(complete(Target("direction: TARGET_DIRECTION_KEEP_ZERO")), IsOk());
  auto backwards = Up("1");
  backwards.mutable_period()->mutable_end_date()->set_year(2025);
  EXPECT_THAT(complete(backwards), HasReason(dangjian::reasons::kDatesOutOfOrder));
}

TEST(TargetRulesTest, ProgressIsKeptInOrderAndReplacedOnTheSameDay) {
  v1::Target target = Up("100");
  Record(target, Day::Of(2026, 6, 30), "50");
  Record(target, Day::Of(2026, 3, 31), "20");
  Record(target, Day::Of(2026, 6, 30), "52");
  ASSERT_EQ(target.progress_size(), 2);
  EXPECT_EQ(target.progress(0).actual(), "20");
  EXPECT_EQ(target.progress(1).actual(), "52");
  EXPECT_THAT(RemoveProgress(target, Day::Of(2026, 4, 1), {}), HasReason(reasons::kUnknownProgress));
  EXPECT_THAT(RemoveProgress(target, Day::Of(2026, 3, 31), {}), IsOk());
  EXPECT_EQ(target.progress_size(), 1);
}

TEST(TargetRulesTest, ProgressLiesWithinThePeriodAndNotInTheFuture) {
  v1::Target target = Up("100");
  v1::TargetProgress progress = Proto<v1::TargetProgress>("actual: '5'");
  EXPECT_THAT(AddProgress(target, progress, {.day = Day::Of(2025, 12, 31), .today = Day::Of(2026, 3, 1)}),
              HasReason(reasons::kDateOutsidePeriod));
  EXPECT_THAT(AddProgress(target, progress, {.day = Day::Of(2026, 4, 1), .today = Day::Of(2026, 3, 1)}),
              HasReason(dangjian::reasons::kDateInFuture));
}

}  // namespace
}  // namespace dangjian::pledge::target_rules
