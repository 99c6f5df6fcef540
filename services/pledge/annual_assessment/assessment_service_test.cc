#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "dangjian/pledge/v1/annual_assessment.pb.h"
#include "services/pledge/annual_assessment/assessment_rules.h"
#include "services/pledge/evaluation_round/evaluation_rules.h"
#include "services/pledge/testing/harness.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using google::protobuf::Empty;
using v1::AnnualAssessment;
using v1::EvaluationRound;

const DayRange kFirstHalf{Day::Of(2026, 1, 1), Day::Of(2026, 6, 30)};
constexpr char kName[] = "name: 'annualAssessments/a' ";
constexpr char kRound[] = "name: 'evaluationRounds/r' ";
constexpr char kScheme[] =
    "{ grades { code: 'GOOD' label: '好' points: 100 } grades { code: 'FAIR' label: '较好' points: 80 } "
    "grades { code: 'SO_SO' label: '一般' points: 60 } grades { code: 'POOR' label: '差' } "
    "groups { code: 'RESIDENTS' label: '居民' weight_bps: 10000 minimum_ballots: 10 } } ";
constexpr char kSheet[] =
    "tally_sheets { group: 'RESIDENTS' issued: 110 returned: 105 valid: 100 blank: 3 spoiled: 2 "
    "grades { grade: 'GOOD' ballots: 60 } grades { grade: 'FAIR' ballots: 25 } grades { grade: 'SO_SO' ballots: 10 } "
    "grades { grade: 'POOR' ballots: 5 } } ";

class AssessmentServiceTest : public PledgeTest {
 protected:
  absl::StatusOr<AnnualAssessment> Create(const std::string& id = "a", const std::string& more = "") {
    return Call<AnnualAssessment, v1::CreateAnnualAssessmentRequest>(absl::StrCat(
        "annual_assessment_id: '", id, "' annual_assessment { organization: 'organizations/east' year: 2025 ",
        "formula { code: 'COMMUNITY' version: 3 routine_weight_bp: 4000 year_end_weight_bp: 4000 "
        "public_rating_weight_bp: 2000 grades { code: 'EXCELLENT' label: '优秀' minimum_hundredths: 8500 } "
        "grades { code: 'GOOD' label: '良好' } veto_cap_grade: 'GOOD' rating_scheme ",
        kScheme,
        "} indicators { code: 'WORK' title: '日常工作' part: ASSESSMENT_PART_ROUTINE full_marks_hundredths: 10000 } "
        "indicators { code: 'CHECK' title: '年终检查' part: ASSESSMENT_PART_YEAR_END full_marks_hundredths: 10000 } "
        "published_on ",
        DateText("2025-02-01"), more, " }"));
  }
  template <class Request>
  absl::StatusOr<AnnualAssessment> Step(const std::string& day, const std::string& more = "") {
    return Call<AnnualAssessment, Request>(absl::StrCat(kName, "occurred_on ", DateText(day), " ", more));
  }
  void Collect() {
    ASSERT_THAT(Create(), IsOk());
    ASSERT_THAT((Step<v1::StartAssessmentRequest>("2025-03-01")), IsOk());
    std::string points = "points { indicator: 'CHECK' score_hundredths: 8400 source: '年终检查报告' } ";
    int quarter = 0;
    for (const int score : {9200, 8800, 9500, 9000}) {
      absl::StrAppend(&points, "points { indicator: 'WORK' quarter: ", ++quarter, " score_hundredths: ", score,
                      " source: '季度台账' } ");
    }
    ASSERT_THAT((Call<AnnualAssessment, v1::RecordAssessmentPointsRequest>(kName + points)), IsOk());
  }
  absl::StatusOr<AnnualAssessment> Rate(const std::string& rating) {
    return Call<AnnualAssessment, v1::RecordPublicRatingRequest>(
        absl::StrCat(kName, "rating { source: '民主测评' ", rating, " }"));
  }
  absl::StatusOr<AnnualAssessment> SelfScore() {
    return Step<v1::SelfScoreAssessmentRequest>("2026-01-10", "scorer: 'members/li'");
  }
  void Finish() {
    ASSERT_THAT(SelfScore(), IsOk());
    ASSERT_THAT((Step<v1::VerifyAssessmentRequest>("2026-01-20", "verifier: 'members/wang'")), IsOk());
    ASSERT_THAT((Step<v1::DeliberateAssessmentRequest>("2026-01-25", "on_behalf_of: 'organizations/street'")), IsOk());
    ASSERT_THAT((Step<v1::PubliciseAssessmentRequest>("2026-01-26")), IsOk());
    ASSERT_THAT((Step<v1::FinaliseAssessmentRequest>("2026-02-05")), IsOk());
  }
};

