#include "absl/strings/str_cat.h"
#include "common/change/registry_view.h"
#include "dangjian/pledge/v1/evaluation_round.pb.h"
#include "services/pledge/evaluation_round/evaluation_rules.h"
#include "services/pledge/testing/harness.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::EvaluationRound;

const DayRange kFirstHalf{Day::Of(2026, 1, 1), Day::Of(2026, 6, 30)};
constexpr char kName[] = "name: 'evaluationRounds/r' ";
constexpr char kScheme[] =
    "scheme { grades { code: 'GOOD' label: '好' points: 100 } grades { code: 'POOR' label: '差' } "
    "groups { code: 'RESIDENTS' label: '居民代表' weight_bps: 10000 minimum_ballots: 5 } } "
    "held_on { year: 2026 month: 6 day: 20 } display_name: '半年评议' organization: 'organizations/east' ";

class EvaluationServiceTest : public PledgeTest {
 protected:
  absl::StatusOr<EvaluationRound> Create(const std::string& direction, const std::string& ratees) {
    return Call<EvaluationRound, v1::CreateEvaluationRoundRequest>(
        absl::StrCat("evaluation_round_id: 'r' evaluation_round { direction: EVALUATION_DIRECTION_", direction, " ",
                     kScheme, ratees, " }"));
  }
  void CloseWith(const std::string& sheets) {
    const std::string step = absl::StrCat(kName, "occurred_on ", DateText("2026-06-20"));
    ASSERT_THAT((Call<EvaluationRound, v1::OpenEvaluationRoundRequest>(step)), IsOk());
    ASSERT_THAT((Call<EvaluationRound, v1::RecordTallySheetsRequest>(kName + sheets)), IsOk());
    ASSERT_THAT((Call<EvaluationRound, v1::CloseEvaluationRoundRequest>(step)), IsOk());
    ASSERT_THAT((Call<EvaluationRound, v1::TallyEvaluationRoundRequest>(step)), IsOk());
  }
};

TEST_F(EvaluationServiceTest, ARoundOnCommitteesCountsOnceItIsConfirmed) {
  ASSERT_THAT(Create("COMMITTEES", "ratees: 'organizations/east-branch' ratees: 'organizations/east-committee'"),
              IsOk());
  CloseWith(
      "tally_sheets { group: 'RESIDENTS' issued: 20 returned: 18 valid: 16 blank: 1 spoiled: 1 grades { grade: "
      "'GOOD' ballots: 12 } grades { grade: 'POOR' ballots: 4 } }");
  EXPECT_EQ(Figure("evaluation_rounds", "street", kFirstHalf), 0);
  const auto confirmed = Call<EvaluationRound, v1::ConfirmEvaluationRoundRequest>(kName);
  ASSERT_THAT(confirmed, IsOk());
  EXPECT_EQ(confirmed->scores(0).score_hundredths(), 7500);
  EXPECT_EQ(Figure("evaluation_rounds", "street", kFirstHalf, {{0, {"COMMITTEES"}}}), 1)
      << "the day of the meeting decides, not that of the confirmation";
  ASSERT_THAT((Call<EvaluationRound, v1::NotifyEvaluationRoundRequest>(kName)), IsOk());
  EXPECT_EQ(Figure("evaluation_rounds", "street", kFirstHalf), 1);
  ASSERT_THAT((Call<EvaluationRound, v1::ReopenEvaluationRoundRequest>(absl::StrCat(kName, "reason: '复核'"))), IsOk());
  EXPECT_EQ(Figure("evaluation_rounds", "street", kFirstHalf), 0);
}

TEST_F(EvaluationServiceTest, MembersAreCountedDistinct) {
  ASSERT_THAT(Create("MEMBERS", "ratees: 'members/li' ratees: 'members/wang'"), IsOk());
  const std::string box = "group: 'RESIDENTS' issued: 5 returned: 5 valid: 5 grades { grade: 'GOOD' ballots: 5 } }";
  CloseWith("tally_sheets { ratee: 'members/li' " + box + " tally_sheets { ratee: 'members/wang' " + box);
  ASSERT_THAT((Call<EvaluationRound, v1::RecordMemberResultsRequest>(
                  absl::StrCat(kName,
                               "member_results { member: 'members/li' grade: 'GOOD' } member_results { member: "
                               "'members/wang' grade: 'GOOD' }"))),
              IsOk());
  ASSERT_THAT((Call<EvaluationRound, v1::ConfirmEvaluationRoundRequest>(kName)), IsOk());
  EXPECT_EQ(Figure("members_evaluated", "street", kFirstHalf), 2);
  EXPECT_EQ(Figure("members_evaluated", "west", kFirstHalf), 0);
  EXPECT_EQ(Figure("evaluation_rounds", "street", kFirstHalf, {{0, {"MEMBERS"}}}), 1);
}

TEST_F(EvaluationServiceTest, ReturnedMoreThanIssuedIsRefusedAndStoresNothing) {
  ASSERT_THAT(Create("COMMITTEES", "ratees: 'organizations/east-branch'"), IsOk());
  ASSERT_THAT((Call<EvaluationRound, v1::OpenEvaluationRoundRequest>(kName)), IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT((Call<EvaluationRound, v1::RecordTallySheetsRequest>(
                  absl::StrCat(kName,
                               "tally_sheets { group: 'RESIDENTS' issued: 10 returned: 11 valid: 11 grades { "
                               "grade: 'GOOD' ballots: 11 } }"))),
              HasReason(reasons::kReturnedExceedsIssued));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(EvaluationServiceTest, RatedMembersBelongToTheOrganization) {
  EXPECT_THAT(Create("MEMBERS", "ratees: 'members/li' ratees: 'members/zhao'"),
              HasReason(dangjian::reasons::kMemberNotInOrganization));
  EXPECT_THAT(Create("MEMBERS", "ratees: 'members/nobody'"), HasReason("REFERENCE_NOT_FOUND"));
}

TEST_F(EvaluationServiceTest, TheSchemeIsFixedWhenTheRoundOpens) {
  ASSERT_THAT(Create("COMMITTEES", "ratees: 'organizations/east-branch'"), IsOk());
  const std::string update =
      "evaluation_round { name: 'evaluationRounds/r' display_name: '改' } update_mask { paths: 'display_name' }";
  EXPECT_THAT((Call<EvaluationRound, v1::UpdateEvaluationRoundRequest>(update)), IsOk());
  ASSERT_THAT((Call<EvaluationRound, v1::OpenEvaluationRoundRequest>(kName)), IsOk());
  EXPECT_THAT((Call<EvaluationRound, v1::UpdateEvaluationRoundRequest>(update)), HasReason("ILLEGAL_TRANSITION"));
}

}  // namespace
}  // namespace dangjian::pledge
