#include "services/pledge/recurring_duty/duty_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::pledge::duty_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Day kToday = Day::Of(2026, 11, 20);

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = kToday}; }

v1::RecurringDuty Duty(const std::string& more = "") {
  auto duty = Proto<v1::RecurringDuty>(
      "name: 'recurringDuties/d' frequency: DUTY_FREQUENCY_WEEKLY starts_on { year: 2026 month: 1 day: 1 } " + more);
  Initialize(duty);
  return duty;
}

absl::Status Checked(const v1::RecurringDuty& duty) {
  Violations violations;
  CheckContent(duty, kToday, violations);
  return violations.ToStatus();
}

TEST(DutyRulesTest, PeriodsFollowTheCalendar) {
  const Day day = Day::Of(2026, 11, 18);  // a Wednesday
  EXPECT_EQ(PeriodOf(v1::DUTY_FREQUENCY_DAILY, day), (DayRange{day, day}));
  EXPECT_EQ(PeriodOf(v1::DUTY_FREQUENCY_WEEKLY, day), (DayRange{Day::Of(2026, 11, 16), Day::Of(2026, 11, 22)}));
  EXPECT_EQ(PeriodOf(v1::DUTY_FREQUENCY_MONTHLY, day), (DayRange{Day::Of(2026, 11, 1), Day::Of(2026, 11, 30)}));
  EXPECT_EQ(PeriodOf(v1::DUTY_FREQUENCY_QUARTERLY, day), (DayRange{Day::Of(2026, 10, 1), Day::Of(2026, 12, 31)}));
  EXPECT_EQ(PeriodOf(v1::DUTY_FREQUENCY_YEARLY, day), (DayRange{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)}));
}

TEST(DutyRulesTest, PeriodsAtTheirEdges) {
  EXPECT_EQ(PeriodOf(v1::DUTY_FREQUENCY_WEEKLY, Day::Of(2026, 11, 16)).first, Day::Of(2026, 11, 16));
  EXPECT_EQ(PeriodOf(v1::DUTY_FREQUENCY_WEEKLY, Day::Of(2026, 11, 22)).first, Day::Of(2026, 11, 16));
  EXPECT_EQ(PeriodOf(v1::DUTY_FREQUENCY_WEEKLY, Day::Of(1969, 12, 31)).first, Day::Of(1969, 12, 29));
  EXPECT_EQ(PeriodOf(v1::DUTY_FREQUENCY_WEEKLY, Day::Of(1969, 12, 28)).first, Day::Of(1969, 12, 22));
  EXPECT_EQ(PeriodOf(v1::DUTY_FREQUENCY_MONTHLY, Day::Of(2024, 2, 29)).last, Day::Of(2024, 2, 29));
  EXPECT_EQ(PeriodOf(v1::DUTY_FREQUENCY_MONTHLY, Day::Of(2026, 12, 31)).last, Day::Of(2026, 12, 31));
}

TEST(DutyRulesTest, OnlyWholePeriodsAreDue) {
  const DayRange days{Day::Of(2026, 1, 2), Day::Of(2026, 3, 30)};
  EXPECT_THAT(WholePeriods(v1::DUTY_FREQUENCY_MONTHLY, days), ElementsAre(Day::Of(2026, 2, 1)));
  EXPECT_THAT(WholePeriods(v1::DUTY_FREQUENCY_QUARTERLY, days), IsEmpty());
  EXPECT_EQ(WholePeriods(v1::DUTY_FREQUENCY_DAILY, days).size(), 88);
  // Mondays from 2026-01-05 on; the week of 2026-03-30 is cut off.
  EXPECT_EQ(WholePeriods(v1::DUTY_FREQUENCY_WEEKLY, days).size(), 12);
  EXPECT_THAT(WholePeriods(v1::DUTY_FREQUENCY_YEARLY, {Day::Of(2025, 1, 1), Day::Of(2026, 12, 31)}),
              ElementsAre(Day::Of(2025, 1, 1), Day::Of(2026, 1, 1)));
  EXPECT_THAT(WholePeriods(v1::DUTY_FREQUENCY_DAILY, {Day::Of(2026, 1, 2), Day::Of(2026, 1, 1)}), IsEmpty());
}

