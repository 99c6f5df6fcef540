#include "services/welfare/pairing/pairing_schema.h"

#include "services/welfare/counted/counted.h"
#include "services/welfare/pairing/pairing_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using storage::KeyWriter;

const storage::MeasureDef kMembers{.tag = tags::kPairedMembers,
                                   .id = "paired_members",
                                   .label_zh = "结对党员数",
                                   .label_en = "Members with an active pairing",
                                   .unit = "person",
                                   .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                   .time = measure::v1::MEASURE_TIME_STOCK};
const storage::MeasureDef kHouseholds{.tag = tags::kPairedHouseholds,
                                      .id = "paired_households",
                                      .label_zh = "结对帮扶户数",
                                      .label_en = "Households with an active pairing",
                                      .unit = "household",
                                      .kind = measure::v1::MEASURE_KIND_HOUSEHOLD_DISTINCT,
                                      .time = measure::v1::MEASURE_TIME_STOCK};
const storage::MeasureDef kPairings{.tag = tags::kPairings,
                                    .id = "pairings",
                                    .label_zh = "帮扶对子",
                                    .label_en = "Active pairings",
                                    .unit = "pairing",
                                    .kind = measure::v1::MEASURE_KIND_STOCK,
                                    .time = measure::v1::MEASURE_TIME_STOCK};

std::vector<storage::Contribution> Contributions(const v1::AssistancePairing& pairing) {
  std::vector<storage::Contribution> list;
  const auto add = [&](Day day, int64_t amount) {
    for (const std::string& member : pairing.members()) {
      list.push_back({.measure = &kMembers, .day = day, .amount = amount, .subject = member});
    }
    list.push_back({.measure = &kHouseholds,
                    .day = day,
                    .amount = amount,
                    .subject = CountedName(pairing.household(), pairing.counted_household())});
    list.push_back({.measure = &kPairings, .day = day, .amount = amount});
  };
  for (const DayRange& days : pairing_rules::ActiveDays(pairing)) {
    add(days.first, 1);
    if (days.last != Day::Max()) add(days.last + 1, -1);
  }
  return list;
}

bool ByOrganization(const v1::AssistancePairing& pairing, KeyWriter& key) {
  key.Text(pairing.organization());
  return true;
}

bool ByHousehold(const v1::AssistancePairing& pairing, KeyWriter& key) {
  key.Text(pairing.household());
  return true;
}

bool ByCounted(const v1::AssistancePairing& pairing, KeyWriter& key) {
  key.Text(pairing.counted_household());
  return !pairing.counted_household().empty();
}

}  // namespace

storage::TableSchema<v1::AssistancePairing> PairingSchema() {
  return {.tag = tags::kPairing,
          .collection = "pairings",
          .owner = [](const v1::AssistancePairing& pairing) { return pairing.organization(); },
          .indexes = {{.tag = tags::kPairingByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kPairingByHousehold, .name = "by_household", .columns = &ByHousehold},
                      {.tag = tags::kPairingByCounted, .name = "by_counted", .columns = &ByCounted}},
          .measures = {&kMembers, &kHouseholds, &kPairings},
          .contributions = &Contributions};
}

}  // namespace dangjian::welfare
