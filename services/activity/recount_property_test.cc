#include <random>

#include "absl/strings/str_cat.h"
#include "common/status/errors.h"
#include "dangjian/activity/v1/case_indicator.pb.h"
#include "dangjian/activity/v1/civic_post.pb.h"
#include "dangjian/activity/v1/civic_post_claim.pb.h"
#include "dangjian/activity/v1/co_building_agreement.pb.h"
#include "dangjian/activity/v1/joint_meeting.pb.h"
#include "dangjian/activity/v1/patrol_shift.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/activity/testing/harness.h"

// Random work on civic posts, patrols, agreements, meetings and case reports, refused or not: after every hundred steps
// each kept figure equals a recount of the records.

namespace dangjian::activity {
namespace {

using google::protobuf::Empty;

class RecountPropertyTest : public ActivityTest, public ::testing::WithParamInterface<uint32_t> {
 protected:
  int Pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  // One of few, so that steps meet.
  std::string Id() { return absl::StrCat("r-", Pick(6)); }
  std::string Place() { return Pick(2) == 0 ? "organizations/east" : "organizations/west"; }
  std::string Person() {
    static const char* const kPeople[] = {"members/wang", "members/li", "members/zhao"};
    return kPeople[Pick(3)];
  }
  std::string Date() { return DateText(FormatDay(Day::Of(2026, 1, 1) + Pick(320))); }

  // A step that is refused must be refused for a reason of the rules.
  template <class Resp, class Req>
  void Do(const std::string& request) {
    const absl::StatusOr<Resp> answer = Call<Resp, Req>(request);
    if (answer.ok()) {
      ++accepted_;
      return;
    }
    EXPECT_NE(answer.status().code(), absl::StatusCode::kInternal) << request << answer.status();
    EXPECT_NE(answer.status().code(), absl::StatusCode::kUnknown) << request << answer.status();
    EXPECT_NE(answer.status().code(), absl::StatusCode::kDataLoss) << request << answer.status();
  }
  template <class Resp, class Req>
  void Verb(const std::string& collection, const std::string& more) {
    Do<Resp, Req>(absl::StrCat("name: '", collection, "/", Id(), "' ", more));
  }
  template <class Req>
  void Delete(const std::string& collection) {
    Verb<Empty, Req>(collection, "");
  }

  void CivicPostStep();
  void ClaimStep();
  void ShiftStep();
  void AgreementStep();
  void MeetingStep();
  void CaseStep();

