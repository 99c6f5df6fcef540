#include "services/welfare/job_placement/placement_schema.h"

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

const storage::MeasureDef kPlaced{.tag = tags::kPlacedPersons,
                                  .id = "placed_persons",
                                  .label_zh = "再就业人数",
                                  .label_en = "People placed in work",
                                  .unit = "person",
                                  .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                  .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kPlacements{.tag = tags::kPlacements,
                                      .id = "placements",
                                      .label_zh = "安置就业次数",
                                      .label_en = "Placements in work",
                                      .unit = "placement",
                                      .kind = measure::v1::MEASURE_KIND_EVENT,
                                      .time = measure::v1::MEASURE_TIME_FLOW,
                                      .dimensions = {"kind"}};

std::vector<storage::Contribution> Contributions(const v1::JobPlacement& placement) {
  if (placement.state() != v1::JOB_PLACEMENT_STATE_STANDING) return {};
  const Day day = DayOr(placement.started_on(), Day());
  const std::string kind(StripPrefix(v1::PlacementKind_Name(placement.kind()), "PLACEMENT_KIND_"));
  const std::string& person = CountedName(placement.resident(), placement.counted_resident());
  return {{.measure = &kPlaced, .day = day, .subject = person},
          {.measure = &kPlacements, .day = day, .dimensions = {kind}}};
}

bool ByOrganization(const v1::JobPlacement& placement, storage::KeyWriter& key) {
  key.Text(placement.organization());
  return true;
}

bool ByRegistration(const v1::JobPlacement& placement, storage::KeyWriter& key) {
  key.Text(placement.registration());
  return true;
}

bool ByPerson(const v1::JobPlacement& placement, storage::KeyWriter& key) {
  key.Text(CountedName(placement.resident(), placement.counted_resident()));
  return true;
}

}  // namespace

storage::TableSchema<v1::JobPlacement> JobPlacementSchema() {
  return {.tag = tags::kJobPlacement,
          .collection = "jobPlacements",
          .owner = [](const v1::JobPlacement& placement) { return placement.organization(); },
          .indexes = {{.tag = tags::kJobPlacementByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kJobPlacementByRegistration, .name = "by_registration", .columns = &ByRegistration},
                      {.tag = tags::kJobPlacementByPerson, .name = "by_person", .columns = &ByPerson}},
          .measures = {&kPlaced, &kPlacements},
          .contributions = &Contributions};
}

}  // namespace dangjian::welfare
