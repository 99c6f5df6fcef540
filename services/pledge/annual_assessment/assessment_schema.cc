#include "services/pledge/annual_assessment/assessment_schema.h"

#include "common/types/date.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

const storage::MeasureDef kFinal{.tag = tags::kAssessmentsFinal,
                                 .id = "assessments_final",
                                 .label_zh = "年度考核定等",
                                 .label_en = "Annual assessments made final",
                                 .unit = "assessment",
                                 .kind = measure::v1::MEASURE_KIND_EVENT,
                                 .time = measure::v1::MEASURE_TIME_FLOW,
                                 .dimensions = {"grade"}};

std::vector<storage::Contribution> Contributions(const v1::AnnualAssessment& assessment) {
  if (!assessment.has_final_on()) return {};
  return {{.measure = &kFinal, .day = DayOr(assessment.final_on(), Day()), .dimensions = {assessment.score().grade()}}};
}

bool ByOrganization(const v1::AnnualAssessment& assessment, storage::KeyWriter& key) {
  key.Text(assessment.organization()).Int32(assessment.year());
  return true;
}

bool OfYear(const v1::AnnualAssessment& assessment, storage::KeyWriter& key) {
  key.Text(assessment.organization()).Int32(assessment.year()).Text(assessment.formula().code());
  return true;
}

}  // namespace

storage::TableSchema<v1::AnnualAssessment> AnnualAssessmentSchema() {
  return {
      .tag = tags::kAnnualAssessment,
      .collection = "annualAssessments",
      .owner = [](const v1::AnnualAssessment& assessment) { return assessment.organization(); },
      .indexes = {{.tag = tags::kAnnualAssessmentByOrganization, .name = "by_organization", .columns = &ByOrganization},
                  {.tag = tags::kAnnualAssessmentOfYear,
                   .name = "organization_year_formula",
                   .columns = &OfYear,
                   .unique = true}},
      .measures = {&kFinal},
      .contributions = &Contributions};
}

}  // namespace dangjian::pledge
