#include "services/welfare/mls_case/case_schema.h"

#include "common/types/date.h"
#include "common/types/month.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/mls_case/mls_benefit.h"
#include "services/welfare/mls_case/mls_counted.h"
#include "services/welfare/mls_case/mls_life.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

const storage::MeasureDef kHouseholdsGranted{.tag = tags::kMlsHouseholdsGranted,
                                             .id = "mls_households_granted",
                                             .label_zh = "新办低保户",
                                             .label_en = "Households granted minimum living security",
                                             .unit = "household",
                                             .kind = measure::v1::MEASURE_KIND_HOUSEHOLD_DISTINCT,
                                             .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kPersonsGranted{.tag = tags::kMlsPersonsGranted,
                                          .id = "mls_persons_granted",
                                          .label_zh = "新办低保人数",
                                          .label_en = "Persons granted minimum living security",
                                          .unit = "person",
                                          .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                          .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kHouseholds{.tag = tags::kMlsHouseholds,
                                      .id = "mls_households",
                                      .label_zh = "在保户数",
                                      .label_en = "Households on minimum living security",
                                      .unit = "household",
                                      .kind = measure::v1::MEASURE_KIND_HOUSEHOLD_DISTINCT,
                                      .time = measure::v1::MEASURE_TIME_STOCK};
const storage::MeasureDef kPersons{.tag = tags::kMlsPersons,
                                   .id = "mls_persons",
                                   .label_zh = "在保人数",
                                   .label_en = "Persons on minimum living security",
                                   .unit = "person",
                                   .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                   .time = measure::v1::MEASURE_TIME_STOCK};
const storage::MeasureDef kApplications{.tag = tags::kMlsApplications,
                                        .id = "mls_applications",
                                        .label_zh = "低保申请",
                                        .label_en = "Applications for minimum living security",
                                        .unit = "application",
                                        .kind = measure::v1::MEASURE_KIND_EVENT,
                                        .time = measure::v1::MEASURE_TIME_FLOW,
                                        .dimensions = {"outcome"}};

// What became of the application; a case that was granted keeps CONFIRMED for good.
std::string OutcomeOf(const v1::MlsCase& row) {
  if (mls::IsApplication(row.state())) return "PENDING";
  if (mls::IsGranted(row.state()) || row.state() == v1::MLS_CASE_STATE_STOPPED) return "CONFIRMED";
  return std::string(mls::NameOf(row.state()));
}

const std::string& HouseholdOf(const v1::MlsCase& row) { return CountedName(row.household(), row.counted_household()); }

void AddStock(const v1::MlsCase& row, const v1::MlsSpell& spell, std::vector<storage::Contribution>& list) {
  const storage::MeasureDef* measure = spell.resident().empty() ? &kHouseholds : &kPersons;
  const std::string& subject = spell.resident().empty() ? HouseholdOf(row) : mls::CountedPerson(row, spell.resident());
  list.push_back({.measure = measure, .day = DayOr(spell.first_month(), Day()), .subject = subject});
  if (!spell.has_last_month()) return;
  list.push_back(
      {.measure = measure, .day = NextMonth(DayOr(spell.last_month(), Day())), .amount = -1, .subject = subject});
}

std::vector<storage::Contribution> Contributions(const v1::MlsCase& row) {
  std::vector<storage::Contribution> list;
  if (const auto day = DayFromProto(row.submitted_on())) {
    list.push_back({.measure = &kApplications, .day = *day, .dimensions = {OutcomeOf(row)}});
  }
  for (const v1::MlsDecision& decision : row.decisions()) {
    if (decision.kind() != v1::MLS_DECISION_KIND_GRANT) continue;
    const Day day = DayOr(decision.first_month(), Day());
    list.push_back({.measure = &kHouseholdsGranted, .day = day, .subject = HouseholdOf(row)});
    for (const std::string& person : mls::CountedPersons(decision.inputs())) {
      list.push_back({.measure = &kPersonsGranted, .day = day, .subject = mls::CountedPerson(row, person)});
    }
  }
  for (const v1::MlsSpell& spell : row.spells()) AddStock(row, spell, list);
  return list;
}

bool ByOrganization(const v1::MlsCase& row, storage::KeyWriter& key) {
  key.Text(row.organization());
  return true;
}

bool ByHousehold(const v1::MlsCase& row, storage::KeyWriter& key) {
  key.Text(row.household());
  return true;
}

bool ByCounted(const v1::MlsCase& row, storage::KeyWriter& key) {
  key.Text(row.counted_household());
  return !row.counted_household().empty();
}

bool ByOrganizationLackingAuthorisation(const v1::MlsCase& row, storage::KeyWriter& key) {
  key.Text(row.organization());
  return row.authorisation_missing();
}

}  // namespace

storage::TableSchema<v1::MlsCase> MlsCaseSchema() {
  return {.tag = tags::kMlsCase,
          .collection = "mlsCases",
          .owner = [](const v1::MlsCase& row) { return row.organization(); },
          .indexes = {{.tag = tags::kMlsCaseByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kMlsCaseByHousehold, .name = "by_household", .columns = &ByHousehold},
                      {.tag = tags::kMlsCaseByCounted, .name = "by_counted", .columns = &ByCounted},
                      {.tag = tags::kMlsCaseByPerson,
                       .name = "by_person",
                       .columns = [](const v1::MlsCase&, storage::KeyWriter&) { return true; },
                       .each = &mls::CountedPersonsOf},
                      {.tag = tags::kMlsCaseLackingAuthorisation,
                       .name = "by_organization_lacking_authorisation",
                       .columns = &ByOrganizationLackingAuthorisation}},
          .measures = {&kHouseholdsGranted, &kPersonsGranted, &kHouseholds, &kPersons, &kApplications},
          .contributions = &Contributions};
}

}  // namespace dangjian::welfare
