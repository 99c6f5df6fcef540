#include "services/pledge/annual_assessment/assessment_rules.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/pledge/annual_assessment/assessment_plan.h"
#include "services/pledge/annual_assessment/assessment_score.h"
#include "services/pledge/evaluation_round/evaluation_rules.h"

namespace dangjian::pledge::assessment_rules {
namespace {

// Most valid ballots on a sheet: keeps the exact sum within its bounds.
constexpr int32_t kMaxBallots = 100'000;
constexpr int kMaxPlanVersions = 20;

std::string_view NameOf(v1::AnnualAssessmentState state) {
  return StripPrefix(v1::AnnualAssessmentState_Name(state), "ANNUAL_ASSESSMENT_STATE_");
}

absl::Status RequireState(const v1::AnnualAssessment& assessment,
                          std::initializer_list<v1::AnnualAssessmentState> allowed, std::string_view verb) {
  if (std::find(allowed.begin(), allowed.end(), assessment.state()) != allowed.end()) return absl::OkStatus();
  return IllegalTransition(assessment.name(), NameOf(assessment.state()), verb);
}

absl::Status Enter(v1::AnnualAssessment& assessment, v1::AnnualAssessmentState state, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(assessment.transitions())));
  assessment.set_state(state);
  AddTransition(*assessment.mutable_transitions(), NameOf(state), step);
  return absl::OkStatus();
}

absl::Status Move(v1::AnnualAssessment& assessment, v1::AnnualAssessmentState from, v1::AnnualAssessmentState to,
                  std::string_view verb, const Step& step) {
  RETURN_IF_ERROR(RequireState(assessment, {from}, verb));
  return Enter(assessment, to, step);
}

void Rescore(v1::AnnualAssessment& assessment) { *assessment.mutable_score() = assessment_score::Compute(assessment); }

absl::Status Incomplete(const v1::AnnualAssessment& assessment, const std::string& missing) {
  return Error(reasons::kAssessmentIncomplete, absl::StrCat("still missing: ", missing),
               {{"resource", assessment.name()}, {"missing", missing}});
}

v1::AssessmentPoint* FindPoint(v1::AnnualAssessment& assessment, const std::string& indicator, int quarter) {
  for (v1::AssessmentPoint& point : *assessment.mutable_points()) {
    if (point.indicator() == indicator && point.quarter() == quarter) return &point;
  }
  return nullptr;
}

void CheckPoint(const v1::AnnualAssessment& assessment, const v1::AssessmentPoint& point, const std::string& path,
                Violations& violations) {
  const v1::AssessmentIndicator* indicator = FindIndicator(assessment.indicators(), point.indicator());
  if (indicator == nullptr) {
    violations.Add(absl::StrCat(path, ".indicator"), reasons::kUnknownIndicator,
                   absl::StrCat("the plan has no indicator ", point.indicator()));
    return;
  }
  if ((indicator->part() == v1::ASSESSMENT_PART_ROUTINE) != (point.quarter() > 0)) {
    violations.Add(absl::StrCat(path, ".quarter"), reasons::kWrongQuarter,
                   "routine indicators are scored in quarters 1 to 4, those of the year-end in none");
  }
  if (point.score_hundredths() > indicator->full_marks_hundredths()) {
    violations.Add(absl::StrCat(path, ".score_hundredths"), reasons::kScoreAboveFullMarks,
                   absl::StrCat(point.indicator(), " has ", indicator->full_marks_hundredths(), " hundredths at most"));
  }
}

absl::Status CheckRatingBallots(const v1::AnnualAssessment& assessment, const v1::AssessmentRating& rating) {
  Violations violations;
  for (int i = 0; i < rating.tally_sheets_size(); ++i) {
    const v1::TallySheet& sheet = rating.tally_sheets(i);
    const std::string path = absl::StrCat("rating.tally_sheets[", i, "]");
    if (!sheet.ratee().empty()) {
      violations.Add(absl::StrCat(path, ".ratee"), reasons::kUnknownRatee,
                     "the organisation is rated as a whole: leave it empty");
    }
    if (sheet.valid() > kMaxBallots) {
      violations.Add(absl::StrCat(path, ".valid"), dangjian::reasons::kOutOfBounds,
                     absl::StrCat("at most ", kMaxBallots, " ballots a group"));
    }
    evaluation_rules::CheckBallots(assessment.formula().rating_scheme(), sheet, path, violations);
    for (int j = 0; j < i; ++j) {
      if (rating.tally_sheets(j).group() != sheet.group()) continue;
      violations.Add(absl::StrCat(path, ".group"), reasons::kDuplicateCode,
                     absl::StrCat(sheet.group(), " has two sheets"));
    }
  }
  return violations.ToStatus();
}

