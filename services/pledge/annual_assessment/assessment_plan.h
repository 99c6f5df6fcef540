#pragma once

#include <string_view>

#include "common/status/errors.h"
#include "dangjian/pledge/v1/assessment_plan.pb.h"
#include "google/protobuf/repeated_field.h"

// The plan of an annual assessment: its formula and its indicators. Pure.

namespace dangjian::pledge::assessment_rules {

// FORMULA_WEIGHTS_DO_NOT_ADD_UP, GRADES_NOT_DESCENDING, UNKNOWN_GRADE, DUPLICATE_CODE, WEIGHTS_DO_NOT_ADD_UP.
void CheckFormula(const v1::AssessmentFormula& formula, Violations& violations);
// DUPLICATE_CODE, INDICATOR_MARKS_NOT_100.
void CheckIndicators(const v1::AssessmentFormula& formula,
                     const google::protobuf::RepeatedPtrField<v1::AssessmentIndicator>& indicators,
                     std::string_view path, Violations& violations);
// nullptr when there is none.
const v1::AssessmentIndicator* FindIndicator(
    const google::protobuf::RepeatedPtrField<v1::AssessmentIndicator>& indicators, std::string_view code);

}  // namespace dangjian::pledge::assessment_rules
