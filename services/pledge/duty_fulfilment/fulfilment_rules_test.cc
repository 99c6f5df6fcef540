#include "services/pledge/duty_fulfilment/fulfilment_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "common/types/step.h"
#include "services/pledge/recurring_duty/duty_rules.h"

namespace dangjian::pledge::fulfilment_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Day kToday = Day::Of(2026, 11, 20);

v1::RecurringDuty Duty() {
  return Proto<v1::RecurringDuty>(
      "name: 'recurringDuties/d' organization: 'organizations/east' frequency: DUTY_FREQUENCY_MONTHLY "
      "starts_on { year: 2026 month: 1 day: 1 } assignments { member: 'members/b' assigned_from { year: 2026 month: 6 "
      "day: 1 } } assignments { member: 'members/b' assigned_from { year: 2026 month: 1 day: 10 } assigned_to { year: "
      "2026 month: 4 day: 15 } } assignments { member: 'members/a' assigned_from { year: 2026 month: 10 day: 2 } }");
}

v1::DutyFulfilment Fulfilment(Day day, const std::string& member = "members/b") {
  v1::DutyFulfilment fulfilment;
  fulfilment.set_member(member);
  *fulfilment.mutable_occurred_on() = DayToProto(day);
  return fulfilment;
}

TEST(FulfilmentRulesTest, ThePeriodFollowsFromTheDuty) {
  v1::DutyFulfilment fulfilment = Fulfilment(Day::Of(2026, 3, 17));
  ASSERT_THAT(Complete(fulfilment, Duty(), kToday), IsOk());
  EXPECT_EQ(DayFromProto(fulfilment.period_start()), Day::Of(2026, 3, 1));
  EXPECT_EQ(fulfilment.frequency(), v1::DUTY_FREQUENCY_MONTHLY);
  EXPECT_EQ(fulfilment.organization(), "organizations/east");
}

TEST(FulfilmentRulesTest, OnlyAMemberWhoHasTheDutyThatDay) {
  for (const Day day : {Day::Of(2026, 1, 9), Day::Of(2026, 4, 16), Day::Of(2026, 5, 31)}) {
    v1::DutyFulfilment fulfilment = Fulfilment(day);
    EXPECT_THAT(Complete(fulfilment, Duty(), kToday), HasReason(reasons::kDutyMemberNotAssigned)) << FormatDay(day);
  }
  v1::DutyFulfilment stranger = Fulfilment(Day::Of(2026, 7, 1), "members/c");
  EXPECT_THAT(Complete(stranger, Duty(), kToday), HasReason(reasons::kDutyMemberNotAssigned));
  v1::DutyFulfilment ahead = Fulfilment(kToday + 1);
  EXPECT_THAT(Complete(ahead, Duty(), kToday), HasReason(dangjian::reasons::kDateInFuture));
}

TEST(FulfilmentRulesTest, WholePeriodsOfEachAssignmentAreDueWhenTheyAreOver) {
  const std::vector<DuePeriods> due = DueIn(Duty(), {Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)}, kToday);
  ASSERT_EQ(due.size(), 2);
  EXPECT_EQ(due[0].member, "members/a");
  EXPECT_THAT(due[0].starts, IsEmpty()) << "October is not whole, November not over";
  EXPECT_EQ(due[1].member, "members/b");
  EXPECT_THAT(due[1].starts,
              ElementsAre(Day::Of(2026, 2, 1), Day::Of(2026, 3, 1), Day::Of(2026, 6, 1), Day::Of(2026, 7, 1),
                          Day::Of(2026, 8, 1), Day::Of(2026, 9, 1), Day::Of(2026, 10, 1)));
}

TEST(FulfilmentRulesTest, ThoseWithoutTheDutyInTheSpanAreLeftOut) {
  const std::vector<DuePeriods> due = DueIn(Duty(), {Day::Of(2026, 2, 1), Day::Of(2026, 3, 31)}, kToday);
  ASSERT_EQ(due.size(), 1);
  EXPECT_EQ(due[0].starts.size(), 2);
  EXPECT_THAT(DueIn(Duty(), {Day::Of(2026, 5, 1), Day::Of(2026, 5, 31)}, kToday), IsEmpty());
}

}  // namespace
}  // namespace dangjian::pledge::fulfilment_rules
