#include "services/activity/patrol_shift/shift_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "common/types/step.h"

namespace dangjian::activity::shift_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

const Day kDay = Day::Of(2026, 11, 1);

v1::PatrolShift Shift(Day day, int32_t start, int32_t end, std::vector<std::string> people = {"members/wang"}) {
  v1::PatrolShift shift;
  *shift.mutable_date() = DayToProto(day);
  shift.set_start_minute(start);
  shift.set_end_minute(end);
  for (const std::string& person : people) shift.add_participants(person);
  return shift;
}

absl::Status Check(const v1::PatrolShift& shift, Day today = kDay) {
  Violations violations;
  CheckContent(shift, today, violations);
  return violations.ToStatus();
}

TEST(ShiftRulesTest, ContentIsChecked) {
  EXPECT_THAT(Check(Shift(kDay, 480, 540)), IsOk());
  EXPECT_THAT(Check(Shift(kDay, 540, 540)), HasReason(reasons::kPatrolTimesOutOfOrder));
  EXPECT_THAT(Check(Shift(kDay, 480, 540), kDay - 1), HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_THAT(Check(Shift(kDay, 480, 540, {"members/wang", "members/wang"})),
              HasReason(reasons::kPatrolParticipantTwice));
}

TEST(ShiftRulesTest, OverlapsByMinutesAndPeople) {
  const v1::PatrolShift morning = Shift(kDay, 480, 540);
  EXPECT_EQ(Overlapping(morning, Shift(kDay, 539, 600)), "members/wang");
  EXPECT_EQ(Overlapping(morning, Shift(kDay, 540, 600)), "") << "one after the other";
  EXPECT_EQ(Overlapping(morning, Shift(kDay, 480, 540, {"members/li"})), "");
  EXPECT_EQ(Overlapping(morning, Shift(kDay + 1, 480, 540)), "");
  EXPECT_EQ(Overlapping(Shift(kDay, 1320, 1500), Shift(kDay + 1, 59, 120)), "members/wang") << "past midnight";
  EXPECT_EQ(Overlapping(Shift(kDay, 1320, 1500), Shift(kDay + 1, 60, 120)), "");
}

TEST(ShiftRulesTest, HoursAreRoundedOnce) {
  EXPECT_EQ(PersonHours(Shift(kDay, 480, 600)), 200);
  EXPECT_EQ(PersonHours(Shift(kDay, 480, 500)), 33);
  EXPECT_EQ(PersonHours(Shift(kDay, 480, 500, {"members/a", "members/b", "members/c"})), 100) << "not three times 0.33";
}

}  // namespace
}  // namespace dangjian::activity::shift_rules
