#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/pledge/v1/annual_assessment.pb.h"
#include "dangjian/pledge/v1/evaluation_round.pb.h"
#include "google/protobuf/repeated_field.h"

// The life of an annual assessment. Every change leaves `score` as the entries stand. Pure.

namespace dangjian::pledge {

namespace reasons {
inline constexpr Reason kFormulaWeightsDoNotAddUp{"FORMULA_WEIGHTS_DO_NOT_ADD_UP", absl::StatusCode::kInvalidArgument,
                                                  "平时、年终、群众评议三项权重之和应为100%(10000)"};
inline constexpr Reason kGradesNotDescending{"GRADES_NOT_DESCENDING", absl::StatusCode::kInvalidArgument,
                                             "等次应从高到低排列,最低等次的分数线为0"};
inline constexpr Reason kIndicatorMarksNot100{"INDICATOR_MARKS_NOT_100", absl::StatusCode::kInvalidArgument,
                                              "有权重的平时或年终指标满分之和应为100分,无权重的不设指标"};
inline constexpr Reason kScoredIndicatorChanged{"SCORED_INDICATOR_CHANGED", absl::StatusCode::kFailedPrecondition,
                                                "已打分的指标不能删除、改类或将满分降到得分以下"};
inline constexpr Reason kUnknownIndicator{"UNKNOWN_INDICATOR", absl::StatusCode::kInvalidArgument,
                                          "考核方案中没有此指标"};
inline constexpr Reason kWrongQuarter{"WRONG_QUARTER", absl::StatusCode::kInvalidArgument,
                                      "平时指标按1至4季度打分,年终指标不填季度"};
inline constexpr Reason kScoreAboveFullMarks{"SCORE_ABOVE_FULL_MARKS", absl::StatusCode::kInvalidArgument,
                                             "得分超过该指标满分"};
inline constexpr Reason kUnknownPoint{"UNKNOWN_POINT", absl::StatusCode::kInvalidArgument, "没有此指标(季度)的得分"};
inline constexpr Reason kRatingNotOne{"RATING_NOT_ONE", absl::StatusCode::kInvalidArgument,
                                      "群众评议应且只应填写票数或评议记录中的一项"};
inline constexpr Reason kRatingNotConfirmed{"RATING_NOT_CONFIRMED", absl::StatusCode::kFailedPrecondition,
                                            "所引用的评议尚未确认或不是对两委的评议"};
inline constexpr Reason kRatingOfAnother{"RATING_OF_ANOTHER", absl::StatusCode::kFailedPrecondition,
                                         "所引用的评议不属于被考核组织"};
inline constexpr Reason kAssessmentIncomplete{"ASSESSMENT_INCOMPLETE", absl::StatusCode::kFailedPrecondition,
                                              "考核不完整:尚缺得分,或有评议人群的有效票不足,不能进入下一步"};
inline constexpr Reason kVerifierIsScorer{"VERIFIER_IS_SCORER", absl::StatusCode::kFailedPrecondition,
                                          "核验人不能是自评人或被考核组织"};
}  // namespace reasons

namespace assessment_rules {

// Sets what a new record starts with: version 1 of the plan, published on its day.
void Initialize(v1::AnnualAssessment& assessment, const Step& step);
// FORMULA_WEIGHTS_DO_NOT_ADD_UP, GRADES_NOT_DESCENDING, UNKNOWN_GRADE, DUPLICATE_CODE, WEIGHTS_DO_NOT_ADD_UP,
// INDICATOR_MARKS_NOT_100, DATE_IN_FUTURE.
void CheckContent(const v1::AnnualAssessment& assessment, Day today, Violations& violations);
// ILLEGAL_TRANSITION once it is final.
absl::Status CheckDeletable(const v1::AnnualAssessment& assessment);

absl::Status Revise(v1::AnnualAssessment& assessment,
                    const google::protobuf::RepeatedPtrField<v1::AssessmentIndicator>& indicators, const Step& step);
absl::Status Start(v1::AnnualAssessment& assessment, const Step& step);
absl::Status AddPoints(v1::AnnualAssessment& assessment,
                       const google::protobuf::RepeatedPtrField<v1::AssessmentPoint>& points);
// `round` is the evaluation round that the rating names; nullptr when it names none.
absl::Status SetRating(v1::AnnualAssessment& assessment, const v1::AssessmentRating& rating,
                       const v1::EvaluationRound* round);
absl::Status SetLines(v1::AnnualAssessment& assessment, const v1::RecordAssessmentLinesRequest& request, Day today);
// The step's `on_behalf_of` is the scorer.
absl::Status SelfScore(v1::AnnualAssessment& assessment, const Step& step);
// The step's `on_behalf_of` is the verifier.
absl::Status Verify(v1::AnnualAssessment& assessment,
                    const google::protobuf::RepeatedPtrField<v1::AssessmentCorrection>& corrections, const Step& step);
absl::Status Return(v1::AnnualAssessment& assessment, const Step& step);
absl::Status Deliberate(v1::AnnualAssessment& assessment, const Step& step);
absl::Status Publicise(v1::AnnualAssessment& assessment, const Step& step);
absl::Status Finalise(v1::AnnualAssessment& assessment, const Step& step);
absl::Status Archive(v1::AnnualAssessment& assessment, const Step& step);

}  // namespace assessment_rules
}  // namespace dangjian::pledge
