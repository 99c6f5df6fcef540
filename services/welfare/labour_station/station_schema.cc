#include "services/welfare/labour_station/station_schema.h"

#include "common/types/date.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

const storage::MeasureDef kStations{.tag = tags::kLabourSecurityStations,
                                    .id = "labour_security_stations",
                                    .label_zh = "劳动保障服务所",
                                    .label_en = "Labour-security stations",
                                    .unit = "station",
                                    .kind = measure::v1::MEASURE_KIND_STOCK,
                                    .time = measure::v1::MEASURE_TIME_STOCK};

std::vector<storage::Contribution> Contributions(const v1::LabourStation& station) {
  std::vector<storage::Contribution> list;
  list.push_back({.measure = &kStations, .day = DayOr(station.opened_on(), Day()), .amount = 1});
  if (station.has_closed_on()) {
    list.push_back({.measure = &kStations, .day = DayOr(station.closed_on(), Day()) + 1, .amount = -1});
  }
  return list;
}

bool ByOrganization(const v1::LabourStation& station, storage::KeyWriter& key) {
  key.Text(station.organization());
  return true;
}

}  // namespace

storage::TableSchema<v1::LabourStation> LabourStationSchema() {
  return {
      .tag = tags::kLabourStation,
      .collection = "labourStations",
      .owner = [](const v1::LabourStation& station) { return station.organization(); },
      .indexes = {{.tag = tags::kLabourStationByOrganization, .name = "by_organization", .columns = &ByOrganization}},
      .measures = {&kStations},
      .contributions = &Contributions};
}

}  // namespace dangjian::welfare