  std::mt19937 random_{GetParam()};
  int accepted_ = 0;
};

void RecountPropertyTest::CivicPostStep() {
  switch (Pick(4)) {
    case 0:
      return Do<v1::CivicPost, v1::CreateCivicPostRequest>(
          absl::StrCat("civic_post_id: '", Id(), "' civic_post { organization: '", Place(),
                       "' title: '岗' quota: ", 1 + Pick(2), " set_up_on ", Date(), " }"));
    case 1:
      return Do<v1::CivicPost, v1::UpdateCivicPostRequest>(
          absl::StrCat("civic_post { name: 'civicPosts/", Id(), "' quota: ", 1 + Pick(3), " set_up_on ", Date(),
                       " } update_mask { paths: 'quota' paths: 'set_up_on' }"));
    case 2:
      return Verb<v1::CivicPost, v1::CloseCivicPostRequest>("civicPosts", absl::StrCat("closed_on ", Date()));
    default:
      return Delete<v1::DeleteCivicPostRequest>("civicPosts");
  }
}

void RecountPropertyTest::ClaimStep() {
  const std::string on = absl::StrCat("occurred_on ", Date());
  switch (Pick(6)) {
    case 0:
    case 1:
      return Do<v1::CivicPostClaim, v1::CreateCivicPostClaimRequest>(
          absl::StrCat("civic_post_claim_id: '", Id(), "' civic_post_claim { civic_post: 'civicPosts/", Id(),
                       "' person: '", Person(), "' offered_on ", Date(), " }"));
    case 2:
      return Verb<v1::CivicPostClaim, v1::ClaimCivicPostRequest>("civicPostClaims", on);
    case 3:
      return Verb<v1::CivicPostClaim, v1::StartCivicPostClaimRequest>("civicPostClaims", on);
    case 4:
      return Verb<v1::CivicPostClaim, v1::ReleaseCivicPostClaimRequest>("civicPostClaims", on);
    default:
      return Delete<v1::DeleteCivicPostClaimRequest>("civicPostClaims");
  }
}

void RecountPropertyTest::ShiftStep() {
  const int start = Pick(1400);
  const std::string content =
      absl::StrCat("participants: '", Person(), "' ", Pick(2) == 0 ? "participants: 'residents/zhang-1' " : "",
                   "start_minute: ", start, " end_minute: ", start + Pick(700), " date ", Date(), " ",
                   Pick(2) == 0 ? "findings { text: '灯坏' kind: PATROL_FINDING_KIND_FACILITY }" : "");
  switch (Pick(4)) {
    case 0:
    case 1:
      return Do<v1::PatrolShift, v1::CreatePatrolShiftRequest>(
          absl::StrCat("patrol_shift_id: '", Id(), "' patrol_shift { organization: '", Place(), "' ", content, " }"));
    case 2:
      return Do<v1::PatrolShift, v1::UpdatePatrolShiftRequest>(
          absl::StrCat("patrol_shift { name: 'patrolShifts/", Id(), "' ", content,
                       " } update_mask { paths: 'participants' paths: 'start_minute' paths: 'end_minute' paths: 'date' "
                       "paths: 'findings' }"));
    default:
      return Delete<v1::DeletePatrolShiftRequest>("patrolShifts");
  }
}

void RecountPropertyTest::AgreementStep() {
  using Agreement = v1::CoBuildingAgreement;
  const std::string collection = "coBuildingAgreements";
  const std::string on = absl::StrCat("occurred_on ", Date());
  switch (Pick(10)) {
    case 0:
    case 1:
      return Do<Agreement, v1::CreateCoBuildingAgreementRequest>(
          absl::StrCat("co_building_agreement_id: '", Id(), "' co_building_agreement { organization: '", Place(),
                       "' party: 'residentUnits/school' items { item_id: 'a' side: AGREEMENT_SIDE_UNIT kind: "
                       "AGREEMENT_ITEM_KIND_DUTY text: '事' } valid_from ",
                       Date(), Pick(2) == 0 ? absl::StrCat(" valid_to ", Date()) : "",
                       Pick(2) == 0 ? absl::StrCat(" signed_on ", DateText("2026-01-01")) : "", " }"));
    case 2:
      return Verb<Agreement, v1::SignCoBuildingAgreementRequest>(collection, absl::StrCat("signed_on ", Date()));
    case 3:
      return Verb<Agreement, v1::EnterCoBuildingAgreementIntoForceRequest>(collection, on);
    case 4:
      return Verb<Agreement, v1::RenewCoBuildingAgreementRequest>(
          collection, absl::StrCat("successor_id: '", Id(), "' signed_on ", Date(), " valid_from ", Date()));
    case 5:
      return Verb<Agreement, v1::ExpireCoBuildingAgreementRequest>(collection, on);
    case 6:
      return Verb<Agreement, v1::TerminateCoBuildingAgreementRequest>(collection, absl::StrCat("reason: '迁出' ", on));
    case 7:
      return Verb<Agreement, v1::FulfilAgreementItemRequest>(collection, absl::StrCat("item_id: 'a' done_on ", Date()));
    case 8:
      return Verb<Agreement, v1::ReopenAgreementItemRequest>(collection, "item_id: 'a' reason: '误录'");
    default:
      return Delete<v1::DeleteCoBuildingAgreementRequest>(collection);
  }
}

void RecountPropertyTest::MeetingStep() {
  using Meeting = v1::JointMeeting;
  const std::string collection = "jointMeetings";
  const std::string resolutions = absl::StrCat("resolutions { resolution_id: 'a' text: '甲' } ",
                                               Pick(2) == 0 ? "resolutions { resolution_id: 'b' text: '乙' } " : "");
  switch (Pick(8)) {
    case 0:
      return Do<Meeting, v1::CreateJointMeetingRequest>(
          absl::StrCat("joint_meeting_id: '", Id(), "' joint_meeting { kind: JOINT_MEETING_KIND_OTHER organization: '",
                       Place(), "' planned_on ", Date(), " }"));
    case 1:
      return Do<Meeting, v1::CreateJointMeetingRequest>(absl::StrCat(
          "joint_meeting_id: '", Id(), "' joint_meeting { kind: JOINT_MEETING_KIND_JOINT_PARTY_MEETING organization: '",
          Place(), "' held_on ", Date(), " ", resolutions, "}"));
    case 2:
      return Verb<Meeting, v1::HoldJointMeetingRequest>(collection, absl::StrCat("held_on ", Date(), " ", resolutions));
    case 3:
      return Verb<Meeting, v1::CompleteResolutionRequest>(collection,
                                                          absl::StrCat("resolution_id: 'a' done_on ", Date()));
    case 4:
      return Verb<Meeting, v1::CloseJointMeetingRequest>(collection, "");
    case 5:
      return Verb<Meeting, v1::CancelJointMeetingRequest>(collection, "");
    case 6:
      return Do<Meeting, v1::UpdateJointMeetingRequest>(absl::StrCat(
          "joint_meeting { name: 'jointMeetings/", Id(), "' ", resolutions, "} update_mask { paths: 'resolutions' }"));
    default:
      return Delete<v1::DeleteJointMeetingRequest>(collection);
  }
}

void RecountPropertyTest::CaseStep() {
  const int month = 1 + Pick(10);
  const Day first = Day::Of(2026, month, 1);
  const std::string period = absl::StrCat("period { start_date ", DateText(FormatDay(first)), " end_date ",
                                          DateText(FormatDay(Day::Of(2026, month + 1, 1) - 1)), " }");
  switch (Pick(4)) {
    case 0:
    case 1:
      return Do<v1::CaseReport, v1::CreateCaseReportRequest>(
          absl::StrCat("case_report_id: '", Id(), "' case_report { organization: '", Place(),
                       "' kind: ", Pick(2) == 0 ? "CASE_KIND_CRIMINAL" : "CASE_KIND_PUBLIC_SECURITY",
                       " count: ", Pick(50), " source_document: '月报' ", period, " }"));
    case 2:
      return Do<v1::CaseReport, v1::UpdateCaseReportRequest>(
          absl::StrCat("case_report { name: 'caseReports/", Id(), "' count: ", Pick(50), " ", period,
                       " } update_mask { paths: 'count' paths: 'period' }"));
    default:
      return Delete<v1::DeleteCaseReportRequest>("caseReports");
  }
}

TEST_P(RecountPropertyTest, FiguresEqualARecount) {
  for (int step = 1; step <= 1200; ++step) {
    switch (Pick(6)) {
      case 0:
        CivicPostStep();
        break;
      case 1:
        ClaimStep();
        break;
      case 2:
        ShiftStep();
        break;
      case 3:
        AgreementStep();
        break;
      case 4:
        MeetingStep();
        break;
      default:
        CaseStep();
    }
    if (step % 100 == 0) {
      ASSERT_EQ(Drift(), 0) << "after step " << step;
    }
  }
  EXPECT_GT(accepted_, 300) << "too few steps did something for the test to say anything";
}

INSTANTIATE_TEST_SUITE_P(Seeds, RecountPropertyTest, ::testing::Values(1U, 2U, 3U));

}  // namespace
}  // namespace dangjian::activity
