#include "services/welfare/stock_issue/issue_schema.h"

#include "common/types/date.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using storage::KeyWriter;

const storage::MeasureDef kBeneficiaries{.tag = tags::kCharityBeneficiaries,
                                         .id = "charity_beneficiaries",
                                         .label_zh = "爱心超市救助人数",
                                         .label_en = "Residents who received goods of a charity store",
                                         .unit = "person",
                                         .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                         .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kIssues{.tag = tags::kStockIssues,
                                  .id = "stock_issues",
                                  .label_zh = "爱心超市发放人次",
                                  .label_en = "Issues of charity stores",
                                  .unit = "person_time",
                                  .kind = measure::v1::MEASURE_KIND_PERSON_TIME,
                                  .time = measure::v1::MEASURE_TIME_FLOW};

std::vector<storage::Contribution> Contributions(const v1::StockIssue& issue) {
  if (issue.state() != v1::STOCK_ISSUE_STATE_ISSUED) return {};
  const Day day = DayOr(issue.issued_on(), Day());
  const std::string& person = CountedName(issue.beneficiary(), issue.counted_beneficiary());
  return {{.measure = &kBeneficiaries, .day = day, .subject = person}, {.measure = &kIssues, .day = day}};
}

bool ByOrganization(const v1::StockIssue& issue, KeyWriter& key) {
  key.Text(issue.organization());
  return true;
}

bool ByBeneficiary(const v1::StockIssue& issue, KeyWriter& key) {
  key.Text(issue.beneficiary()).Text(issue.organization());
  return true;
}

bool ByCounted(const v1::StockIssue& issue, KeyWriter& key) {
  key.Text(issue.counted_beneficiary()).Text(issue.organization());
  return !issue.counted_beneficiary().empty();
}

}  // namespace

storage::TableSchema<v1::StockIssue> StockIssueSchema() {
  return {.tag = tags::kStockIssue,
          .collection = "stockIssues",
          .owner = [](const v1::StockIssue& issue) { return issue.organization(); },
          .indexes = {{.tag = tags::kStockIssueByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kStockIssueByBeneficiary, .name = "by_beneficiary", .columns = &ByBeneficiary},
                      {.tag = tags::kStockIssueByCounted, .name = "by_counted", .columns = &ByCounted}},
          .measures = {&kBeneficiaries, &kIssues},
          .contributions = &Contributions};
}

}  // namespace dangjian::welfare
