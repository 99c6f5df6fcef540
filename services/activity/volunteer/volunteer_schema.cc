#include "services/activity/volunteer/volunteer_schema.h"

#include "common/types/date.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

const storage::MeasureDef kRegisteredVolunteers{.tag = tags::kRegisteredVolunteers,
                                                .id = "registered_volunteers",
                                                .label_zh = "注册志愿者人数",
                                                .label_en = "Registered volunteers",
                                                .unit = "person",
                                                .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                                .time = measure::v1::MEASURE_TIME_STOCK};

std::vector<storage::Contribution> Contributions(const v1::Volunteer& volunteer) {
  std::vector<storage::Contribution> list;
  const auto add = [&](Day day, int64_t amount) {
    list.push_back(
        {.measure = &kRegisteredVolunteers, .day = day, .amount = amount, .subject = volunteer.canonical_person()});
  };
  add(DayOr(volunteer.registered_on(), Day()), 1);
  if (volunteer.has_left_on()) add(DayOr(volunteer.left_on(), Day()) + 1, -1);
  return list;
}

bool ByOrganization(const v1::Volunteer& volunteer, storage::KeyWriter& key) {
  key.Text(volunteer.organization());
  return true;
}

bool ByPerson(const v1::Volunteer& volunteer, storage::KeyWriter& key) {
  key.Text(volunteer.canonical_person());
  return true;
}

bool ByOrganizationLackingConsent(const v1::Volunteer& volunteer, storage::KeyWriter& key) {
  if (!volunteer.guardian_consent_missing()) return false;
  key.Text(volunteer.organization());
  return true;
}

bool ByNumber(const v1::Volunteer& volunteer, storage::KeyWriter& key) {
  key.Text(volunteer.volunteer_no());
  return true;
}

}  // namespace

storage::TableSchema<v1::Volunteer> VolunteerSchema() {
  return {.tag = tags::kVolunteer,
          .collection = "volunteers",
          .owner = [](const v1::Volunteer& volunteer) { return volunteer.organization(); },
          .indexes = {{.tag = tags::kVolunteerByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kVolunteerByPerson, .name = "by_person", .columns = &ByPerson},
                      {.tag = tags::kVolunteerByNumber, .name = "volunteer_no", .columns = &ByNumber, .unique = true},
                      {.tag = tags::kVolunteerLackingConsent,
                       .name = "by_organization_lacking_consent",
                       .columns = &ByOrganizationLackingConsent}},
          .measures = {&kRegisteredVolunteers},
          .contributions = &Contributions};
}

}  // namespace dangjian::activity