absl::Status CheckRound(const v1::AnnualAssessment& assessment, const v1::EvaluationRound& round) {
  const bool confirmed =
      round.state() == v1::EVALUATION_STATE_CONFIRMED || round.state() == v1::EVALUATION_STATE_NOTIFIED;
  if (!confirmed || round.direction() != v1::EVALUATION_DIRECTION_COMMITTEES || round.scores_size() != 1) {
    return Error(reasons::kRatingNotConfirmed, absl::StrCat(round.name(), " has no confirmed score of committees"),
                 {{"resource", assessment.name()}, {"evaluation_round", round.name()}});
  }
  const auto& ratees = round.ratees();
  if (round.organization() == assessment.organization() ||
      std::find(ratees.begin(), ratees.end(), assessment.organization()) != ratees.end()) {
    return absl::OkStatus();
  }
  return Error(reasons::kRatingOfAnother, absl::StrCat(round.name(), " does not rate ", assessment.organization()),
               {{"resource", assessment.name()}, {"evaluation_round", round.name()}});
}

absl::Status CheckCorrections(v1::AnnualAssessment& assessment,
                              const google::protobuf::RepeatedPtrField<v1::AssessmentCorrection>& corrections) {
  Violations violations;
  for (int i = 0; i < corrections.size(); ++i) {
    const v1::AssessmentCorrection& correction = corrections[i];
    const std::string path = absl::StrCat("corrections[", i, "]");
    const v1::AssessmentPoint* point = FindPoint(assessment, correction.indicator(), correction.quarter());
    if (point == nullptr) {
      violations.Add(absl::StrCat(path, ".indicator"), reasons::kUnknownPoint,
                     absl::StrCat("there are no points for ", correction.indicator(), " in that quarter"));
      continue;
    }
    v1::AssessmentPoint corrected = *point;
    corrected.set_score_hundredths(correction.score_hundredths());
    CheckPoint(assessment, corrected, path, violations);
  }
  return violations.ToStatus();
}

}  // namespace

void Initialize(v1::AnnualAssessment& assessment, const Step& step) {
  assessment.set_state(v1::ANNUAL_ASSESSMENT_STATE_PLAN_PUBLISHED);
  assessment.set_plan_version(1);
  assessment.clear_earlier_plans();
  assessment.clear_points();
  assessment.clear_rating();
  assessment.clear_lines();
  assessment.clear_veto_items();
  assessment.clear_scorer();
  assessment.clear_verifier();
  assessment.clear_final_on();
  assessment.clear_transitions();
  AddTransition(*assessment.mutable_transitions(), NameOf(assessment.state()), step);
  Rescore(assessment);
}

void CheckContent(const v1::AnnualAssessment& assessment, Day today, Violations& violations) {
  if (DayOr(assessment.published_on(), today) > today) {
    violations.Add("annual_assessment.published_on", dangjian::reasons::kDateInFuture, "published after today");
  }
  CheckFormula(assessment.formula(), violations);
  CheckIndicators(assessment.formula(), assessment.indicators(), "annual_assessment.indicators", violations);
}

absl::Status CheckDeletable(const v1::AnnualAssessment& assessment) {
  if (assessment.state() < v1::ANNUAL_ASSESSMENT_STATE_FINAL) return absl::OkStatus();
  return IllegalTransition(assessment.name(), NameOf(assessment.state()), "deletion");
}

