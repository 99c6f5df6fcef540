#pragma once

#include "dangjian/pledge/v1/annual_assessment.pb.h"

// The score of an annual assessment by its own formula. Pure.

namespace dangjian::pledge::assessment_score {

// Score, grade and every term, as the entries stand. The total is the exact sum of all terms, rounded half up once to
// hundredths of a point; a veto item caps the grade and leaves the score. While points are missing or a rater group is
// below its minimum there is neither total nor grade. The content must have passed assessment_rules.
v1::AssessmentScore Compute(const v1::AnnualAssessment& assessment);

// `<indicator>` or `<indicator>/Q<quarter>` for every point that is not there yet.
std::vector<std::string> MissingPoints(const v1::AnnualAssessment& assessment);

}  // namespace dangjian::pledge::assessment_score
