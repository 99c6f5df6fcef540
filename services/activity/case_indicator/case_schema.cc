#include "services/activity/case_indicator/case_schema.h"

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

const storage::MeasureDef kCases{.tag = tags::kCases,
                                 .id = "cases",
                                 .label_zh = "案件",
                                 .label_en = "Cases reported by the police",
                                 .unit = "case",
                                 .kind = measure::v1::MEASURE_KIND_EVENT,
                                 .time = measure::v1::MEASURE_TIME_FLOW,
                                 .dimensions = {"kind"}};

Day LastDay(const v1::CaseReport& report) { return DayOr(report.period().end_date(), Day()); }

std::vector<storage::Contribution> Contributions(const v1::CaseReport& report) {
  if (report.count() == 0) return {};
  const std::string kind(StripPrefix(v1::CaseKind_Name(report.kind()), "CASE_KIND_"));
  return {{.measure = &kCases, .day = LastDay(report), .amount = report.count(), .dimensions = {kind}}};
}

bool ByOrganization(const v1::CaseReport& report, storage::KeyWriter& key) {
  key.Text(report.organization()).Text(v1::CaseKind_Name(report.kind())).Date(LastDay(report));
  return true;
}

bool ByKindAndEnd(const v1::CaseReport& report, storage::KeyWriter& key) {
  key.Text(v1::CaseKind_Name(report.kind())).Date(LastDay(report));
  return true;
}

}  // namespace

storage::TableSchema<v1::CaseReport> CaseReportSchema() {
  return {.tag = tags::kCaseReport,
          .collection = "caseReports",
          .owner = [](const v1::CaseReport& report) { return report.organization(); },
          .indexes = {{.tag = tags::kCaseReportByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kCaseReportByKindAndEnd, .name = "by_kind_and_end", .columns = &ByKindAndEnd}},
          .measures = {&kCases},
          .contributions = &Contributions};
}

}  // namespace dangjian::activity
