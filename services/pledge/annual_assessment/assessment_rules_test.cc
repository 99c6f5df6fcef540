#include "services/pledge/annual_assessment/assessment_rules.h"

#include <functional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "services/pledge/annual_assessment/assessment_score.h"
#include "services/pledge/evaluation_round/evaluation_rules.h"

namespace dangjian::pledge::assessment_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Day kToday = Day::Of(2026, 11, 20);

constexpr char kGrades[] =
    "grades { code: 'EXCELLENT' label: '优秀' minimum_hundredths: 8500 } "
    "grades { code: 'GOOD' label: '良好' minimum_hundredths: 7000 } grades { code: 'POOR' label: '较差' } "
    "veto_cap_grade: 'GOOD' ";
constexpr char kScheme[] =
    "rating_scheme { grades { code: 'GOOD' label: '好' points: 100 } grades { code: 'FAIR' label: '较好' points: 80 } "
    "grades { code: 'SO_SO' label: '一般' points: 60 } grades { code: 'POOR' label: '差' } "
    "groups { code: 'RESIDENTS' label: '居民' weight_bps: 10000 minimum_ballots: 10 } } ";
constexpr char kBallots[] =
    "tally_sheets { group: 'RESIDENTS' issued: 110 returned: 105 valid: 100 blank: 3 spoiled: 2 "
    "grades { grade: 'GOOD' ballots: 60 } grades { grade: 'FAIR' ballots: 25 } grades { grade: 'SO_SO' ballots: 10 } "
    "grades { grade: 'POOR' ballots: 5 } } source: '民主测评表' ";

Step On(int month, int day, const std::string& who = "") {
  return {.day = Day::Of(2026, month, day), .today = kToday, .on_behalf_of = who};
}

v1::AnnualAssessment Plan(const std::string& formula = "") {
  auto assessment = Proto<v1::AnnualAssessment>(absl::StrCat(
      "name: 'annualAssessments/a' organization: 'organizations/east' year: 2025 formula { code: 'COMMUNITY' version: "
      "1 ",
      formula.empty() ? absl::StrCat("routine_weight_bp: 4000 year_end_weight_bp: 4000 public_rating_weight_bp: 2000 ",
                                     kGrades, kScheme)
                      : formula,
      " } indicators { code: 'WORK' title: '日常工作' part: ASSESSMENT_PART_ROUTINE full_marks_hundredths: 10000 } "
      "indicators { code: 'CHECK' title: '年终检查' part: ASSESSMENT_PART_YEAR_END full_marks_hundredths: 10000 }"));
  Initialize(assessment, On(1, 5));
  return assessment;
}

v1::AssessmentPoint Point(const std::string& indicator, int quarter, int hundredths) {
  v1::AssessmentPoint point;
  point.set_indicator(indicator);
  point.set_quarter(quarter);
  point.set_score_hundredths(hundredths);
  point.set_source(absl::StrCat("台账/", indicator, "-", quarter));
  return point;
}

google::protobuf::RepeatedPtrField<v1::AssessmentPoint> ExamplePoints() {
  google::protobuf::RepeatedPtrField<v1::AssessmentPoint> points;
  int quarter = 0;
  for (const int score : {9200, 8800, 9500, 9000}) *points.Add() = Point("WORK", ++quarter, score);
  *points.Add() = Point("CHECK", 0, 8400);
  return points;
}

v1::AnnualAssessment Collected(const std::string& rating = kBallots) {
  v1::AnnualAssessment assessment = Plan();
  EXPECT_THAT(Start(assessment, On(1, 10)), IsOk());
  EXPECT_THAT(AddPoints(assessment, ExamplePoints()), IsOk());
  EXPECT_THAT(SetRating(assessment, Proto<v1::AssessmentRating>(rating), nullptr), IsOk());
  return assessment;
}

v1::RecordAssessmentLinesRequest Lines(const std::string& text) {
  return Proto<v1::RecordAssessmentLinesRequest>(text);
}

constexpr char kVeto[] =
    "veto_items { code: 'SAFETY' text: '安全事故' happened_on { year: 2026 month: 2 day: 1 } source: '事故通报' }";

