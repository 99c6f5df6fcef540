#include "common/testing/toy_tables.h"

#include <algorithm>

#include "common/types/date.h"

namespace dangjian::testing {
namespace {

using storage::Contribution;
using storage::KeyWriter;
using storage::MeasureDef;
using storage::TreeEdge;

constexpr uint16_t kOrganizations = 0xFF10;
constexpr uint16_t kRecords = 0xFF00;

const MeasureDef* FindMeasure(const std::string& id) {
  const auto& all = ToyMeasures();
  const auto it = std::find_if(all.begin(), all.end(), [&id](const MeasureDef* measure) { return measure->id == id; });
  return it == all.end() ? nullptr : *it;
}

std::string OwnerOf(const ToyRecord& record) { return record.organization(); }

bool ByLabel(const ToyRecord& record, KeyWriter& key) {
  key.Text(record.label()).Int64(record.contributions_size());
  return !record.label().empty();
}

bool ByCode(const ToyRecord& record, KeyWriter& key) {
  key.Text(record.code());
  return !record.code().empty();
}

bool ByOrganization(const ToyRecord& record, KeyWriter& key) {
  key.Text(record.organization());
  return true;
}

std::vector<std::string> SubjectsOf(const ToyRecord& record) {
  std::vector<std::string> subjects;
  for (const ToyContribution& contribution : record.contributions()) {
    if (!contribution.subject().empty()) subjects.push_back(contribution.subject());
  }
  return subjects;
}

std::vector<Contribution> ContributionsOf(const ToyRecord& record) {
  std::vector<Contribution> contributions;
  for (const ToyContribution& c : record.contributions()) {
    contributions.push_back({.measure = FindMeasure(c.measure()),
                             .day = DayOr(c.date(), Day()),
                             .amount = c.amount(),
                             .dimensions = {c.dimensions().begin(), c.dimensions().end()},
                             .subject = c.subject(),
                             .qualifier = c.qualifier(),
                             .organization = c.organization()});
  }
  return contributions;
}

std::vector<TreeEdge> ParentsOf(const ToyOrganization& organization) {
  std::vector<TreeEdge> edges;
  for (const ToyEdge& edge : organization.parents()) {
    edges.push_back({edge.parent(), {DayOr(edge.first(), Day::Min()), DayOr(edge.last(), Day::Max())}});
  }
  return edges;
}

}  // namespace

const MeasureDef kToyTimes = {.tag = 0xFF01,
                              .id = "toy_times",
                              .label_zh = "参加人次",
                              .label_en = "Attendances",
                              .unit = "person_time",
                              .kind = measure::v1::MEASURE_KIND_PERSON_TIME,
                              .time = measure::v1::MEASURE_TIME_FLOW,
                              .dimensions = {"topic", "place"}};
const MeasureDef kToyMoney = {.tag = 0xFF02,
                              .id = "toy_money",
                              .label_zh = "发放金额",
                              .label_en = "Money paid",
                              .unit = "fen",
                              .scale = 2,
                              .kind = measure::v1::MEASURE_KIND_MONEY,
                              .time = measure::v1::MEASURE_TIME_FLOW};
const MeasureDef kToyStock = {.tag = 0xFF03,
                              .id = "toy_stock",
                              .label_zh = "现有队伍",
                              .label_en = "Teams",
                              .unit = "team",
                              .kind = measure::v1::MEASURE_KIND_STOCK,
                              .time = measure::v1::MEASURE_TIME_STOCK,
                              .dimensions = {"topic"}};
const MeasureDef kToyPersons = {.tag = 0xFF04,
                                .id = "toy_persons",
                                .label_zh = "参加人数",
                                .label_en = "People who took part",
                                .unit = "person",
                                .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                .time = measure::v1::MEASURE_TIME_FLOW};
const MeasureDef kToyResidents = {.tag = 0xFF05,
                                  .id = "toy_residents",
                                  .label_zh = "在册人数",
                                  .label_en = "Registered people",
                                  .unit = "person",
                                  .kind = measure::v1::MEASURE_KIND_PERSON_DISTINCT,
                                  .time = measure::v1::MEASURE_TIME_STOCK};

const std::vector<const MeasureDef*>& ToyMeasures() {
  static const std::vector<const MeasureDef*> kAll = {&kToyTimes, &kToyMoney, &kToyStock, &kToyPersons, &kToyResidents};
  return kAll;
}

storage::TableSchema<ToyOrganization> ToyOrganizationSchema() {
  return {.tag = kOrganizations, .collection = "organizations", .parents = ParentsOf};
}

storage::TableSchema<ToyRecord> ToyRecordSchema() {
  return {
      .tag = kRecords,
      .collection = "records",
      .owner = OwnerOf,
      .indexes = {{.tag = kToyRecordByLabel, .name = "by_label", .columns = ByLabel},
                  {.tag = kToyRecordByCode, .name = "by_code", .columns = ByCode, .unique = true},
                  {.tag = kToyRecordBySubject, .name = "by_subject", .columns = ByOrganization, .each = SubjectsOf}},
      .measures = ToyMeasures(),
      .contributions = ContributionsOf};
}

ToyOrganization MakeToyOrganization(const std::string& id, const std::string& parent) {
  ToyOrganization organization;
  organization.set_name("organizations/" + id);
  if (!parent.empty()) AddToyEdge(organization, parent);
  return organization;
}

void AddToyEdge(ToyOrganization& organization, const std::string& parent_id, Day first, Day last) {
  ToyEdge& edge = *organization.add_parents();
  edge.set_parent("organizations/" + parent_id);
  if (first != Day::Min()) *edge.mutable_first() = DayToProto(first);
  if (last != Day::Max()) *edge.mutable_last() = DayToProto(last);
}

ToyRecord MakeToyRecord(const std::string& id, const std::string& organization) {
  ToyRecord record;
  record.set_name("records/" + id);
  record.set_organization("organizations/" + organization);
  return record;
}

ToyContribution& AddToyContribution(ToyRecord& record, const MeasureDef& measure, Day day, int64_t amount) {
  ToyContribution& contribution = *record.add_contributions();
  contribution.set_measure(std::string(measure.id));
  *contribution.mutable_date() = DayToProto(day);
  contribution.set_amount(amount);
  return contribution;
}

}  // namespace dangjian::testing
