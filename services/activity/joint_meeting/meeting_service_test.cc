#include "absl/strings/str_cat.h"
#include "dangjian/activity/v1/joint_meeting.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/activity/joint_meeting/meeting_rules.h"
#include "services/activity/testing/harness.h"

namespace dangjian::activity {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::JointMeeting;

const DayRange kYear{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};

class MeetingServiceTest : public ActivityTest {
 protected:
  absl::StatusOr<JointMeeting> Create(const std::string& id, const std::string& kind, const std::string& more) {
    return Call<JointMeeting, v1::CreateJointMeetingRequest>(absl::StrCat(
        "joint_meeting_id: '", id, "' joint_meeting { organization: 'organizations/east' kind: JOINT_MEETING_KIND_",
        kind, " chair: 'members/wang' agenda: '共建事项' ", more, " }"));
  }
  template <class Request>
  absl::StatusOr<JointMeeting> Step(const std::string& more) {
    return Call<JointMeeting, Request>(absl::StrCat("name: 'jointMeetings/m' ", more));
  }
};

TEST_F(MeetingServiceTest, CountsWhatWasHeldByKind) {
  ASSERT_THAT(Create("m", "JOINT_PARTY_MEETING", absl::StrCat("planned_on ", DateText("2026-12-01"))), IsOk());
  EXPECT_EQ(Figure("meetings", "street", kYear), 0) << "planned only";
  ASSERT_THAT(Step<v1::HoldJointMeetingRequest>(
                  absl::StrCat("held_on ", DateText("2026-06-05"),
                               " attendees: 'residentUnits/school' attendees: 'members/li' "
                               "resolutions { resolution_id: '1' text: '签订协议' owner: 'organizations/east' due_on ",
                               DateText("2026-06-30"),
                               " } resolutions { resolution_id: '2' text: '开放操场' owner: "
                               "'residentUnits/school' }")),
              IsOk());
  EXPECT_EQ(Figure("meetings", "street", kYear, {{0, {"JOINT_PARTY_MEETING"}}}), 1);
  EXPECT_EQ(Figure("meetings", "street", kYear, {{0, {"BRANCH_SECRETARIES"}}}), 0);
  EXPECT_EQ(Figure("resolutions", "street", kYear), 2);
  EXPECT_EQ(Figure("resolutions_done", "street", kYear), 0);
  const auto read = Call<JointMeeting, v1::GetJointMeetingRequest>("name: 'jointMeetings/m'");
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->resolutions(0).status(), v1::RESOLUTION_STATUS_OVERDUE);
  EXPECT_EQ(read->resolutions(1).status(), v1::RESOLUTION_STATUS_OPEN);
  EXPECT_THAT(Step<v1::CloseJointMeetingRequest>(""), HasReason(reasons::kResolutionsOpen));
  const auto done = Step<v1::CompleteResolutionRequest>(
      absl::StrCat("resolution_id: '1' done_on ", DateText("2026-07-01"), " on_behalf_of: 'members/li'"));
  ASSERT_THAT(done, IsOk());
  EXPECT_EQ(done->resolutions(0).status(), v1::RESOLUTION_STATUS_DONE);
  ASSERT_THAT(Step<v1::CompleteResolutionRequest>("resolution_id: '2'"), IsOk());
  EXPECT_EQ(Figure("resolutions_done", "street", DayRange{Day::Of(2026, 7, 1), Day::Of(2026, 7, 31)}), 1);
  EXPECT_EQ(Figure("resolutions_done", "street", kYear), 2);
  ASSERT_THAT(Step<v1::CloseJointMeetingRequest>(""), IsOk());
  EXPECT_EQ(Figure("meetings", "street", kYear), 1);
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteJointMeetingRequest>("name: 'jointMeetings/m'")), IsOk());
  EXPECT_EQ(Figure("meetings", "street", kYear), 0);
  EXPECT_EQ(Figure("resolutions_done", "street", kYear), 0);
}