// domain.md, section 6, example 9: 0.4 × 91.25 + 0.4 × 84 + 0.2 × 86 = 87.30.
TEST(AssessmentRulesTest, WorkedExample9WeightedScoreWithInvalidBallots) {
  const v1::AnnualAssessment assessment = Collected();
  const v1::AssessmentScore& score = assessment.score();
  EXPECT_FALSE(score.incomplete());
  ASSERT_EQ(score.parts_size(), 3);
  EXPECT_EQ(score.parts(0).score_hundredths(), 9125) << "routine mean of four quarters";
  EXPECT_EQ(score.parts(1).score_hundredths(), 8400) << "year-end check";
  EXPECT_EQ(score.parts(2).score_hundredths(), 8600) << "÷ 100 valid ballots, not ÷ 105 returned (81.90)";
  EXPECT_EQ(score.total_hundredths(), 8730);
  EXPECT_EQ(score.grade(), "EXCELLENT");
}

TEST(AssessmentRulesTest, WorkedExample9AVetoCapsTheGradeAndKeepsTheScore) {
  v1::AnnualAssessment assessment = Collected();
  ASSERT_THAT(SetLines(assessment, Lines(kVeto), kToday), IsOk());
  EXPECT_EQ(assessment.score().total_hundredths(), 8730);
  EXPECT_EQ(assessment.score().earned_grade(), "EXCELLENT");
  EXPECT_EQ(assessment.score().grade(), "GOOD");
  EXPECT_TRUE(assessment.score().capped());
}

TEST(AssessmentRulesTest, WorkedExample9EightOfTenBallotsAreIncomplete) {
  v1::AnnualAssessment assessment = Collected(
      "tally_sheets { group: 'RESIDENTS' issued: 10 returned: 8 valid: 8 grades { grade: 'GOOD' ballots: 8 } } "
      "source: '民主测评表'");
  EXPECT_TRUE(assessment.score().incomplete());
  EXPECT_THAT(assessment.score().missing(), ElementsAre("RESIDENTS"));
  EXPECT_EQ(assessment.score().total_hundredths(), 0);
  EXPECT_EQ(assessment.score().grade(), "");
  ASSERT_THAT(SelfScore(assessment, On(2, 1, "members/li")), IsOk());
  EXPECT_THAT(Verify(assessment, {}, On(2, 2, "members/wang")), HasReason(reasons::kAssessmentIncomplete));
  EXPECT_EQ(assessment.state(), v1::ANNUAL_ASSESSMENT_STATE_SELF_SCORED);
  ASSERT_THAT(SetRating(assessment, Proto<v1::AssessmentRating>(kBallots), nullptr), IsOk());
  EXPECT_THAT(Verify(assessment, {}, On(2, 2, "members/wang")), IsOk());
}

