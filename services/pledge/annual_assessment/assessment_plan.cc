#include "services/pledge/annual_assessment/assessment_plan.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/pledge/annual_assessment/assessment_rules.h"
#include "services/pledge/evaluation_round/evaluation_rules.h"

namespace dangjian::pledge::assessment_rules {
namespace {

constexpr char kFormula[] = "annual_assessment.formula";
constexpr int64_t kFullMarks = 10'000;  // 100.00 points

// The marks of a part add up to 100.00 when it has a weight, and are none when it has not.
void CheckMarks(const google::protobuf::RepeatedPtrField<v1::AssessmentIndicator>& indicators, v1::AssessmentPart part,
                int32_t weight, std::string_view path, Violations& violations) {
  int64_t marks = 0;
  for (const v1::AssessmentIndicator& indicator : indicators) {
    if (indicator.part() == part) marks += indicator.full_marks_hundredths();
  }
  if (marks == (weight > 0 ? kFullMarks : 0)) return;
  violations.Add(path, reasons::kIndicatorMarksNot100,
                 absl::StrCat("the indicators of ", v1::AssessmentPart_Name(part), " add up to ", marks,
                              " hundredths; its weight is ", weight));
}

void CheckGrades(const v1::AssessmentFormula& formula, Violations& violations) {
  const auto& grades = formula.grades();
  evaluation_rules::CheckCodes(grades, absl::StrCat(kFormula, ".grades"), violations);
  bool descending = !grades.empty() && grades[grades.size() - 1].minimum_hundredths() == 0;
  for (int i = 1; i < grades.size(); ++i) {
    descending = descending && grades[i].minimum_hundredths() < grades[i - 1].minimum_hundredths();
  }
  if (!descending) {
    violations.Add(absl::StrCat(kFormula, ".grades"), reasons::kGradesNotDescending,
                   "the minimums must descend, the last to 0");
  }
  const bool has_cap = std::any_of(grades.begin(), grades.end(), [&](const v1::AssessmentGrade& grade) {
    return grade.code() == formula.veto_cap_grade();
  });
  if (!has_cap) {
    violations.Add(absl::StrCat(kFormula, ".veto_cap_grade"), reasons::kUnknownGrade,
                   absl::StrCat("the formula has no grade ", formula.veto_cap_grade()));
  }
}

}  // namespace

void CheckFormula(const v1::AssessmentFormula& formula, Violations& violations) {
  const int32_t weights =
      formula.routine_weight_bp() + formula.year_end_weight_bp() + formula.public_rating_weight_bp();
  if (weights != 10'000) {
    violations.Add(kFormula, reasons::kFormulaWeightsDoNotAddUp,
                   absl::StrCat("the three weights add up to ", weights, ", not to 10000"));
  }
  CheckGrades(formula, violations);
  if (formula.has_rating_scheme()) {
    evaluation_rules::CheckScheme(formula.rating_scheme(), absl::StrCat(kFormula, ".rating_scheme"), violations);
  }
}

void CheckIndicators(const v1::AssessmentFormula& formula,
                     const google::protobuf::RepeatedPtrField<v1::AssessmentIndicator>& indicators,
                     std::string_view path, Violations& violations) {
  evaluation_rules::CheckCodes(indicators, path, violations);
  CheckMarks(indicators, v1::ASSESSMENT_PART_ROUTINE, formula.routine_weight_bp(), path, violations);
  CheckMarks(indicators, v1::ASSESSMENT_PART_YEAR_END, formula.year_end_weight_bp(), path, violations);
  // Only these two parts have indicators.
  CheckMarks(indicators, v1::ASSESSMENT_PART_PUBLIC_RATING, 0, path, violations);
  CheckMarks(indicators, v1::ASSESSMENT_PART_ADJUSTMENT, 0, path, violations);
}

const v1::AssessmentIndicator* FindIndicator(
    const google::protobuf::RepeatedPtrField<v1::AssessmentIndicator>& indicators, std::string_view code) {
  for (const v1::AssessmentIndicator& indicator : indicators) {
    if (indicator.code() == code) return &indicator;
  }
  return nullptr;
}

}  // namespace dangjian::pledge::assessment_rules
