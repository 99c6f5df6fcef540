#include <string>

#include "absl/strings/str_cat.h"
#include "dangjian/registry/v1/member.pb.h"
#include "dangjian/registry/v1/vote.pb.h"
#include "services/registry/testing/harness.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

class VoteServiceTest : public RegistryTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(RegistryTest::SetUp());
    ASSERT_NO_FATAL_FAILURE(AddOrganization("branch", "BRANCH"));
  }

  absl::StatusOr<v1::ComputeVoteThresholdsResponse> Thresholds(const std::string& more, int year = 2026) {
    return Call<v1::ComputeVoteThresholdsResponse, v1::ComputeVoteThresholdsRequest>(
        absl::StrCat("organization: 'organizations/branch' kind: VOTE_KIND_ADMISSION voted_on { year: ", year,
                     " month: 6 day: 1 } ", more));
  }
};

TEST_F(VoteServiceTest, WorkedExample8FortyFullAndThreeProbationaryMakeThirtyEightVoters) {
  for (int i = 0; i < 40; ++i) ASSERT_NO_FATAL_FAILURE(AddMember(absl::StrCat("full-", i), "branch"));
  for (int i = 0; i < 3; ++i) {
    const auto added = Call<v1::Member, v1::CreateMemberRequest>(absl::StrCat(
        "member_id: 'new-", i, "' member { display_name: '党员' admitted_on { year: 2026 month: 1 day: 9 } ",
        "relations { organization: 'organizations/branch' } }"));
    ASSERT_THAT(added, IsOk());
  }
  const auto answer = Thresholds("without_vote: 2 count { present: 24 yes: 19 }");
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->full_members(), 40);
  EXPECT_EQ(answer->voters(), 38);
  EXPECT_EQ(answer->least_present(), 20);
  EXPECT_EQ(answer->least_yes(), 20);
  EXPECT_EQ(answer->outcome(), v1::VOTE_OUTCOME_TOO_FEW_YES);
}

TEST_F(VoteServiceTest, TheRegisterOfTheDayOfTheVoteCounts) {
  for (const char* id : {"a", "b", "c"}) ASSERT_NO_FATAL_FAILURE(AddMember(id, "branch"));
  const std::string on = "occurred_on { year: 2025 month: 1 day: 5 } reason: '失联'";
  const auto suspended = Call<v1::Member, v1::SuspendMemberRequest>("name: 'members/a' " + on);
  ASSERT_THAT(suspended, IsOk());
  ASSERT_THAT(Thresholds(""), IsOk());
  EXPECT_EQ(Thresholds("")->voters(), 2) << "a suspended member has no vote";
  EXPECT_EQ(Thresholds("", 2024)->voters(), 3);
  EXPECT_EQ(Thresholds("", 2009)->voters(), 0) << "all were probationary";
}

TEST_F(VoteServiceTest, RefusesWhatCannotBe) {
  ASSERT_NO_FATAL_FAILURE(AddMember("a", "branch"));
  EXPECT_THAT(Thresholds("count { present: 2 }"), HasReason("PRESENT_EXCEEDS_VOTERS"));
  const auto unknown = Call<v1::ComputeVoteThresholdsResponse, v1::ComputeVoteThresholdsRequest>(
      "organization: 'organizations/none' kind: VOTE_KIND_ELECTION voted_on { year: 2026 month: 6 day: 1 }");
  EXPECT_THAT(unknown, HasReason("RECORD_NOT_FOUND"));
}

}  // namespace
}  // namespace dangjian::registry
