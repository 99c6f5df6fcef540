#include "services/registry/resident/resident_schema.h"

#include <string>
#include <vector>

#include "services/registry/resident/resident_rules.h"
#include "services/registry/stock_days.h"

namespace dangjian::registry {
namespace {

using storage::Contribution;
using storage::KeyWriter;
using v1::Resident;

std::string OwnerOf(const Resident& resident) { return NewestResidence(resident).organization(); }

bool ByOrganization(const Resident& resident, KeyWriter& key) {
  key.Text(NewestResidence(resident).organization());
  return true;
}

bool ByRegisteredHousehold(const Resident& resident, KeyWriter& key) {
  key.Text(resident.registered_household());
  return !resident.registered_household().empty();
}

bool BySharedLivingHousehold(const Resident& resident, KeyWriter& key) {
  key.Text(resident.shared_living_household());
  return !resident.shared_living_household().empty();
}

std::vector<Contribution> ContributionsOf(const Resident& resident) {
  std::vector<Contribution> contributions;
  for (const Stay& stay : CountedStays(resident)) {
    AddStock(kResidents, stay.days, {}, stay.organization, contributions);
    for (const v1::ResidentTag& tag : resident.tags()) {
      AddStock(kResidentsTagged, Intersect(stay.days, DaysOf(tag)), {ShortName(tag.kind())}, stay.organization,
               contributions);
    }
  }
  return contributions;
}

}  // namespace

uint16_t ResidentIndexOf(v1::HouseholdKind kind) {
  return kind == v1::HOUSEHOLD_KIND_SHARED_LIVING ? kResidentBySharedLivingHousehold : kResidentByRegisteredHousehold;
}

const storage::MeasureDef kResidents = {.tag = 0x0181,
                                        .id = "residents",
                                        .label_zh = "居民人数",
                                        .label_en = "Residents",
                                        .unit = "person",
                                        .kind = measure::v1::MEASURE_KIND_STOCK,
                                        .time = measure::v1::MEASURE_TIME_STOCK};

const storage::MeasureDef kResidentsTagged = {.tag = 0x0182,
                                              .id = "residents_tagged",
                                              .label_zh = "标签人数",
                                              .label_en = "Residents by mark",
                                              .unit = "person",
                                              .kind = measure::v1::MEASURE_KIND_STOCK,
                                              .time = measure::v1::MEASURE_TIME_STOCK,
                                              .dimensions = {"tag"}};

storage::TableSchema<Resident> ResidentSchema() {
  return {.tag = kResidentTable,
          .collection = "residents",
          .owner = &OwnerOf,
          .indexes = {{.tag = kResidentByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = kResidentByRegisteredHousehold,
                       .name = "by_registered_household",
                       .columns = &ByRegisteredHousehold},
                      {.tag = kResidentBySharedLivingHousehold,
                       .name = "by_shared_living_household",
                       .columns = &BySharedLivingHousehold}},
          .measures = {&kResidents, &kResidentsTagged},
          .contributions = &ContributionsOf};
}

}  // namespace dangjian::registry