absl::Status Revise(v1::AnnualAssessment& assessment,
                    const google::protobuf::RepeatedPtrField<v1::AssessmentIndicator>& indicators, const Step& step) {
  RETURN_IF_ERROR(RequireState(
      assessment, {v1::ANNUAL_ASSESSMENT_STATE_PLAN_PUBLISHED, v1::ANNUAL_ASSESSMENT_STATE_COLLECTING}, "a revision"));
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(assessment.transitions())));
  Violations violations;
  CheckIndicators(assessment.formula(), indicators, "indicators", violations);
  if (assessment.earlier_plans_size() >= kMaxPlanVersions) {
    violations.Add("indicators", dangjian::reasons::kTooManyItems,
                   absl::StrCat("a plan is replaced at most ", kMaxPlanVersions, " times"));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  for (const v1::AssessmentPoint& point : assessment.points()) {
    const v1::AssessmentIndicator* before = FindIndicator(assessment.indicators(), point.indicator());
    const v1::AssessmentIndicator* after = FindIndicator(indicators, point.indicator());
    if (before != nullptr && after != nullptr && before->part() == after->part() &&
        point.score_hundredths() <= after->full_marks_hundredths()) {
      continue;
    }
    return Error(reasons::kScoredIndicatorChanged, absl::StrCat(point.indicator(), " has points that would not fit"),
                 {{"resource", assessment.name()}, {"indicator", point.indicator()}});
  }
  v1::AssessmentPlanVersion& earlier = *assessment.add_earlier_plans();
  earlier.set_version(assessment.plan_version());
  *earlier.mutable_indicators() = assessment.indicators();
  *earlier.mutable_superseded_on() = DayToProto(step.day);
  earlier.set_reason(step.reason);
  *assessment.mutable_indicators() = indicators;
  assessment.set_plan_version(assessment.plan_version() + 1);
  AddTransition(*assessment.mutable_transitions(), absl::StrCat("plan-", assessment.plan_version(), ":PUBLISHED"),
                step);
  Rescore(assessment);
  return absl::OkStatus();
}

absl::Status Start(v1::AnnualAssessment& assessment, const Step& step) {
  return Move(assessment, v1::ANNUAL_ASSESSMENT_STATE_PLAN_PUBLISHED, v1::ANNUAL_ASSESSMENT_STATE_COLLECTING, "a start",
              step);
}

