#include <string>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "services/registry/member/member_rules.h"
#include "services/registry/testing/harness.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::Member;

class MemberServiceTest : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    AddOrganization("street", "SUB_DISTRICT");
    AddOrganization("branch", "BRANCH", "parents { parent: 'organizations/street' kind: EDGE_KIND_PARTY }");
  }
};

TEST_F(MemberServiceTest, CountsByStatusOverTheWholeMembership) {
  ASSERT_THAT((Call<Member, v1::CreateMemberRequest>(
                  "member_id: 'm' member { display_name: '李四' admitted_on { year: 2024 month: 3 day: 10 } "
                  "relations { organization: 'organizations/branch' } }")),
              IsOk());
  ASSERT_THAT((Call<Member, v1::ConfirmMemberRequest>(
                  "name: 'members/m' occurred_on { year: 2025 month: 3 day: 10 } reason: '按期转正'")),
              IsOk());
  ASSERT_THAT(
      (Call<Member, v1::RemoveMemberRequest>("name: 'members/m' kind: REMOVAL_KIND_WITHDRAWAL reason: '本人申请' "
                                             "occurred_on { year: 2026 month: 2 day: 1 }")),
      IsOk());
  const auto probationary = [&](Day day) { return Figure("members", "street", day, {{0, {"PROBATIONARY"}}}); };
  const auto full = [&](Day day) { return Figure("members", "street", day, {{0, {"FULL"}}}); };
  EXPECT_EQ(Figure("members", "street", Day::Of(2024, 3, 9)), 0);
  EXPECT_EQ(probationary(Day::Of(2024, 3, 10)), 1);
  EXPECT_EQ(probationary(Day::Of(2025, 3, 9)), 1);
  EXPECT_EQ(probationary(Day::Of(2025, 3, 10)), 0);
  EXPECT_EQ(full(Day::Of(2025, 3, 10)), 1);
  EXPECT_EQ(full(Day::Of(2026, 1, 31)), 1);
  EXPECT_EQ(Figure("members", "street", Day::Of(2026, 2, 1)), 0);
}

