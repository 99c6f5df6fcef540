#include "services/pledge/annual_assessment/assessment_score.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/types/quantity.h"
#include "services/pledge/evaluation_round/evaluation_rules.h"
#include "services/pledge/evaluation_round/exact_sum.h"

namespace dangjian::pledge::assessment_score {
namespace {

constexpr int kQuarters = 4;
constexpr int32_t kWhole = 10'000;  // 100 % in basis points
constexpr int32_t kHundredths = 100;

std::string Points(int64_t hundredths) { return FormatDecimal(hundredths, 2); }
std::string Percent(int32_t bp) { return absl::StrCat(FormatDecimal(bp, 2), "%"); }

int32_t WeightOf(const v1::AssessmentFormula& formula, v1::AssessmentPart part) {
  if (part == v1::ASSESSMENT_PART_ROUTINE) return formula.routine_weight_bp();
  if (part == v1::ASSESSMENT_PART_YEAR_END) return formula.year_end_weight_bp();
  return part == v1::ASSESSMENT_PART_PUBLIC_RATING ? formula.public_rating_weight_bp() : kWhole;
}

// A term of `numerator` ÷ `denominator` points; its text is `value` × weight.
v1::AssessmentTerm Term(const v1::AssessmentFormula& formula, v1::AssessmentPart part, const std::string& code,
                        int64_t numerator, int64_t denominator, const std::string& value) {
  v1::AssessmentTerm term;
  term.set_part(part);
  term.set_code(code);
  term.set_numerator(numerator);
  term.set_denominator(denominator);
  term.set_weight_bp(WeightOf(formula, part));
  term.set_text(part == v1::ASSESSMENT_PART_ADJUSTMENT ? value : absl::StrCat(value, " × ", Percent(term.weight_bp())));
  return term;
}

void AddPoints(const v1::AnnualAssessment& assessment, v1::AssessmentScore& score) {
  absl::flat_hash_map<std::string, v1::AssessmentPart> parts;
  for (const v1::AssessmentIndicator& indicator : assessment.indicators()) parts[indicator.code()] = indicator.part();
  for (const v1::AssessmentPoint& point : assessment.points()) {
    const auto part = parts.find(point.indicator());
    if (part == parts.end()) continue;
    const bool routine = part->second == v1::ASSESSMENT_PART_ROUTINE;
    std::string value = Points(point.score_hundredths());
    if (routine) absl::StrAppend(&value, " ÷ ", kQuarters);
    v1::AssessmentTerm term = Term(assessment.formula(), part->second, point.indicator(), point.score_hundredths(),
                                   int64_t{kHundredths} * (routine ? kQuarters : 1), value);
    term.set_quarter(point.quarter());
    term.set_source(point.source());
    *score.add_terms() = std::move(term);
  }
}

void AddBallots(const v1::AnnualAssessment& assessment, v1::AssessmentScore& score) {
  const v1::AssessmentRating& rating = assessment.rating();
  const evaluation_rules::BallotCount count = evaluation_rules::CountBallots(
      assessment.formula().rating_scheme(), [&](const std::string& group) -> const v1::TallySheet* {
        for (const v1::TallySheet& sheet : rating.tally_sheets()) {
          if (sheet.group() == group) return &sheet;
        }
        return nullptr;
      });
  for (const evaluation_rules::GroupCount& group : count.groups) {
    v1::AssessmentTerm term =
        Term(assessment.formula(), v1::ASSESSMENT_PART_PUBLIC_RATING, group.group, group.points * group.weight_bps,
             group.valid * kWhole, absl::StrCat(group.points, " ÷ ", group.valid, " × ", Percent(group.weight_bps)));
    term.set_source(rating.source());
    *score.add_terms() = std::move(term);
  }
  for (const std::string& group : count.missing_groups) score.add_missing(group);
}

void AddRating(const v1::AnnualAssessment& assessment, v1::AssessmentScore& score) {
  if (assessment.formula().public_rating_weight_bp() == 0) return;
  const v1::AssessmentRating& rating = assessment.rating();
  if (!rating.evaluation_round().empty()) {
    v1::AssessmentTerm term =
        Term(assessment.formula(), v1::ASSESSMENT_PART_PUBLIC_RATING, rating.evaluation_round(),
             rating.evaluation_score_hundredths(), kHundredths, Points(rating.evaluation_score_hundredths()));
    term.set_source(rating.source());
    *score.add_terms() = std::move(term);
  } else if (assessment.has_rating()) {
    AddBallots(assessment, score);
  } else {
    score.add_missing("PUBLIC_RATING");
  }
}

void AddLines(const v1::AnnualAssessment& assessment, v1::AssessmentScore& score) {
  for (const v1::AssessmentLine& line : assessment.lines()) {
    v1::AssessmentTerm term = Term(assessment.formula(), v1::ASSESSMENT_PART_ADJUSTMENT, line.code(),
                                   line.score_hundredths(), kHundredths, Points(line.score_hundredths()));
    term.set_source(line.source());
    *score.add_terms() = std::move(term);
  }
}

// Bounds: all denominators divide 10^4 × 5 numbers of at most 10^5 valid ballots; the terms add up to at most 5,100
// points × 10^4.
int32_t SumOf(const v1::AssessmentScore& score) {
  ExactSum sum;
  for (const v1::AssessmentTerm& term : score.terms()) sum.Add(term.numerator() * term.weight_bp(), term.denominator());
  // Weights are in 1/10,000 and the result in 1/100.
  return static_cast<int32_t>(sum.DividedHalfUp(kWhole / kHundredths));
}

void SetParts(const v1::AssessmentFormula& formula, v1::AssessmentScore& score) {
  for (const v1::AssessmentPart part :
       {v1::ASSESSMENT_PART_ROUTINE, v1::ASSESSMENT_PART_YEAR_END, v1::ASSESSMENT_PART_PUBLIC_RATING}) {
    if (WeightOf(formula, part) == 0) continue;
    ExactSum sum;
    for (const v1::AssessmentTerm& term : score.terms()) {
      if (term.part() == part) sum.Add(term.numerator() * kHundredths, term.denominator());
    }
    v1::AssessmentPartScore& shown = *score.add_parts();
    shown.set_part(part);
    shown.set_weight_bp(WeightOf(formula, part));
    shown.set_score_hundredths(static_cast<int32_t>(sum.DividedHalfUp(1)));
  }
}

void SetGrade(const v1::AnnualAssessment& assessment, v1::AssessmentScore& score) {
  const auto& grades = assessment.formula().grades();
  const auto earned = std::find_if(grades.begin(), grades.end(), [&](const v1::AssessmentGrade& grade) {
    return score.total_hundredths() >= grade.minimum_hundredths();
  });
  const auto cap = std::find_if(grades.begin(), grades.end(), [&](const v1::AssessmentGrade& grade) {
    return grade.code() == assessment.formula().veto_cap_grade();
  });
  if (earned == grades.end() || cap == grades.end()) return;  // a checked formula has both
  score.set_earned_grade(earned->code());
  // Grades stand best first.
  score.set_capped(!assessment.veto_items().empty() && earned < cap);
  score.set_grade(score.capped() ? cap->code() : earned->code());
}

}  // namespace

std::vector<std::string> MissingPoints(const v1::AnnualAssessment& assessment) {
  absl::flat_hash_set<std::pair<std::string, int>> present;
  for (const v1::AssessmentPoint& point : assessment.points()) present.insert({point.indicator(), point.quarter()});
  std::vector<std::string> missing;
  for (const v1::AssessmentIndicator& indicator : assessment.indicators()) {
    if (indicator.part() != v1::ASSESSMENT_PART_ROUTINE) {
      if (!present.contains({indicator.code(), 0})) missing.push_back(indicator.code());
      continue;
    }
    for (int quarter = 1; quarter <= kQuarters; ++quarter) {
      if (!present.contains({indicator.code(), quarter})) {
        missing.push_back(absl::StrCat(indicator.code(), "/Q", quarter));
      }
    }
  }
  return missing;
}

v1::AssessmentScore Compute(const v1::AnnualAssessment& assessment) {
  v1::AssessmentScore score;
  for (std::string& missing : MissingPoints(assessment)) score.add_missing(std::move(missing));
  AddPoints(assessment, score);
  AddRating(assessment, score);
  AddLines(assessment, score);
  score.set_incomplete(score.missing_size() > 0);
  if (score.incomplete()) return score;
  SetParts(assessment.formula(), score);
  score.set_total_hundredths(std::max(0, SumOf(score)));
  SetGrade(assessment, score);
  return score;
}

}  // namespace dangjian::pledge::assessment_score