TEST_F(AssessmentServiceTest, WorkedExample9ThroughTheApi) {
  ASSERT_NO_FATAL_FAILURE(Collect());
  const auto rated = Rate(kSheet);
  ASSERT_THAT(rated, IsOk());
  EXPECT_EQ(rated->score().total_hundredths(), 8730);
  ASSERT_NO_FATAL_FAILURE(Finish());
  EXPECT_EQ(Figure("assessments_final", "street", kFirstHalf, {{0, {"EXCELLENT"}}}), 1);
  EXPECT_EQ(Figure("assessments_final", "street", {Day::Of(2026, 2, 5), Day::Of(2026, 2, 5)}), 1);
  ASSERT_THAT((Step<v1::ArchiveAssessmentRequest>("2026-03-01")), IsOk());
  EXPECT_EQ(Figure("assessments_final", "street", kFirstHalf), 1);
  EXPECT_THAT((Call<Empty, v1::DeleteAnnualAssessmentRequest>(kName)), HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(AssessmentServiceTest, AVetoShowsInTheFigure) {
  ASSERT_NO_FATAL_FAILURE(Collect());
  ASSERT_THAT(Rate(kSheet), IsOk());
  const auto veto = Call<AnnualAssessment, v1::RecordAssessmentLinesRequest>(absl::StrCat(
      kName, "veto_items { code: 'SAFETY' text: '安全事故' source: '通报' happened_on ", DateText("2025-09-01"), " }"));
  ASSERT_THAT(veto, IsOk());
  EXPECT_EQ(veto->score().total_hundredths(), 8730);
  ASSERT_NO_FATAL_FAILURE(Finish());
  EXPECT_EQ(Figure("assessments_final", "street", kFirstHalf, {{0, {"EXCELLENT"}}}), 0);
  EXPECT_EQ(Figure("assessments_final", "street", kFirstHalf, {{0, {"GOOD"}}}), 1);
}

TEST_F(AssessmentServiceTest, AnIncompleteRatingStopsHere) {
  ASSERT_NO_FATAL_FAILURE(Collect());
  ASSERT_THAT(Rate("tally_sheets { group: 'RESIDENTS' issued: 10 returned: 8 valid: 8 grades { grade: 'GOOD' ballots: "
                   "8 } }"),
              IsOk());
  ASSERT_THAT(SelfScore(), IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT((Step<v1::VerifyAssessmentRequest>("2026-01-20", "verifier: 'members/wang'")),
              HasReason(reasons::kAssessmentIncomplete));
  EXPECT_THAT((Step<v1::VerifyAssessmentRequest>("2026-01-20", "verifier: 'members/li'")),
              HasReason(reasons::kVerifierIsScorer));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(AssessmentServiceTest, TheScoreOfARoundIsTakenOver) {
  ASSERT_NO_FATAL_FAILURE(Collect());
  ASSERT_THAT(
      (Call<EvaluationRound, v1::CreateEvaluationRoundRequest>(absl::StrCat(
          "evaluation_round_id: 'r' evaluation_round { direction: EVALUATION_DIRECTION_COMMITTEES "
          "display_name: '评议' organization: 'organizations/east' ratees: 'organizations/east-branch' held_on ",
          DateText("2025-12-20"), " scheme ", kScheme, " }"))),
      IsOk());
  EXPECT_THAT(Rate("evaluation_round: 'evaluationRounds/r'"), HasReason(reasons::kRatingNotConfirmed));
  ASSERT_THAT((Call<EvaluationRound, v1::OpenEvaluationRoundRequest>(kRound)), IsOk());
  ASSERT_THAT((Call<EvaluationRound, v1::RecordTallySheetsRequest>(absl::StrCat(kRound, kSheet))), IsOk());
  ASSERT_THAT((Call<EvaluationRound, v1::CloseEvaluationRoundRequest>(kRound)), IsOk());
  ASSERT_THAT((Call<EvaluationRound, v1::TallyEvaluationRoundRequest>(kRound)), IsOk());
  ASSERT_THAT((Call<EvaluationRound, v1::ConfirmEvaluationRoundRequest>(kRound)), IsOk());
  const auto rated = Rate("evaluation_round: 'evaluationRounds/r'");
  ASSERT_THAT(rated, IsOk());
  EXPECT_EQ(rated->rating().evaluation_score_hundredths(), 8600);
  EXPECT_EQ(rated->score().total_hundredths(), 8730);
}

TEST_F(AssessmentServiceTest, BadInputIsNamedAndNothingIsStored) {
  ASSERT_NO_FATAL_FAILURE(Collect());
  const int64_t before = LastRevision();
  EXPECT_THAT(Create("b"), HasReason("UNIQUE_VIOLATION"));
  EXPECT_THAT(Rate(""), HasReason(reasons::kRatingNotOne));
  EXPECT_THAT(Rate("evaluation_round: 'evaluationRounds/none'"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT((Call<AnnualAssessment, v1::RecordAssessmentPointsRequest>(
                  absl::StrCat(kName, "points { indicator: 'WORK' quarter: 1 score_hundredths: 9200 }"))),
              HasReason("FIELD_REQUIRED"))
      << "a point without a source";
  EXPECT_THAT((Call<AnnualAssessment, v1::RecordAssessmentPointsRequest>(
                  absl::StrCat(kName, "points { indicator: 'NONE' score_hundredths: 9200 source: 's' }"))),
              HasReason(reasons::kUnknownIndicator));
  EXPECT_THAT((Step<v1::SelfScoreAssessmentRequest>("2026-11-21", "scorer: 'members/li'")),
              HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_THAT((Step<v1::ReturnAssessmentRequest>("2026-01-10", "reason: 'x'")), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(LastRevision(), before);
}

TEST_F(AssessmentServiceTest, ReturnedRevisedAndDeleted) {
  ASSERT_NO_FATAL_FAILURE(Collect());
  ASSERT_THAT(SelfScore(), IsOk());
  ASSERT_THAT((Step<v1::ReturnAssessmentRequest>("2026-01-11", "reason: '补充材料'")), IsOk());
  const auto revised = Step<v1::ReviseAssessmentPlanRequest>(
      "2026-01-12",
      "reason: '区里调整' indicators { code: 'WORK' title: '日常工作' part: ASSESSMENT_PART_ROUTINE "
      "full_marks_hundredths: 10000 } indicators { code: 'CHECK' title: '年终检查' part: ASSESSMENT_PART_YEAR_END "
      "full_marks_hundredths: 9000 } indicators { code: 'EXTRA' title: '新增' part: ASSESSMENT_PART_YEAR_END "
      "full_marks_hundredths: 1000 }");
  ASSERT_THAT(revised, IsOk());
  EXPECT_EQ(revised->plan_version(), 2);
  const auto list =
      Call<v1::ListAnnualAssessmentsResponse, v1::ListAnnualAssessmentsRequest>("organization: 'organizations/east'");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->annual_assessments_size(), 1);
  ASSERT_THAT((Call<Empty, v1::DeleteAnnualAssessmentRequest>(kName)), IsOk());
  EXPECT_THAT(Create("b"), IsOk());
}

}  // namespace
}  // namespace dangjian::pledge
