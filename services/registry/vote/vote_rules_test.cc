#include "services/registry/vote/vote_rules.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::registry {
namespace {

using testing::HasReason;
using testing::Proto;
using testing::ValueOrDie;

// 40 full members, 2 of them under 留党察看: 38 voters. Probationary members never come here.
v1::ComputeVoteThresholdsResponse Of38(const std::string& kind, const std::string& more = "") {
  return ValueOrDie(VoteThresholds(
      Proto<v1::ComputeVoteThresholdsRequest>(absl::StrCat("kind: VOTE_KIND_", kind, " without_vote: 2 ", more)), 40));
}

v1::VoteOutcome OutcomeOf(const std::string& kind, int present, int yes) {
  return Of38(kind, absl::StrCat("count { present: ", present, " yes: ", yes, " }")).outcome();
}

TEST(VoteRulesTest, WorkedExample8AdmissionNeedsTwentyOfThirtyEightPresentAndTwentyYes) {
  const auto thresholds = Of38("ADMISSION");
  EXPECT_EQ(thresholds.full_members(), 40);
  EXPECT_EQ(thresholds.voters(), 38);
  EXPECT_EQ(thresholds.least_present(), 20);
  EXPECT_EQ(thresholds.least_yes(), 20);
  EXPECT_EQ(thresholds.outcome(), v1::VOTE_OUTCOME_UNSPECIFIED);
  EXPECT_EQ(OutcomeOf("ADMISSION", 19, 19), v1::VOTE_OUTCOME_TOO_FEW_PRESENT);
  EXPECT_EQ(OutcomeOf("ADMISSION", 20, 19), v1::VOTE_OUTCOME_TOO_FEW_YES);
  EXPECT_EQ(OutcomeOf("ADMISSION", 20, 20), v1::VOTE_OUTCOME_CARRIED);
}

TEST(VoteRulesTest, WorkedExample8NineteenYesOfTwentyFourPresentIsNotCarried) {
  // 79 % of those present, exactly half of those due.
  EXPECT_EQ(OutcomeOf("ADMISSION", 24, 19), v1::VOTE_OUTCOME_TOO_FEW_YES);
  EXPECT_EQ(OutcomeOf("ADMISSION", 24, 20), v1::VOTE_OUTCOME_CARRIED);
}

TEST(VoteRulesTest, WorkedExample8AnElectionNeedsThirtyOnePresentAndSixteenOfThem) {
  const auto thresholds = Of38("ELECTION");
  EXPECT_EQ(thresholds.least_present(), 31);
  EXPECT_EQ(thresholds.least_yes(), 16);
  EXPECT_EQ(OutcomeOf("ELECTION", 30, 30), v1::VOTE_OUTCOME_TOO_FEW_PRESENT);
  EXPECT_EQ(OutcomeOf("ELECTION", 31, 15), v1::VOTE_OUTCOME_TOO_FEW_YES);
  EXPECT_EQ(OutcomeOf("ELECTION", 31, 16), v1::VOTE_OUTCOME_CARRIED);
}

TEST(VoteRulesTest, AnElectionIsDecidedByThosePresent) {
  EXPECT_EQ(Of38("ELECTION", "count { present: 38 yes: 19 }").least_yes(), 20);
  EXPECT_EQ(OutcomeOf("ELECTION", 38, 19), v1::VOTE_OUTCOME_TOO_FEW_YES);
  EXPECT_EQ(OutcomeOf("ELECTION", 38, 20), v1::VOTE_OUTCOME_CARRIED);
}

TEST(VoteRulesTest, ExactlyFourFifthsAreNotMore) {
  const auto request =
      Proto<v1::ComputeVoteThresholdsRequest>("kind: VOTE_KIND_ELECTION count { present: 28 yes: 28 }");
  EXPECT_EQ(ValueOrDie(VoteThresholds(request, 35)).least_present(), 29);
  EXPECT_EQ(ValueOrDie(VoteThresholds(request, 35)).outcome(), v1::VOTE_OUTCOME_TOO_FEW_PRESENT);
}

TEST(VoteRulesTest, NothingIsCarriedWithoutVoters) {
  const auto request = Proto<v1::ComputeVoteThresholdsRequest>("kind: VOTE_KIND_ADMISSION without_vote: 3 count {}");
  EXPECT_EQ(ValueOrDie(VoteThresholds(request, 3)).outcome(), v1::VOTE_OUTCOME_TOO_FEW_PRESENT);
}

TEST(VoteRulesTest, NumbersThatCannotBeAreRefused) {
  const auto answer = [](const std::string& request) {
    return VoteThresholds(Proto<v1::ComputeVoteThresholdsRequest>("kind: VOTE_KIND_ADMISSION " + request), 5);
  };
  EXPECT_THAT(answer("without_vote: 6"), HasReason("WITHOUT_VOTE_EXCEEDS_FULL"));
  EXPECT_THAT(answer("without_vote: 1 count { present: 5 }"), HasReason("PRESENT_EXCEEDS_VOTERS"));
  EXPECT_THAT(answer("count { present: 3 yes: 4 }"), HasReason("YES_EXCEEDS_PRESENT"));
}

}  // namespace
}  // namespace dangjian::registry