absl::Status AddPoints(v1::AnnualAssessment& assessment,
                       const google::protobuf::RepeatedPtrField<v1::AssessmentPoint>& points) {
  RETURN_IF_ERROR(RequireState(assessment, {v1::ANNUAL_ASSESSMENT_STATE_COLLECTING}, "points"));
  Violations violations;
  for (int i = 0; i < points.size(); ++i) {
    CheckPoint(assessment, points[i], absl::StrCat("points[", i, "]"), violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  for (const v1::AssessmentPoint& point : points) {
    v1::AssessmentPoint* place = FindPoint(assessment, point.indicator(), point.quarter());
    if (place == nullptr) place = assessment.add_points();
    *place = point;
    place->clear_self_score_hundredths();
    place->clear_correction_reason();
  }
  Rescore(assessment);
  return absl::OkStatus();
}

absl::Status SetRating(v1::AnnualAssessment& assessment, const v1::AssessmentRating& rating,
                       const v1::EvaluationRound* round) {
  RETURN_IF_ERROR(RequireState(assessment,
                               {v1::ANNUAL_ASSESSMENT_STATE_COLLECTING, v1::ANNUAL_ASSESSMENT_STATE_SELF_SCORED},
                               "the public rating"));
  if (rating.tally_sheets().empty() == (round == nullptr)) {
    Violations violations;
    violations.Add("rating", reasons::kRatingNotOne, "give tally_sheets or evaluation_round, one of them");
    return violations.ToStatus();
  }
  if (round == nullptr) {
    RETURN_IF_ERROR(CheckRatingBallots(assessment, rating));
  } else {
    RETURN_IF_ERROR(CheckRound(assessment, *round));
  }
  *assessment.mutable_rating() = rating;
  assessment.mutable_rating()->set_evaluation_score_hundredths(round == nullptr ? 0
                                                                                : round->scores(0).score_hundredths());
  Rescore(assessment);
  return absl::OkStatus();
}

absl::Status SetLines(v1::AnnualAssessment& assessment, const v1::RecordAssessmentLinesRequest& request, Day today) {
  RETURN_IF_ERROR(RequireState(assessment,
                               {v1::ANNUAL_ASSESSMENT_STATE_COLLECTING, v1::ANNUAL_ASSESSMENT_STATE_SELF_SCORED},
                               "bonus, penalty or veto items"));
  Violations violations;
  evaluation_rules::CheckCodes(request.lines(), "lines", violations);
  evaluation_rules::CheckCodes(request.veto_items(), "veto_items", violations);
  for (int i = 0; i < request.veto_items_size(); ++i) {
    if (DayOr(request.veto_items(i).happened_on(), today) <= today) continue;
    violations.Add(absl::StrCat("veto_items[", i, "].happened_on"), dangjian::reasons::kDateInFuture,
                   "happened after today");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  *assessment.mutable_lines() = request.lines();
  *assessment.mutable_veto_items() = request.veto_items();
  Rescore(assessment);
  return absl::OkStatus();
}

absl::Status SelfScore(v1::AnnualAssessment& assessment, const Step& step) {
  RETURN_IF_ERROR(RequireState(assessment, {v1::ANNUAL_ASSESSMENT_STATE_COLLECTING}, "self-scoring"));
  const std::vector<std::string> missing = assessment_score::MissingPoints(assessment);
  if (!missing.empty()) return Incomplete(assessment, absl::StrJoin(missing, ", "));
  RETURN_IF_ERROR(Enter(assessment, v1::ANNUAL_ASSESSMENT_STATE_SELF_SCORED, step));
  for (v1::AssessmentPoint& point : *assessment.mutable_points()) {
    point.set_self_score_hundredths(point.score_hundredths());
    point.clear_correction_reason();
  }
  assessment.set_scorer(step.on_behalf_of);
  return absl::OkStatus();
}

absl::Status Verify(v1::AnnualAssessment& assessment,
                    const google::protobuf::RepeatedPtrField<v1::AssessmentCorrection>& corrections, const Step& step) {
  RETURN_IF_ERROR(RequireState(assessment, {v1::ANNUAL_ASSESSMENT_STATE_SELF_SCORED}, "verification"));
  if (step.on_behalf_of == assessment.scorer() || step.on_behalf_of == assessment.organization()) {
    return Error(reasons::kVerifierIsScorer, absl::StrCat(step.on_behalf_of, " may not verify its own score"),
                 {{"resource", assessment.name()}, {"verifier", step.on_behalf_of}});
  }
  if (assessment.score().incomplete()) {
    return Incomplete(assessment, absl::StrJoin(assessment.score().missing(), ", "));
  }
  RETURN_IF_ERROR(CheckCorrections(assessment, corrections));
  RETURN_IF_ERROR(Enter(assessment, v1::ANNUAL_ASSESSMENT_STATE_VERIFIED, step));
  for (const v1::AssessmentCorrection& correction : corrections) {
    v1::AssessmentPoint& point = *FindPoint(assessment, correction.indicator(), correction.quarter());
    point.set_score_hundredths(correction.score_hundredths());
    point.set_correction_reason(correction.reason());
    point.set_source(correction.source());
  }
  assessment.set_verifier(step.on_behalf_of);
  Rescore(assessment);
  return absl::OkStatus();
}

absl::Status Return(v1::AnnualAssessment& assessment, const Step& step) {
  RETURN_IF_ERROR(RequireState(assessment,
                               {v1::ANNUAL_ASSESSMENT_STATE_SELF_SCORED, v1::ANNUAL_ASSESSMENT_STATE_VERIFIED,
                                v1::ANNUAL_ASSESSMENT_STATE_DELIBERATED, v1::ANNUAL_ASSESSMENT_STATE_PUBLICISED},
                               "a return"));
  RETURN_IF_ERROR(Enter(assessment, v1::ANNUAL_ASSESSMENT_STATE_COLLECTING, step));
  assessment.clear_scorer();
  assessment.clear_verifier();
  return absl::OkStatus();
}

absl::Status Deliberate(v1::AnnualAssessment& assessment, const Step& step) {
  return Move(assessment, v1::ANNUAL_ASSESSMENT_STATE_VERIFIED, v1::ANNUAL_ASSESSMENT_STATE_DELIBERATED, "deliberation",
              step);
}

absl::Status Publicise(v1::AnnualAssessment& assessment, const Step& step) {
  return Move(assessment, v1::ANNUAL_ASSESSMENT_STATE_DELIBERATED, v1::ANNUAL_ASSESSMENT_STATE_PUBLICISED, "posting",
              step);
}

absl::Status Finalise(v1::AnnualAssessment& assessment, const Step& step) {
  RETURN_IF_ERROR(
      Move(assessment, v1::ANNUAL_ASSESSMENT_STATE_PUBLICISED, v1::ANNUAL_ASSESSMENT_STATE_FINAL, "finalising", step));
  *assessment.mutable_final_on() = DayToProto(step.day);
  return absl::OkStatus();
}

absl::Status Archive(v1::AnnualAssessment& assessment, const Step& step) {
  return Move(assessment, v1::ANNUAL_ASSESSMENT_STATE_FINAL, v1::ANNUAL_ASSESSMENT_STATE_ARCHIVED, "archiving", step);
}

}  // namespace dangjian::pledge::assessment_rules
