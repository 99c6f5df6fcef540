#include "services/welfare/home_visit/visit_schema.h"

#include <string>

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/home_visit/visit_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using storage::KeyWriter;

const storage::MeasureDef kHouseholdsVisited{.tag = tags::kHouseholdsVisited,
                                             .id = "households_visited",
                                             .label_zh = "走访户数",
                                             .label_en = "Households visited",
                                             .unit = "household",
                                             .kind = measure::v1::MEASURE_KIND_HOUSEHOLD_DISTINCT,
                                             .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kHomeVisits{.tag = tags::kHomeVisits,
                                      .id = "home_visits",
                                      .label_zh = "走访户次",
                                      .label_en = "Home visits",
                                      .unit = "visit",
                                      .kind = measure::v1::MEASURE_KIND_HOUSEHOLD_TIME,
                                      .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kHomeVisitsByReason{.tag = tags::kHomeVisitsByReason,
                                              .id = "home_visits_by_reason",
                                              .label_zh = "走访原因",
                                              .label_en = "Reasons of home visits",
                                              .unit = "visit",
                                              .kind = measure::v1::MEASURE_KIND_EVENT,
                                              .time = measure::v1::MEASURE_TIME_FLOW,
                                              .dimensions = {"reason"}};

std::vector<storage::Contribution> Contributions(const v1::HomeVisit& visit) {
  if (!visit_rules::Counts(visit)) return {};
  const Day day = DayOr(visit.occurred_on(), Day());
  const std::string& household = CountedName(visit.household(), visit.counted_household());
  std::vector<storage::Contribution> list = {{.measure = &kHouseholdsVisited, .day = day, .subject = household},
                                             {.measure = &kHomeVisits, .day = day}};
  for (const int reason : visit.reasons()) {
    const std::string& name = v1::HomeVisitReason_Name(static_cast<v1::HomeVisitReason>(reason));
    list.push_back({.measure = &kHomeVisitsByReason,
                    .day = day,
                    .dimensions = {std::string(StripPrefix(name, "HOME_VISIT_REASON_"))}});
  }
  return list;
}

bool ByOrganization(const v1::HomeVisit& visit, KeyWriter& key) {
  key.Text(visit.organization());
  return true;
}

bool ByHousehold(const v1::HomeVisit& visit, KeyWriter& key) {
  key.Text(visit.household()).Date(DayOr(visit.occurred_on(), DayOr(visit.due_on(), Day::Max())));
  return true;
}

bool ByCounted(const v1::HomeVisit& visit, KeyWriter& key) {
  key.Text(visit.counted_household());
  return !visit.counted_household().empty();
}

bool ByClientId(const v1::HomeVisit& visit, KeyWriter& key) {
  key.Text(visit.client_id());
  return !visit.client_id().empty();
}

}  // namespace

storage::TableSchema<v1::HomeVisit> HomeVisitSchema() {
  return {
      .tag = tags::kHomeVisit,
      .collection = "homeVisits",
      .owner = [](const v1::HomeVisit& visit) { return visit.organization(); },
      .indexes = {{.tag = tags::kHomeVisitByOrganization, .name = "by_organization", .columns = &ByOrganization},
                  {.tag = tags::kHomeVisitByHousehold, .name = "by_household", .columns = &ByHousehold},
                  {.tag = tags::kHomeVisitByClientId, .name = "by_client_id", .columns = &ByClientId, .unique = true},
                  {.tag = tags::kHomeVisitByCounted, .name = "by_counted", .columns = &ByCounted}},
      .measures = {&kHouseholdsVisited, &kHomeVisits, &kHomeVisitsByReason},
      .contributions = &Contributions};
}

}  // namespace dangjian::welfare