TEST_F(MeetingServiceTest, OneThatWasHeldIsEnteredAtOnce) {
  const auto created =
      Create("m", "BRANCH_SECRETARIES",
             absl::StrCat("held_on ", DateText("2024-02-20"),
                          " campaign: 'campaigns/sanshuang' resolutions { resolution_id: '1' text: '动员' }"));
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->state(), v1::JOINT_MEETING_STATE_HELD);
  EXPECT_EQ(Figure("meetings", "street", DayRange{Day::Of(2024, 1, 1), Day::Of(2024, 6, 30)}), 1);
  const auto list =
      Call<v1::ListJointMeetingsResponse, v1::ListJointMeetingsRequest>("campaign: 'campaigns/sanshuang'");
  ASSERT_THAT(list, IsOk());
  ASSERT_EQ(list->joint_meetings_size(), 1);
  EXPECT_EQ(list->joint_meetings(0).resolutions(0).status(), v1::RESOLUTION_STATUS_OPEN);
}

TEST_F(MeetingServiceTest, CorrectionsMoveTheFiguresAndKeepWhatIsDone) {
  ASSERT_THAT(Create("m", "OTHER",
                     absl::StrCat("held_on ", DateText("2026-02-20"),
                                  " resolutions { resolution_id: '1' text: '甲' } "
                                  "resolutions { resolution_id: '2' text: '乙' }")),
              IsOk());
  ASSERT_THAT(Step<v1::CompleteResolutionRequest>("resolution_id: '2'"), IsOk());
  const auto updated = Call<JointMeeting, v1::UpdateJointMeetingRequest>(
      "joint_meeting { name: 'jointMeetings/m' resolutions { resolution_id: '2' text: '乙改' } } "
      "update_mask { paths: 'resolutions' }");
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->resolutions(0).status(), v1::RESOLUTION_STATUS_DONE);
  EXPECT_EQ(Figure("resolutions", "street", kYear), 1);
  EXPECT_EQ(Figure("resolutions_done", "street", kYear), 1);
  EXPECT_THAT((Call<JointMeeting, v1::UpdateJointMeetingRequest>(
                  "joint_meeting { name: 'jointMeetings/m' } update_mask { paths: 'resolutions' }")),
              HasReason(reasons::kResolutionDoneMissing));
  EXPECT_THAT((Call<JointMeeting, v1::UpdateJointMeetingRequest>(
                  absl::StrCat("joint_meeting { name: 'jointMeetings/m' held_on ", DateText("2026-03-01"),
                               " } update_mask { paths: 'held_on' }"))),
              HasReason("IMMUTABLE_FIELD"));
}

TEST_F(MeetingServiceTest, ACancelledMeetingCountsNothing) {
  ASSERT_THAT(Create("m", "DELIBERATION_COUNCIL", absl::StrCat("planned_on ", DateText("2026-05-01"))), IsOk());
  ASSERT_THAT(Step<v1::CancelJointMeetingRequest>("reason: '改期'"), IsOk());
  EXPECT_THAT(Step<v1::HoldJointMeetingRequest>(""), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(Figure("meetings", "street", kYear), 0);
}

TEST_F(MeetingServiceTest, RefusesBadInput) {
  EXPECT_THAT(Create("m", "OTHER", ""), HasReason(reasons::kMeetingDateRequired));
  EXPECT_THAT(Create("m", "OTHER", absl::StrCat("held_on ", DateText("2026-11-21"))), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(
      Create("m", "OTHER", absl::StrCat("held_on ", DateText("2026-11-20"), " attendees: 'residentUnits/nowhere'")),
      HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(
      Create("m", "OTHER",
             absl::StrCat("planned_on ", DateText("2026-11-20"), " resolutions { resolution_id: '1' text: '甲' }")),
      HasReason(reasons::kMeetingNotHeld));
  EXPECT_EQ(Figure("meetings", "street", kYear), 0);
}

}  // namespace
}  // namespace dangjian::activity