TEST(DutyRulesTest, ContentIsChecked) {
  EXPECT_THAT(Checked(Duty("assignments { member: 'members/a' assigned_from { year: 2026 month: 1 day: 1 } }")),
              IsOk());
  EXPECT_THAT(Checked(Duty("ends_on { year: 2025 month: 12 day: 31 }")),
              HasReason(dangjian::reasons::kDatesOutOfOrder));
  EXPECT_THAT(Checked(Duty("assignments { member: 'members/a' assigned_from { year: 2025 month: 12 day: 31 } }")),
              HasReason(reasons::kDutyDateOutside));
  EXPECT_THAT(Checked(Duty("assignments { member: 'members/a' assigned_from { year: 2026 month: 12 day: 1 } }")),
              HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_THAT(Checked(Duty("assignments { member: 'members/a' assigned_from { year: 2026 month: 1 day: 1 } } "
                           "assignments { member: 'members/a' assigned_from { year: 2026 month: 3 day: 1 } }")),
              HasReason(reasons::kDutyAssignedTwice));
  v1::RecurringDuty later = Duty();
  *later.mutable_starts_on() = DayToProto(kToday + 1);
  EXPECT_THAT(Checked(later), HasReason(dangjian::reasons::kDateInFuture));
}

TEST(DutyRulesTest, AMemberIsAssignedReleasedAndAssignedAgain) {
  v1::RecurringDuty duty = Duty();
  ASSERT_THAT(Assign(duty, "members/a", Day::Max(), On(2, 1)), IsOk());
  EXPECT_THAT(Assign(duty, "members/a", Day::Max(), On(3, 1)), HasReason(reasons::kDutyAssignedTwice));
  EXPECT_THAT(Release(duty, "members/b", On(3, 1)), HasReason(reasons::kDutyMemberNotAssigned));
  EXPECT_THAT(Release(duty, "members/a", On(1, 31)), HasReason(reasons::kDutyMemberNotAssigned));
  ASSERT_THAT(Release(duty, "members/a", On(3, 31)), IsOk());
  EXPECT_NE(AssignmentOn(duty, "members/a", Day::Of(2026, 3, 31)), nullptr) << "the day of the release is the last";
  EXPECT_EQ(AssignmentOn(duty, "members/a", Day::Of(2026, 4, 1)), nullptr);
  EXPECT_EQ(AssignmentOn(duty, "members/a", Day::Of(2026, 1, 31)), nullptr);
  ASSERT_THAT(Assign(duty, "members/a", Day::Of(2026, 12, 31), On(4, 1)), IsOk());
  EXPECT_EQ(duty.assignments_size(), 2);
  EXPECT_EQ(duty.transitions(2).state(), "members/a:ASSIGNED");
  EXPECT_THAT(Assign(duty, "members/b", Day::Of(2026, 4, 30), On(5, 1)),
              HasReason(dangjian::reasons::kDatesOutOfOrder));
  EXPECT_EQ(duty.assignments_size(), 2);
}

TEST(DutyRulesTest, TheEndCutsEveryAssignment) {
  v1::RecurringDuty duty = Duty("ends_on { year: 2026 month: 12 day: 31 }");
  ASSERT_THAT(Assign(duty, "members/a", Day::Max(), On(2, 1)), IsOk());
  ASSERT_THAT(Assign(duty, "members/b", Day::Max(), On(9, 1)), IsOk());
  EXPECT_THAT(Assign(duty, "members/c", Day::Of(2027, 1, 1), On(9, 1)), HasReason(reasons::kDutyDateOutside));
  EXPECT_THAT(End(duty, {.day = Day::Of(2025, 12, 31), .today = kToday}), HasReason(reasons::kDutyDateOutside));
  ASSERT_THAT(End(duty, On(8, 31)), IsOk());
  EXPECT_EQ(DaysOf(duty, duty.assignments(0)), (DayRange{Day::Of(2026, 2, 1), Day::Of(2026, 8, 31)}));
  EXPECT_FALSE(DaysOf(duty, duty.assignments(1)).has_value());
  EXPECT_THAT(End(duty, On(8, 31)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Assign(duty, "members/c", Day::Max(), On(3, 1)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Release(duty, "members/a", On(3, 1)), HasReason("ILLEGAL_TRANSITION"));
}

}  // namespace
}  // namespace dangjian::pledge::duty_rules
