#include "services/welfare/unemployment_registration/registration_schema.h"

#include <algorithm>

#include "common/types/date.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using storage::KeyWriter;
using v1::UnemploymentRegistration;

const storage::MeasureDef kRegistered{.tag = tags::kRegisteredUnemployed,
                                      .id = "registered_unemployed",
                                      .label_zh = "登记失业人数",
                                      .label_en = "Registered unemployed people",
                                      .unit = "person",
                                      .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                      .time = measure::v1::MEASURE_TIME_STOCK};
const storage::MeasureDef kHardToEmploy{.tag = tags::kHardToEmployPersons,
                                        .id = "hard_to_employ_persons",
                                        .label_zh = "就业困难人员",
                                        .label_en = "People who are hard to employ",
                                        .unit = "person",
                                        .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                        .time = measure::v1::MEASURE_TIME_STOCK};

std::vector<storage::Contribution> Contributions(const UnemploymentRegistration& row) {
  std::vector<storage::Contribution> list;
  const std::string& person = CountedName(row.resident(), row.counted_resident());
  const Day closed = DayOr(row.closed_on(), Day::Max());
  // From `first` on, and no more from `over` on.
  const auto stay = [&](const storage::MeasureDef& measure, Day first, Day over) {
    if (over <= first) return;
    list.push_back({.measure = &measure, .day = first, .amount = 1, .subject = person});
    if (over != Day::Max()) {
      list.push_back({.measure = &measure, .day = over, .amount = -1, .subject = person});
    }
  };
  stay(kRegistered, DayOr(row.registered_on(), Day()), closed);
  for (const v1::HardToEmployCertification& each : row.certifications()) {
    const Day over = each.has_ended_on() ? DayOr(each.ended_on(), Day()) + 1 : Day::Max();
    stay(kHardToEmploy, DayOr(each.certified_on(), Day()), std::min(over, closed));
  }
  return list;
}

bool ByOrganization(const UnemploymentRegistration& row, KeyWriter& key) {
  key.Text(row.organization());
  return true;
}

bool ByResident(const UnemploymentRegistration& row, KeyWriter& key) {
  key.Text(row.resident());
  return true;
}

bool OpenByResident(const UnemploymentRegistration& row, KeyWriter& key) {
  key.Text(row.resident());
  return !row.has_closed_on();
}

bool ByOrganizationWhenAgeContradicted(const UnemploymentRegistration& row, KeyWriter& key) {
  key.Text(row.organization());
  return row.age_contradicted();
}

bool ByCounted(const UnemploymentRegistration& row, KeyWriter& key) {
  key.Text(row.counted_resident());
  return !row.counted_resident().empty();
}

}  // namespace

storage::TableSchema<UnemploymentRegistration> UnemploymentRegistrationSchema() {
  return {.tag = tags::kUnemploymentRegistration,
          .collection = "unemploymentRegistrations",
          .owner = [](const UnemploymentRegistration& row) { return row.organization(); },
          .indexes = {{.tag = tags::kUnemploymentRegistrationByOrganization,
                       .name = "by_organization",
                       .columns = &ByOrganization},
                      {.tag = tags::kUnemploymentRegistrationByResident, .name = "by_resident", .columns = &ByResident},
                      {.tag = tags::kUnemploymentRegistrationOpen,
                       .name = "open_by_resident",
                       .columns = &OpenByResident,
                       .unique = true},
                      {.tag = tags::kUnemploymentRegistrationByCounted, .name = "by_counted", .columns = &ByCounted},
                      {.tag = tags::kUnemploymentRegistrationAgeContradicted,
                       .name = "by_organization_age_contradicted",
                       .columns = &ByOrganizationWhenAgeContradicted}},
          .measures = {&kRegistered, &kHardToEmploy},
          .contributions = &Contributions};
}

}  // namespace dangjian::welfare
