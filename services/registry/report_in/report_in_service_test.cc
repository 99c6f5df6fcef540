#include <string>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "dangjian/registry/v1/transfer.pb.h"
#include "services/registry/member/member_rules.h"
#include "services/registry/report_in/report_in_rules.h"
#include "services/registry/testing/harness.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::CommunityReportIn;

const Day kToday = Day::Of(2026, 11, 20);

class ReportInServiceTest : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    AddOrganization("district-a", "DISTRICT");
    AddOrganization("district-b", "DISTRICT");
    AddOrganization("c", "COMMUNITY", "parents { parent: 'organizations/district-a' kind: EDGE_KIND_ADMINISTRATIVE }");
    AddOrganization("d", "COMMUNITY", "parents { parent: 'organizations/district-a' kind: EDGE_KIND_ADMINISTRATIVE }");
    AddOrganization("school", "BRANCH", "parents { parent: 'organizations/district-b' kind: EDGE_KIND_PARTY }");
  }

  absl::StatusOr<CommunityReportIn> ReportTeacher() {
    return Call<CommunityReportIn, v1::CreateCommunityReportInRequest>(
        "community_report_in_id: 'r' community_report_in { organization: 'organizations/c' member: 'members/teacher' "
        "reported_on { year: 2024 month: 3 day: 1 } }");
  }
};

TEST_F(ReportInServiceTest, WorkedExample6OneMemberTwoPlaces) {
  v1::BatchCreateMembersRequest members;
  for (int i = 0; i < 132; ++i) {
    v1::CreateMemberRequest& request = *members.add_requests();
    request.mutable_member()->set_display_name("社区党员");
    *request.mutable_member()->mutable_admitted_on() = DayToProto(Day::Of(2009, 1, 1));
    request.mutable_member()->add_relations()->set_organization("organizations/c");
  }
  ASSERT_THAT(Call<v1::BatchCreateMembersResponse>(members), IsOk());
  AddMember("teacher", "school");
  ASSERT_THAT(ReportTeacher(), IsOk());
  v1::BatchCreateCommunityReportInsRequest report_ins;
  for (int i = 0; i < 225; ++i) {
    v1::CreateCommunityReportInRequest& request = *report_ins.add_requests();
    request.mutable_community_report_in()->set_organization("organizations/c");
    request.mutable_community_report_in()->set_person_name("在职党员");
    *request.mutable_community_report_in()->mutable_reported_on() = DayToProto(Day::Of(2024, 3, 1));
  }
  ASSERT_THAT(Call<v1::BatchCreateCommunityReportInsResponse>(report_ins), IsOk());

  EXPECT_EQ(Figure("members", "c", kToday), 132);
  EXPECT_EQ(Figure("community_report_ins", "c", kToday), 226);
  EXPECT_EQ(Figure("members", "district-a", kToday), 132);
  EXPECT_EQ(Figure("members", "school", kToday), 1);
  EXPECT_EQ(Figure("members", "district-b", kToday), 1);

  // In transit from C to the school: still one of the 132 until received.
  const std::string mover =
      Call<v1::ListMembersResponse, v1::ListMembersRequest>("organization: 'organizations/c' page_size: 1")
          ->members(0)
          .name();
  ASSERT_THAT((Call<v1::MemberTransfer, v1::CreateMemberTransferRequest>(absl::StrCat(
                  "member_transfer_id: 't' member_transfer { member: '", mover,
                  "' to_organization: ", "'organizations/school' requested_on { year: 2026 month: 11 day: 1 } }"))),
              IsOk());
  const std::string name = "name: 'memberTransfers/t' occurred_on { year: 2026 month: 11 day: 10 }";
  ASSERT_THAT((Call<v1::MemberTransfer, v1::IssueMemberTransferRequest>(name)), IsOk());
  EXPECT_EQ(Figure("members", "c", kToday), 132);
  ASSERT_THAT((Call<v1::MemberTransfer, v1::ReceiveMemberTransferRequest>(name)), IsOk());
  EXPECT_EQ(Figure("members", "c", kToday), 131);
  EXPECT_EQ(Figure("members", "school", kToday), 2);
}

TEST_F(ReportInServiceTest, TheRelationStaysWhereItIs) {
  AddMember("teacher", "school");
  ASSERT_THAT(ReportTeacher(), IsOk());
  const auto teacher = Call<v1::Member, v1::GetMemberRequest>("name: 'members/teacher'");
  EXPECT_EQ(teacher->organization(), "organizations/school");
  EXPECT_EQ(teacher->relations_size(), 1);
}

TEST_F(ReportInServiceTest, NobodyReportsTwiceToOneHost) {
  AddMember("teacher", "school");
  ASSERT_THAT(ReportTeacher(), IsOk());
  EXPECT_THAT((Call<CommunityReportIn, v1::CreateCommunityReportInRequest>(
                  "community_report_in { organization: 'organizations/c' member: 'members/teacher' "
                  "reported_on { year: 2024 month: 4 day: 1 } }")),
              HasReason(reasons::kAlreadyReportedIn));
}

TEST_F(ReportInServiceTest, AMoveIsOneTransaction) {
  AddMember("teacher", "school");
  ASSERT_THAT(ReportTeacher(), IsOk());
  const auto moved = Call<v1::MoveCommunityReportInResponse, v1::MoveCommunityReportInRequest>(
      "name: 'communityReportIns/r' organization: 'organizations/d' occurred_on { year: 2024 month: 5 day: 1 }");
  ASSERT_THAT(moved, IsOk());
  EXPECT_EQ(moved->moved().successor(), moved->successor().name());
  EXPECT_EQ(moved->moved().etag(), moved->successor().etag());
  const Day before = Day::Of(2024, 4, 30);
  const Day after = Day::Of(2024, 5, 1);
  EXPECT_EQ(Figure("community_report_ins", "c", before), 1);
  EXPECT_EQ(Figure("community_report_ins", "c", after), 0);
  EXPECT_EQ(Figure("community_report_ins", "d", after), 1);
  EXPECT_EQ(Figure("community_report_ins", "district-a", after), 1);
}

TEST_F(ReportInServiceTest, EndsAndIsNoLongerCounted) {
  AddMember("teacher", "school");
  ASSERT_THAT(ReportTeacher(), IsOk());
  const std::string end = "name: 'communityReportIns/r' occurred_on { year: 2024 month: 5 day: 1 } reason: '迁居'";
  ASSERT_THAT((Call<CommunityReportIn, v1::EndCommunityReportInRequest>(end)), IsOk());
  EXPECT_EQ(Figure("community_report_ins", "c", Day::Of(2024, 4, 30)), 1);
  EXPECT_EQ(Figure("community_report_ins", "c", Day::Of(2024, 5, 1)), 0);
  EXPECT_THAT((Call<CommunityReportIn, v1::EndCommunityReportInRequest>(end)), HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(ReportInServiceTest, AnUnknownMemberIsRefused) {
  EXPECT_THAT(ReportTeacher(), HasReason("REFERENCE_NOT_FOUND"));
}

}  // namespace
}  // namespace dangjian::registry