TEST(AssessmentRulesTest, TheTraceListsEveryTermWithItsSource) {
  v1::AnnualAssessment assessment = Collected();
  ASSERT_THAT(SetLines(assessment,
                       Lines("lines { code: 'PRIZE' text: '区级表彰' score_hundredths: 150 source: "
                             "'honourAwards/h-1' }"),
                       kToday),
              IsOk());
  const v1::AssessmentScore& score = assessment.score();
  ASSERT_EQ(score.terms_size(), 7);
  EXPECT_EQ(score.terms(0).text(), "92.00 ÷ 4 × 40.00%");
  EXPECT_EQ(score.terms(0).source(), "台账/WORK-1");
  EXPECT_EQ(score.terms(0).quarter(), 1);
  EXPECT_EQ(score.terms(4).text(), "84.00 × 40.00%");
  EXPECT_EQ(score.terms(5).text(), "8600 ÷ 100 × 100.00% × 20.00%");
  EXPECT_EQ(score.terms(5).source(), "民主测评表");
  EXPECT_EQ(score.terms(6).text(), "1.50");
  EXPECT_EQ(score.terms(6).source(), "honourAwards/h-1");
  // The total is what the terms say.
  int64_t in_hundredths_bp = 0;
  for (const v1::AssessmentTerm& term : score.terms()) {
    ASSERT_EQ(term.numerator() * term.weight_bp() * 100 % term.denominator(), 0);
    in_hundredths_bp += term.numerator() * term.weight_bp() * 100 / term.denominator();
    EXPECT_NE(term.source(), "");
  }
  EXPECT_EQ(in_hundredths_bp, int64_t{score.total_hundredths()} * 10'000);
  EXPECT_EQ(score.total_hundredths(), 8880);
}

TEST(AssessmentRulesTest, TheTotalIsRoundedOnce) {
  // Two groups of thirds: 0.2 × (0.5 × 200/3 + 0.5 × 100/3) = 10 exactly; rounding the groups first gives 10.001.
  v1::AnnualAssessment assessment = Plan(absl::StrCat(
      "routine_weight_bp: 4000 year_end_weight_bp: 4000 public_rating_weight_bp: 2000 ", kGrades,
      "rating_scheme { grades { code: 'GOOD' label: '好' points: 100 } grades { code: 'POOR' label: '差' } "
      "groups { code: 'A' label: '居民' weight_bps: 5000 minimum_ballots: 1 } "
      "groups { code: 'B' label: '党员' weight_bps: 5000 minimum_ballots: 1 } }"));
  ASSERT_THAT(Start(assessment, On(1, 10)), IsOk());
  ASSERT_THAT(AddPoints(assessment, ExamplePoints()), IsOk());
  ASSERT_THAT(SetRating(assessment,
                        Proto<v1::AssessmentRating>(
                            "source: 's' tally_sheets { group: 'A' issued: 3 returned: 3 valid: 3 grades { grade: "
                            "'GOOD' ballots: 2 } grades { grade: 'POOR' ballots: 1 } } tally_sheets { group: 'B' "
                            "issued: 3 returned: 3 valid: 3 grades { grade: 'GOOD' ballots: 1 } grades { grade: "
                            "'POOR' ballots: 2 } }"),
                        nullptr),
              IsOk());
  EXPECT_EQ(assessment.score().total_hundredths(), 3650 + 3360 + 1000);
  // 0.4 × 365.05 ÷ 4 = 36.505, so 80.105 → 80.11; with 0.01 less in a quarter 80.104 → 80.10.
  google::protobuf::RepeatedPtrField<v1::AssessmentPoint> points;
  *points.Add() = Point("WORK", 1, 9204);
  *points.Add() = Point("WORK", 2, 8801);
  ASSERT_THAT(AddPoints(assessment, points), IsOk());
  EXPECT_EQ(assessment.score().total_hundredths(), 8011);
  points.Clear();
  *points.Add() = Point("WORK", 2, 8800);
  ASSERT_THAT(AddPoints(assessment, points), IsOk());
  EXPECT_EQ(assessment.score().total_hundredths(), 8010);
}

TEST(AssessmentRulesTest, PenaltiesLowerTheScoreButNotBelowNothing) {
  v1::AnnualAssessment assessment = Collected();
  ASSERT_THAT(
      SetLines(assessment, Lines("lines { code: 'LATE' text: '迟报' score_hundredths: -231 source: '通报' }"), kToday),
      IsOk());
  EXPECT_EQ(assessment.score().total_hundredths(), 8499);
  EXPECT_EQ(assessment.score().grade(), "GOOD") << "one hundredth below the threshold";
  ASSERT_THAT(SetLines(assessment, Lines("lines { code: 'LATE' text: '迟报' score_hundredths: -10000 source: '通报' }"),
                       kToday),
              IsOk());
  EXPECT_EQ(assessment.score().total_hundredths(), 0);
  EXPECT_EQ(assessment.score().grade(), "POOR");
  ASSERT_THAT(SetLines(assessment, Lines(""), kToday), IsOk()) << "what was entered before is replaced";
  EXPECT_EQ(assessment.score().total_hundredths(), 8730);
}

TEST(AssessmentRulesTest, AVetoNeverRaisesAGrade) {
  v1::AnnualAssessment assessment = Collected();
  ASSERT_THAT(SetLines(assessment,
                       Lines(absl::StrCat(kVeto, " lines { code: 'X' text: 'x' score_hundredths: -5000 source: 's' }")),
                       kToday),
              IsOk());
  EXPECT_EQ(assessment.score().grade(), "POOR");
  EXPECT_FALSE(assessment.score().capped());
}

absl::Status Checked(const v1::AnnualAssessment& assessment, Day today = kToday) {
  Violations violations;
  CheckContent(assessment, today, violations);
  return violations.ToStatus();
}

TEST(AssessmentRulesTest, ThePlanIsChecked) {
  v1::AnnualAssessment plan = Plan();
  *plan.mutable_published_on() = DayToProto(Day::Of(2026, 1, 5));
  EXPECT_THAT(Checked(plan), IsOk());
  EXPECT_THAT(Checked(plan, Day::Of(2026, 1, 4)), HasReason(dangjian::reasons::kDateInFuture));
  const auto broken = [&](const std::function<void(v1::AnnualAssessment&)>& breaks) {
    v1::AnnualAssessment copy = plan;
    breaks(copy);
    return Checked(copy);
  };
  EXPECT_THAT(broken([](auto& a) { a.mutable_formula()->set_routine_weight_bp(3999); }),
              HasReason(reasons::kFormulaWeightsDoNotAddUp));
  EXPECT_THAT(broken([](auto& a) { a.mutable_formula()->mutable_grades(1)->set_minimum_hundredths(8500); }),
              HasReason(reasons::kGradesNotDescending));
  EXPECT_THAT(broken([](auto& a) { a.mutable_formula()->mutable_grades(2)->set_minimum_hundredths(1); }),
              HasReason(reasons::kGradesNotDescending));
  EXPECT_THAT(broken([](auto& a) { a.mutable_formula()->set_veto_cap_grade("SUPER"); }),
              HasReason(reasons::kUnknownGrade));
  EXPECT_THAT(broken([](auto& a) { a.mutable_formula()->mutable_grades(1)->set_code("EXCELLENT"); }),
              HasReason(reasons::kDuplicateCode));
  EXPECT_THAT(
      broken([](auto& a) { a.mutable_formula()->mutable_rating_scheme()->mutable_groups(0)->set_weight_bps(9999); }),
      HasReason(reasons::kWeightsDoNotAddUp));
  EXPECT_THAT(broken([](auto& a) { a.mutable_indicators(0)->set_full_marks_hundredths(9999); }),
              HasReason(reasons::kIndicatorMarksNot100));
  EXPECT_THAT(broken([](auto& a) { a.mutable_indicators(1)->set_code("WORK"); }), HasReason(reasons::kDuplicateCode));
  EXPECT_THAT(broken([](auto& a) { a.mutable_indicators(1)->set_part(v1::ASSESSMENT_PART_PUBLIC_RATING); }),
              HasReason(reasons::kIndicatorMarksNot100));
}

TEST(AssessmentRulesTest, PointsFitThePlan) {
  v1::AnnualAssessment assessment = Plan();
  google::protobuf::RepeatedPtrField<v1::AssessmentPoint> points = ExamplePoints();
  EXPECT_THAT(AddPoints(assessment, points), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Start(assessment, On(1, 10)), IsOk());
  const auto refused = [&](const v1::AssessmentPoint& point) {
    google::protobuf::RepeatedPtrField<v1::AssessmentPoint> one;
    *one.Add() = point;
    const absl::Status status = AddPoints(assessment, one);
    EXPECT_EQ(assessment.points_size(), 0);
    return status;
  };
  EXPECT_THAT(refused(Point("NOISE", 1, 100)), HasReason(reasons::kUnknownIndicator));
  EXPECT_THAT(refused(Point("WORK", 0, 100)), HasReason(reasons::kWrongQuarter));
  EXPECT_THAT(refused(Point("CHECK", 1, 100)), HasReason(reasons::kWrongQuarter));
  EXPECT_THAT(refused(Point("CHECK", 0, 10'001)), HasReason(reasons::kScoreAboveFullMarks));
  points.RemoveLast();
  ASSERT_THAT(AddPoints(assessment, points), IsOk());
  EXPECT_THAT(assessment.score().missing(), ElementsAre("CHECK", "PUBLIC_RATING"));
  EXPECT_THAT(SelfScore(assessment, On(2, 1, "members/li")), HasReason(reasons::kAssessmentIncomplete));
  EXPECT_EQ(assessment.state(), v1::ANNUAL_ASSESSMENT_STATE_COLLECTING);
}

TEST(AssessmentRulesTest, ARatingIsBallotsOrAConfirmedRound) {
  v1::AnnualAssessment assessment = Collected();
  const auto rate = [&](const std::string& rating, const v1::EvaluationRound* round = nullptr) {
    return SetRating(assessment, Proto<v1::AssessmentRating>(rating), round);
  };
  auto round = Proto<v1::EvaluationRound>(
      "name: 'evaluationRounds/r' organization: 'organizations/east' direction: EVALUATION_DIRECTION_COMMITTEES "
      "state: EVALUATION_STATE_TALLIED scores { score_hundredths: 9000 }");
  EXPECT_THAT(rate("source: 's'"), HasReason(reasons::kRatingNotOne));
  EXPECT_THAT(rate(kBallots, &round), HasReason(reasons::kRatingNotOne));
  EXPECT_THAT(rate("evaluation_round: 'evaluationRounds/r'", &round), HasReason(reasons::kRatingNotConfirmed));
  round.set_state(v1::EVALUATION_STATE_CONFIRMED);
  round.set_organization("organizations/west");
  EXPECT_THAT(rate("evaluation_round: 'evaluationRounds/r'", &round), HasReason(reasons::kRatingOfAnother));
  EXPECT_EQ(assessment.score().total_hundredths(), 8730);
  round.add_ratees("organizations/east");
  ASSERT_THAT(rate("evaluation_round: 'evaluationRounds/r' source: 'evaluationRounds/r'", &round), IsOk());
  EXPECT_EQ(assessment.score().total_hundredths(), 8810) << "36.50 + 33.60 + 0.2 × 90";
  EXPECT_EQ(assessment.score().terms(5).text(), "90.00 × 20.00%");
}

TEST(AssessmentRulesTest, RatingBallotsAreCheckedAsThoseOfARound) {
  v1::AnnualAssessment assessment = Collected();
  const auto rate = [&](const std::string& sheets) {
    return SetRating(assessment, Proto<v1::AssessmentRating>(sheets), nullptr);
  };
  EXPECT_THAT(rate("tally_sheets { group: 'RESIDENTS' issued: 1 returned: 2 valid: 2 grades { grade: 'GOOD' ballots: "
                   "2 } }"),
              HasReason(reasons::kReturnedExceedsIssued));
  EXPECT_THAT(rate("tally_sheets { group: 'RESIDENTS' issued: 9 returned: 9 valid: 8 grades { grade: 'GOOD' ballots: "
                   "8 } }"),
              HasReason(reasons::kBallotsDoNotAddUp));
  EXPECT_THAT(rate("tally_sheets { group: 'GUESTS' }"), HasReason(reasons::kUnknownGroup));
  EXPECT_THAT(rate("tally_sheets { group: 'RESIDENTS' ratee: 'members/li' }"), HasReason(reasons::kUnknownRatee));
  EXPECT_THAT(rate("tally_sheets { group: 'RESIDENTS' } tally_sheets { group: 'RESIDENTS' }"),
              HasReason(reasons::kDuplicateCode));
  EXPECT_THAT(rate("tally_sheets { group: 'RESIDENTS' issued: 100001 returned: 100001 valid: 100001 grades { grade: "
                   "'GOOD' ballots: 100001 } }"),
              HasReason("OUT_OF_BOUNDS"));
  EXPECT_EQ(assessment.score().total_hundredths(), 8730);
}

TEST(AssessmentRulesTest, TheLargestBallotsStayExact) {
  v1::AnnualAssessment assessment = Plan(absl::StrCat(
      "routine_weight_bp: 3333 year_end_weight_bp: 3333 public_rating_weight_bp: 3334 ", kGrades,
      "rating_scheme { grades { code: 'GOOD' label: '好' points: 100 } grades { code: 'POOR' label: '差' points: 99 } "
      "groups { code: 'A' label: 'a' weight_bps: 2000 minimum_ballots: 1 } groups { code: 'B' label: 'b' weight_bps: "
      "2000 minimum_ballots: 1 } groups { code: 'C' label: 'c' weight_bps: 2000 minimum_ballots: 1 } groups { code: "
      "'D' label: 'd' weight_bps: 2000 minimum_ballots: 1 } groups { code: 'E' label: 'e' weight_bps: 2000 "
      "minimum_ballots: 1 } }"));
  ASSERT_THAT(Start(assessment, On(1, 10)), IsOk());
  google::protobuf::RepeatedPtrField<v1::AssessmentPoint> points = ExamplePoints();
  for (v1::AssessmentPoint& point : points) point.set_score_hundredths(10'000);
  ASSERT_THAT(AddPoints(assessment, points), IsOk());
  v1::AssessmentRating rating;
  char group = 'A';
  for (const int valid : {99'991, 99'989, 99'971, 99'961, 99'929}) {  // primes
    *rating.add_tally_sheets() = Proto<v1::TallySheet>(
        absl::StrCat("group: '", std::string(1, group++), "' issued: ", valid, " returned: ", valid, " valid: ", valid,
                     " grades { grade: 'GOOD' ballots: ", valid - 1, " } grades { grade: 'POOR' ballots: 1 }"));
  }
  v1::RecordAssessmentLinesRequest request;
  for (int i = 0; i < 50; ++i) {
    *request.add_lines() =
        Proto<v1::AssessmentLine>(absl::StrCat("code: 'L", i, "' text: 't' score_hundredths: 10000 source: 's'"));
  }
  ASSERT_THAT(SetRating(assessment, rating, nullptr), IsOk());
  ASSERT_THAT(SetLines(assessment, request, kToday), IsOk());
  // 100 less 0.3334 × about 0.00001, and 50 lines of 100.
  EXPECT_EQ(assessment.score().total_hundredths(), 510'000);
}

TEST(AssessmentRulesTest, TheWholeLife) {
  v1::AnnualAssessment assessment = Collected();
  EXPECT_THAT(Verify(assessment, {}, On(2, 1, "members/wang")), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(SelfScore(assessment, On(1, 9, "members/li")), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(SelfScore(assessment, On(2, 1, "members/li")), IsOk());
  EXPECT_THAT(AddPoints(assessment, ExamplePoints()), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Deliberate(assessment, On(2, 2)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Verify(assessment, {}, On(2, 2, "members/li")), HasReason(reasons::kVerifierIsScorer));
  EXPECT_THAT(Verify(assessment, {}, On(2, 2, "organizations/east")), HasReason(reasons::kVerifierIsScorer));
  ASSERT_THAT(Verify(assessment, {}, On(2, 2, "members/wang")), IsOk());
  EXPECT_THAT(SetLines(assessment, Lines(kVeto), kToday), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Publicise(assessment, On(2, 3)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Deliberate(assessment, On(2, 3)), IsOk());
  EXPECT_THAT(Finalise(assessment, On(2, 4)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Publicise(assessment, On(2, 4)), IsOk());
  EXPECT_THAT(CheckDeletable(assessment), IsOk());
  EXPECT_THAT(Finalise(assessment, On(12, 1)), HasReason(dangjian::reasons::kDateInFuture));
  ASSERT_THAT(Finalise(assessment, On(2, 12)), IsOk());
  EXPECT_EQ(DayFromProto(assessment.final_on()), Day::Of(2026, 2, 12));
  EXPECT_THAT(Return(assessment, On(2, 13)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CheckDeletable(assessment), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Archive(assessment, On(3, 1)), IsOk());
  EXPECT_THAT(Archive(assessment, On(3, 1)), HasReason("ILLEGAL_TRANSITION"));
  std::vector<std::string> states;
  for (const auto& transition : assessment.transitions()) states.push_back(transition.state());
  EXPECT_THAT(states, ElementsAre("PLAN_PUBLISHED", "COLLECTING", "SELF_SCORED", "VERIFIED", "DELIBERATED",
                                  "PUBLICISED", "FINAL", "ARCHIVED"));
}

TEST(AssessmentRulesTest, TheVerifierCorrectsPointsAndTheSelfScoreStays) {
  v1::AnnualAssessment assessment = Collected();
  ASSERT_THAT(SelfScore(assessment, On(2, 1, "members/li")), IsOk());
  const auto corrections = [](const std::string& text) {
    return Proto<v1::VerifyAssessmentRequest>(text).corrections();
  };
  EXPECT_THAT(Verify(assessment, corrections("corrections { indicator: 'WORK' score_hundredths: 8000 }"),
                     On(2, 2, "members/wang")),
              HasReason(reasons::kUnknownPoint));
  EXPECT_EQ(assessment.state(), v1::ANNUAL_ASSESSMENT_STATE_SELF_SCORED);
  ASSERT_THAT(Verify(assessment,
                     corrections("corrections { indicator: 'CHECK' score_hundredths: 8000 reason: '缺台账' source: "
                                 "'核查记录' }"),
                     On(2, 2, "members/wang")),
              IsOk());
  const v1::AssessmentPoint& point = assessment.points(4);
  EXPECT_EQ(point.score_hundredths(), 8000);
  EXPECT_EQ(point.self_score_hundredths(), 8400);
  EXPECT_EQ(point.correction_reason(), "缺台账");
  EXPECT_EQ(assessment.score().total_hundredths(), 8570) << "36.50 + 32.00 + 17.20";
  ASSERT_THAT(Return(assessment, On(2, 3)), IsOk());
  EXPECT_EQ(assessment.verifier(), "");
  EXPECT_EQ(assessment.state(), v1::ANNUAL_ASSESSMENT_STATE_COLLECTING);
  EXPECT_THAT(SelfScore(assessment, On(2, 4, "members/wang")), IsOk());
  EXPECT_EQ(assessment.points(4).self_score_hundredths(), 8000);
}

TEST(AssessmentRulesTest, AChangedPlanIsANewVersionWithAReason) {
  v1::AnnualAssessment assessment = Collected();
  google::protobuf::RepeatedPtrField<v1::AssessmentIndicator> indicators = assessment.indicators();
  indicators[1].set_full_marks_hundredths(9'000);
  Step step = On(1, 20);
  step.reason = "区里调整";
  EXPECT_THAT(Revise(assessment, indicators, step), HasReason(reasons::kIndicatorMarksNot100));
  *indicators.Add() = Proto<v1::AssessmentIndicator>(
      "code: 'EXTRA' title: '新增' part: ASSESSMENT_PART_YEAR_END full_marks_hundredths: 1000");
  ASSERT_THAT(Revise(assessment, indicators, step), IsOk());
  EXPECT_EQ(assessment.plan_version(), 2);
  ASSERT_EQ(assessment.earlier_plans_size(), 1);
  EXPECT_EQ(assessment.earlier_plans(0).version(), 1);
  EXPECT_EQ(assessment.earlier_plans(0).indicators_size(), 2);
  EXPECT_EQ(assessment.earlier_plans(0).reason(), "区里调整");
  EXPECT_THAT(assessment.score().missing(), ElementsAre("EXTRA"));
  indicators[1].set_full_marks_hundredths(8'399);
  indicators[2].set_full_marks_hundredths(1'601);
  EXPECT_THAT(Revise(assessment, indicators, step), HasReason(reasons::kScoredIndicatorChanged));
  EXPECT_EQ(assessment.plan_version(), 2);
  google::protobuf::RepeatedPtrField<v1::AssessmentPoint> points;
  *points.Add() = Point("EXTRA", 0, 500);
  ASSERT_THAT(AddPoints(assessment, points), IsOk());
  ASSERT_THAT(SelfScore(assessment, On(2, 1, "members/li")), IsOk());
  EXPECT_THAT(Revise(assessment, indicators, On(2, 2)), HasReason("ILLEGAL_TRANSITION"));
}

TEST(AssessmentRulesTest, APartWithoutWeightNeedsNothing) {
  v1::AnnualAssessment assessment = Plan(absl::StrCat("routine_weight_bp: 5000 year_end_weight_bp: 5000 ", kGrades));
  EXPECT_THAT(Checked(assessment), IsOk());
  ASSERT_THAT(Start(assessment, On(1, 10)), IsOk());
  ASSERT_THAT(AddPoints(assessment, ExamplePoints()), IsOk());
  EXPECT_THAT(assessment.score().missing(), IsEmpty());
  EXPECT_EQ(assessment.score().total_hundredths(), 8763) << "87.625";
}

TEST(AssessmentRulesTest, LinesAreChecked) {
  v1::AnnualAssessment assessment = Collected();
  EXPECT_THAT(SetLines(assessment, Lines("lines { code: 'A' } lines { code: 'A' }"), kToday),
              HasReason(reasons::kDuplicateCode));
  EXPECT_THAT(SetLines(assessment, Lines(kVeto), Day::Of(2026, 1, 31)), HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_EQ(assessment.lines_size(), 0);
}

}  // namespace
}  // namespace dangjian::pledge::assessment_rules
