#include <string>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "services/registry/member/member_rules.h"
#include "services/registry/testing/harness.h"
#include "services/registry/transfer/transfer_rules.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::MemberTransfer;

class TransferServiceTest : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    AddOrganization("district", "DISTRICT");
    for (const char* id : {"school", "community"}) {
      AddOrganization(id, "BRANCH", "parents { parent: 'organizations/district' kind: EDGE_KIND_PARTY }");
    }
    AddMember("m", "school");
  }

  absl::StatusOr<MemberTransfer> Request(const std::string& id, const std::string& to = "community") {
    return Call<MemberTransfer, v1::CreateMemberTransferRequest>(absl::StrCat(
        "member_transfer_id: '", id, "' member_transfer { member: 'members/m' to_organization: ", "'organizations/", to,
        "' requested_on { year: 2024 month: 1 day: 5 } }"));
  }
  absl::StatusOr<MemberTransfer> Issue(const std::string& id) {
    return Call<MemberTransfer, v1::IssueMemberTransferRequest>(
        absl::StrCat("name: 'memberTransfers/", id, "' occurred_on { year: 2024 month: 1 day: 10 }"));
  }
  absl::StatusOr<MemberTransfer> Receive(const std::string& id) {
    return Call<MemberTransfer, v1::ReceiveMemberTransferRequest>(
        absl::StrCat("name: 'memberTransfers/", id, "' occurred_on { year: 2024 month: 2 day: 1 }"));
  }
};

TEST_F(TransferServiceTest, InTransitTheSenderCountsTheMember) {
  ASSERT_THAT(Request("t"), IsOk());
  const auto issued = Issue("t");
  ASSERT_THAT(issued, IsOk());
  EXPECT_EQ(issued->from_organization(), "organizations/school");
  EXPECT_EQ(Figure("members", "school", Day::Of(2026, 11, 20)), 1);
  EXPECT_EQ(Figure("members", "community", Day::Of(2026, 11, 20)), 0);
  ASSERT_THAT(Receive("t"), IsOk());
  EXPECT_EQ(Figure("members", "school", Day::Of(2024, 1, 31)), 1);
  EXPECT_EQ(Figure("members", "school", Day::Of(2024, 2, 1)), 0);
  EXPECT_EQ(Figure("members", "community", Day::Of(2024, 1, 31)), 0);
  EXPECT_EQ(Figure("members", "community", Day::Of(2024, 2, 1)), 1);
  for (const Day day : {Day::Of(2024, 1, 31), Day::Of(2024, 2, 1)}) EXPECT_EQ(Figure("members", "district", day), 1);
}

TEST_F(TransferServiceTest, ReceivingChangesTheRelationInTheSameTransaction) {
  ASSERT_THAT(Request("t"), IsOk());
  ASSERT_THAT(Issue("t"), IsOk());
  const auto received = Receive("t");
  ASSERT_THAT(received, IsOk());
  const auto member = Call<v1::Member, v1::GetMemberRequest>("name: 'members/m'");
  ASSERT_THAT(member, IsOk());
  EXPECT_EQ(member->organization(), "organizations/community");
  EXPECT_EQ(member->relations_size(), 2);
  EXPECT_EQ(member->etag(), received->etag());
}

TEST_F(TransferServiceTest, OneOpenTransferAMember) {
  ASSERT_THAT(Request("t"), IsOk());
  EXPECT_THAT(Request("u", "district"), HasReason(reasons::kTransferAlreadyOpen));
  ASSERT_THAT((Call<MemberTransfer, v1::RejectMemberTransferRequest>(
                  "name: 'memberTransfers/t' reason: '材料不全' occurred_on { year: 2024 month: 1 day: 8 }")),
              IsOk());
  EXPECT_THAT(Request("u", "district"), IsOk());
}

TEST_F(TransferServiceTest, RejectedAndExpiredLeaveTheRelation) {
  ASSERT_THAT(Request("t"), IsOk());
  ASSERT_THAT(Issue("t"), IsOk());
  EXPECT_THAT((Call<MemberTransfer, v1::ExpireMemberTransferRequest>(
                  "name: 'memberTransfers/t' occurred_on { year: 2024 month: 4 day: 9 }")),
              HasReason(reasons::kLetterStillValid));
  ASSERT_THAT((Call<MemberTransfer, v1::ExpireMemberTransferRequest>(
                  "name: 'memberTransfers/t' occurred_on { year: 2024 month: 4 day: 10 }")),
              IsOk());
  EXPECT_THAT(Receive("t"), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(Figure("members", "school", Day::Of(2026, 11, 20)), 1);
}

TEST_F(TransferServiceTest, WhoHasDiedIsNotReceivedAndNothingIsStored) {
  ASSERT_THAT(Request("t"), IsOk());
  ASSERT_THAT(Issue("t"), IsOk());
  ASSERT_THAT(
      (Call<v1::Member, v1::RecordDeathRequest>("name: 'members/m' occurred_on { year: 2024 month: 1 day: 20 }")),
      IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT(Receive("t"), HasReason(reasons::kMemberNotActive));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(TransferServiceTest, BadReferencesAreRefused) {
  EXPECT_THAT(Request("t", "nowhere"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Request("t", "school"), HasReason(reasons::kTransferToSelf));
}

TEST_F(TransferServiceTest, ListsBySides) {
  ASSERT_THAT(Request("t"), IsOk());
  for (const char* filter : {"member: 'members/m'", "from_organization: 'organizations/school'",
                             "to_organization: 'organizations/community'"}) {
    const auto listed = Call<v1::ListMemberTransfersResponse, v1::ListMemberTransfersRequest>(filter);
    ASSERT_THAT(listed, IsOk());
    EXPECT_EQ(listed->member_transfers_size(), 1) << filter;
  }
}

}  // namespace
}  // namespace dangjian::registry