TEST_F(MemberServiceTest, TheWholeMachineThroughTheApi) {
  ASSERT_THAT((Call<Member, v1::CreateMemberRequest>(
                  "member_id: 'm' member { display_name: '李四' admitted_on { year: 2022 month: 3 day: 10 } "
                  "relations { organization: 'organizations/branch' } }")),
              IsOk());
  const auto extended = Call<Member, v1::ExtendProbationRequest>(
      "name: 'members/m' occurred_on { year: 2023 month: 3 day: 10 } reason: '考察' "
      "probation_due_on { year: 2023 month: 9 day: 10 }");
  ASSERT_THAT(extended, IsOk());
  EXPECT_EQ(extended->category(), v1::MEMBER_CATEGORY_PROBATIONARY);
  ASSERT_THAT((Call<Member, v1::ConfirmMemberRequest>("name: 'members/m' occurred_on { year: 2023 month: 9 day: 10 }")),
              IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT((Call<Member, v1::CancelMembershipRequest>(
                  "name: 'members/m' occurred_on { year: 2023 month: 10 day: 1 } reason: '不可'")),
              HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(LastRevision(), before);
  ASSERT_THAT((Call<Member, v1::SuspendMemberRequest>(
                  "name: 'members/m' occurred_on { year: 2024 month: 1 day: 1 } reason: '失去联系'")),
              IsOk());
  EXPECT_EQ(Figure("members", "street", Day::Of(2024, 1, 1), {{0, {"SUSPENDED"}}}), 1);
  ASSERT_THAT((Call<Member, v1::RestoreMemberRequest>("name: 'members/m' occurred_on { year: 2024 month: 5 day: 1 }")),
              IsOk());
  const auto dead =
      Call<Member, v1::RecordDeathRequest>("name: 'members/m' occurred_on { year: 2025 month: 1 day: 1 }");
  ASSERT_THAT(dead, IsOk());
  EXPECT_EQ(dead->transitions_size(), 6);
  EXPECT_EQ(Figure("members", "street", Day::Of(2025, 1, 1)), 0);
}

TEST_F(MemberServiceTest, ASecondRelationIsRefused) {
  const int64_t before = LastRevision();
  EXPECT_THAT(
      (Call<Member, v1::CreateMemberRequest>(
          "member { display_name: '李四' admitted_on { year: 2024 month: 3 day: 10 } "
          "relations { organization: 'organizations/branch' } relations { organization: 'organizations/street' } }")),
      HasReason(reasons::kSecondRelation));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(MemberServiceTest, AnUnknownOrganisationIsRefused) {
  const int64_t before = LastRevision();
  EXPECT_THAT((Call<Member, v1::CreateMemberRequest>(
                  "member { display_name: '李四' admitted_on { year: 2024 month: 3 day: 10 } "
                  "relations { organization: 'organizations/nowhere' } }")),
              HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(MemberServiceTest, AMemberThatDoesNotExistIsNotFound) {
  const int64_t before = LastRevision();
  EXPECT_THAT((Call<Member, v1::GetMemberRequest>("name: 'members/nobody'")), HasReason("RECORD_NOT_FOUND"));
  EXPECT_THAT(
      (Call<Member, v1::ConfirmMemberRequest>("name: 'members/nobody' occurred_on { year: 2024 month: 3 day: 10 }")),
      HasReason("RECORD_NOT_FOUND"));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(MemberServiceTest, AllBadFieldsAtOnce) {
  const int64_t before = LastRevision();
  const auto refused = Call<Member, v1::CreateMemberRequest>(
      "member { ethnicity_code: 'x' admitted_on { year: 2024 month: 2 day: 30 } }");
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  const std::string text = refused.status().ToString();
  for (const char* field : {"display_name", "ethnicity_code", "admitted_on", "relations"}) {
    EXPECT_NE(text.find(field), std::string::npos) << field << " is not in: " << text;
  }
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(MemberServiceTest, StatusAndRelationAreNotUpdated) {
  AddMember("m", "branch");
  for (const char* path : {"status", "relations", "organization", "full_on", "admitted_on"}) {
    EXPECT_THAT((Call<Member, v1::UpdateMemberRequest>(absl::StrCat(
                    "member { name: 'members/m' admitted_on { year: 2009 month: 1 day: 2 } ",
                    "relations { organization: 'organizations/street' } } update_mask { paths: '", path, "' }"))),
                HasReason("IMMUTABLE_FIELD"))
        << path;
  }
  const auto updated = Call<Member, v1::UpdateMemberRequest>(
      "member { name: 'members/m' retired: true } update_mask { paths: 'retired' }");
  ASSERT_THAT(updated, IsOk());
  EXPECT_TRUE(updated->retired());
  EXPECT_EQ(updated->status(), v1::MEMBER_STATUS_FULL);
}

TEST_F(MemberServiceTest, ListsByOrganisationAndStatus) {
  AddMember("a", "branch");
  AddMember("b", "branch");
  AddMember("c", "street");
  const auto of_branch = Call<v1::ListMembersResponse, v1::ListMembersRequest>("organization: 'organizations/branch'");
  ASSERT_THAT(of_branch, IsOk());
  EXPECT_EQ(of_branch->members_size(), 2);
  const auto full = Call<v1::ListMembersResponse, v1::ListMembersRequest>("status: MEMBER_STATUS_FULL");
  ASSERT_THAT(full, IsOk());
  EXPECT_EQ(full->members_size(), 3);
  EXPECT_THAT((Call<v1::ListMembersResponse, v1::ListMembersRequest>(
                  "organization: 'organizations/branch' status: MEMBER_STATUS_FULL")),
              HasReason("CONFLICTING_FILTERS"));
}

}  // namespace
}  // namespace dangjian::registry
