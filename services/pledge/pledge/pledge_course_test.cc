#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "gmock/gmock.h"
#include "services/pledge/pledge/pledge_rules.h"

namespace dangjian::pledge::pledge_rules {
namespace {

using ::dangjian::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

DayCount At(int month, int day, int64_t items) { return {Day::Of(2026, month, day), items}; }
Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 12, 31)}; }
const Judge kBranch{.name = "organizations/east-branch"};

// Published on 1 March with items due on the days given.
v1::Pledge Published(const std::vector<Day>& due_dates) {
  v1::Pledge pledge;
  pledge.set_pledger("members/wang");
  for (const Day due : due_dates) *pledge.add_items()->mutable_due_date() = DayToProto(due);
  Initialize(pledge);
  EXPECT_THAT(Submit(pledge, On(3, 1)), IsOk());
  EXPECT_THAT(Review(pledge, On(3, 1)), IsOk());
  EXPECT_THAT(Publish(pledge, On(3, 1)), IsOk());
  return pledge;
}

TEST(PledgeCourseTest, NothingBeforePublication) {
  v1::Pledge pledge;
  *pledge.add_items()->mutable_due_date() = DayToProto(Day::Of(2026, 6, 30));
  Initialize(pledge);
  EXPECT_THAT(CourseOf(pledge).published, IsEmpty());
  EXPECT_THAT(CourseOf(pledge).due, IsEmpty());
}

TEST(PledgeCourseTest, AnUnclaimedItemFallsBehindTheDayAfterItsDueDate) {
  const Course course = CourseOf(Published({Day::Of(2026, 6, 30), Day::Of(2026, 9, 30)}));
  EXPECT_THAT(course.published, ElementsAre(At(3, 1, 2)));
  EXPECT_THAT(course.standing, ElementsAre(At(3, 1, 2)));
  EXPECT_THAT(course.on_schedule, ElementsAre(At(3, 1, 2), At(7, 1, -1), At(10, 1, -1)));
  EXPECT_THAT(course.due, ElementsAre(At(6, 30, 1), At(9, 30, 1)));
  EXPECT_THAT(course.verified, IsEmpty());
}

TEST(PledgeCourseTest, AClaimInTimeKeepsItOnSchedule) {
  v1::Pledge pledge = Published({Day::Of(2026, 6, 30)});
  ASSERT_THAT(ClaimItem(pledge, "1", {}, On(6, 30)), IsOk());
  EXPECT_THAT(CourseOf(pledge).on_schedule, ElementsAre(At(3, 1, 1)));
  ASSERT_THAT(VerifyItem(pledge, "1", kBranch, On(7, 15)), IsOk());
  EXPECT_THAT(CourseOf(pledge).on_schedule, ElementsAre(At(3, 1, 1)));
  EXPECT_THAT(CourseOf(pledge).verified, ElementsAre(At(7, 15, 1)));
}

TEST(PledgeCourseTest, ALateClaimBringsItBack) {
  v1::Pledge pledge = Published({Day::Of(2026, 6, 30)});
  ASSERT_THAT(ClaimItem(pledge, "1", {}, On(8, 1)), IsOk());
  EXPECT_THAT(CourseOf(pledge).on_schedule, ElementsAre(At(3, 1, 1), At(7, 1, -1), At(8, 1, 1)));
}

TEST(PledgeCourseTest, NotMetTakesItAway) {
  v1::Pledge early = Published({Day::Of(2026, 6, 30)});
  ASSERT_THAT(RecordNotMet(early, "1", kBranch, v1::NOT_MET_CAUSE_OBJECTIVE, "x", On(5, 1)), IsOk());
  EXPECT_THAT(CourseOf(early).on_schedule, ElementsAre(At(3, 1, 1), At(5, 1, -1)));

  v1::Pledge overdue = Published({Day::Of(2026, 6, 30)});
  ASSERT_THAT(RecordNotMet(overdue, "1", kBranch, v1::NOT_MET_CAUSE_OBJECTIVE, "x", On(9, 1)), IsOk());
  EXPECT_THAT(CourseOf(overdue).on_schedule, ElementsAre(At(3, 1, 1), At(7, 1, -1)));

  v1::Pledge claimed = Published({Day::Of(2026, 6, 30)});
  ASSERT_THAT(ClaimItem(claimed, "1", {}, On(8, 1)), IsOk());
  ASSERT_THAT(RecordNotMet(claimed, "1", kBranch, v1::NOT_MET_CAUSE_OBJECTIVE, "x", On(9, 1)), IsOk());
  EXPECT_THAT(CourseOf(claimed).on_schedule, ElementsAre(At(3, 1, 1), At(7, 1, -1), At(8, 1, 1), At(9, 1, -1)));
  EXPECT_THAT(CourseOf(claimed).standing, ElementsAre(At(3, 1, 1)));
}

TEST(PledgeCourseTest, AnAmendmentCountsFromRepublicationOn) {
  v1::Pledge pledge = Published({Day::Of(2026, 6, 30), Day::Of(2026, 9, 30)});
  auto items = pledge.items();
  *items[0].mutable_due_date() = DayToProto(Day::Of(2026, 8, 31));  // a later due date for the first
  items.DeleteSubrange(1, 1);                                       // the second is dropped
  *items.Add()->mutable_due_date() = DayToProto(Day::Of(2026, 12, 1));
  ASSERT_THAT(Amend(pledge, items, On(7, 5)), IsOk());
  EXPECT_THAT(CourseOf(pledge).standing, ElementsAre(At(3, 1, 2))) << "nothing changes before re-publication";
  ASSERT_THAT(Publish(pledge, On(7, 10)), IsOk());
  const Course course = CourseOf(pledge);
  EXPECT_THAT(course.published, ElementsAre(At(3, 1, 2), At(7, 10, 1)));
  EXPECT_THAT(course.standing, ElementsAre(At(3, 1, 2))) << "one came, one went";
  // 1: overdue on 1 July, back by the new date on 10 July, overdue again on 1 September. On 10 July 2 leaves
  // and 3 comes.
  EXPECT_THAT(course.on_schedule, ElementsAre(At(3, 1, 2), At(7, 1, -1), At(7, 10, 1), At(9, 1, -1), At(12, 2, -1)));
  // The dropped item was never due; the moved one was due by each of its dates.
  EXPECT_THAT(course.due, ElementsAre(At(6, 30, 1), At(8, 31, 1), At(12, 1, 1)));
}

}  // namespace
}  // namespace dangjian::pledge::pledge_rules
