#include "services/welfare/facility/facility_schema.h"

#include "common/types/enum_name.h"
#include "services/welfare/facility/facility_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

const storage::MeasureDef kFacilities{.tag = tags::kFacilities,
                                      .id = "facilities",
                                      .label_zh = "服务设施",
                                      .label_en = "Facilities",
                                      .unit = "facility",
                                      .kind = measure::v1::MEASURE_KIND_STOCK,
                                      .time = measure::v1::MEASURE_TIME_STOCK,
                                      .dimensions = {"kind", "state"}};

std::vector<storage::Contribution> Contributions(const v1::Facility& facility) {
  std::vector<storage::Contribution> list;
  const std::string kind(StripPrefix(v1::FacilityKind_Name(facility.kind()), "FACILITY_KIND_"));
  for (const facility_rules::Stay& stay : facility_rules::Stays(facility)) {
    const std::string state(StripPrefix(v1::FacilityState_Name(stay.state), "FACILITY_STATE_"));
    list.push_back({.measure = &kFacilities, .day = stay.first, .amount = 1, .dimensions = {kind, state}});
    if (stay.over == Day::Max()) continue;
    list.push_back({.measure = &kFacilities, .day = stay.over, .amount = -1, .dimensions = {kind, state}});
  }
  return list;
}

bool ByOrganization(const v1::Facility& facility, storage::KeyWriter& key) {
  key.Text(facility.organization());
  return true;
}

}  // namespace

storage::TableSchema<v1::Facility> FacilitySchema() {
  return {.tag = tags::kFacility,
          .collection = "facilities",
          .owner = [](const v1::Facility& facility) { return facility.organization(); },
          .indexes = {{.tag = tags::kFacilityByOrganization, .name = "by_organization", .columns = &ByOrganization}},
          .measures = {&kFacilities},
          .contributions = &Contributions};
}

}  // namespace dangjian::welfare
