#include "services/activity/joint_meeting/meeting_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::activity::meeting_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

const Day kToday = Day::Of(2026, 11, 20);

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = kToday}; }

v1::JointMeeting Planned() {
  v1::JointMeeting meeting;
  meeting.set_name("jointMeetings/m");
  *meeting.mutable_planned_on() = DayToProto(Day::Of(2026, 3, 1));
  Initialize(meeting, On(11, 20));
  return meeting;
}

v1::HoldJointMeetingRequest Resolved(std::initializer_list<const char*> ids) {
  v1::HoldJointMeetingRequest request;
  for (const char* id : ids) request.add_resolutions()->set_resolution_id(id);
  return request;
}

TEST(MeetingRulesTest, LivesFromPlanToClosing) {
  v1::JointMeeting meeting = Planned();
  EXPECT_EQ(meeting.state(), v1::JOINT_MEETING_STATE_PLANNED);
  EXPECT_THAT(CompleteResolution(meeting, "1", On(3, 2)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Close(meeting, On(3, 2)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Hold(meeting, Resolved({"1", "2"}), On(3, 2)), IsOk());
  EXPECT_THAT(Hold(meeting, Resolved({}), On(3, 3)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Cancel(meeting, On(3, 3)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CompleteResolution(meeting, "9", On(3, 3)), HasReason(reasons::kUnknownResolution));
  EXPECT_THAT(CompleteResolution(meeting, "1", On(3, 1)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(CompleteResolution(meeting, "1", On(4, 1)), IsOk());
  EXPECT_THAT(CompleteResolution(meeting, "1", On(4, 2)), HasReason(reasons::kResolutionDone));
  EXPECT_THAT(Close(meeting, On(5, 1)), HasReason(reasons::kResolutionsOpen));
  ASSERT_THAT(CompleteResolution(meeting, "2", On(6, 1)), IsOk());
  EXPECT_THAT(Close(meeting, On(5, 31)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(Close(meeting, On(6, 1)), IsOk());
  v1::JointMeeting changed = meeting;
  EXPECT_THAT(CheckChange(meeting, changed), HasReason("ILLEGAL_TRANSITION"));
}

TEST(MeetingRulesTest, ACancelledMeetingIsNotHeld) {
  v1::JointMeeting meeting = Planned();
  ASSERT_THAT(Cancel(meeting, On(2, 20)), IsOk());
  EXPECT_THAT(Hold(meeting, Resolved({}), On(3, 1)), HasReason("ILLEGAL_TRANSITION"));
}

TEST(MeetingRulesTest, ContentIsChecked) {
  const auto check = [](const v1::JointMeeting& meeting) {
    Violations violations;
    CheckContent(meeting, kToday, violations);
    return violations.ToStatus();
  };
  v1::JointMeeting meeting;
  EXPECT_THAT(check(meeting), HasReason(reasons::kMeetingDateRequired));
  meeting = Planned();
  EXPECT_THAT(check(meeting), IsOk());
  meeting.add_resolutions()->set_resolution_id("1");
  EXPECT_THAT(check(meeting), HasReason(reasons::kMeetingNotHeld));
  *meeting.mutable_held_on() = DayToProto(kToday);
  EXPECT_THAT(check(meeting), IsOk());
  *meeting.mutable_resolutions(0)->mutable_due_on() = DayToProto(kToday - 1);
  EXPECT_THAT(check(meeting), HasReason(reasons::kResolutionBeforeMeeting));
  meeting.mutable_resolutions(0)->clear_due_on();
  meeting.add_resolutions()->set_resolution_id("1");
  EXPECT_THAT(check(meeting), HasReason(reasons::kDuplicateResolution));
  meeting = Planned();
  *meeting.mutable_held_on() = DayToProto(kToday + 1);
  EXPECT_THAT(check(meeting), HasReason(dangjian::reasons::kDateInFuture));
}

TEST(MeetingRulesTest, AResolutionIsOverdueFromTheDayAfter) {
  v1::JointMeeting meeting = Planned();
  ASSERT_THAT(Hold(meeting, Resolved({"1", "2"}), On(3, 2)), IsOk());
  *meeting.mutable_resolutions(0)->mutable_due_on() = DayToProto(Day::Of(2026, 4, 30));
  DeriveStatus(meeting, Day::Of(2026, 4, 30));
  EXPECT_EQ(meeting.resolutions(0).status(), v1::RESOLUTION_STATUS_OPEN);
  DeriveStatus(meeting, Day::Of(2026, 5, 1));
  EXPECT_EQ(meeting.resolutions(0).status(), v1::RESOLUTION_STATUS_OVERDUE);
  EXPECT_EQ(meeting.resolutions(1).status(), v1::RESOLUTION_STATUS_OPEN) << "no day was set";
  ASSERT_THAT(CompleteResolution(meeting, "1", On(6, 1)), IsOk());
  DeriveStatus(meeting, Day::Of(2026, 6, 1));
  EXPECT_EQ(meeting.resolutions(0).status(), v1::RESOLUTION_STATUS_DONE);
}

TEST(MeetingRulesTest, AChangeKeepsWhatIsDone) {
  v1::JointMeeting meeting = Planned();
  ASSERT_THAT(Hold(meeting, Resolved({"1", "2"}), On(3, 2)), IsOk());
  ASSERT_THAT(CompleteResolution(meeting, "2", On(4, 1)), IsOk());
  v1::JointMeeting changed = meeting;
  changed.mutable_resolutions()->DeleteSubrange(0, 1);
  changed.mutable_resolutions(0)->clear_done_on();
  ASSERT_THAT(CheckChange(meeting, changed), IsOk());
  EXPECT_EQ(DayFromProto(changed.resolutions(0).done_on()), Day::Of(2026, 4, 1));
  changed.clear_resolutions();
  EXPECT_THAT(CheckChange(meeting, changed), HasReason(reasons::kResolutionDoneMissing));
}

}  // namespace
}  // namespace dangjian::activity::meeting_rules
