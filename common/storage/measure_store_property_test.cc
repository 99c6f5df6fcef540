// Random operations against a recount that shares no code with the store: after any sequence of inserts, updates,
// deletions and moves, every value, every explanation and every stored key is what the rows and the final tree say.

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "common/storage/database.h"
#include "common/storage/keyspace.h"
#include "common/storage/reconcile.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "common/testing/toy_tables.h"
#include "common/types/date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::storage {
namespace {

using common::v1::Qualifier;
using testing::IsOk;
using testing::ToyContribution;
using testing::ToyOrganization;
using testing::ToyRecord;
using testing::ValueOrDie;

constexpr int kOrganizations = 9;
constexpr int kRecords = 40;
constexpr int kSubjects = 12;
constexpr int kSteps = 120;
constexpr int kCheckEvery = 6;
const Day kFirst = Day::Of(2023, 11, 1);
const Day kLast = Day::Of(2025, 2, 28);  // beyond the clock's today: some days lie in the future

std::string OrganizationName(int i) { return "organizations/o-" + std::to_string(i); }

// What the store should know, kept as plainly as possible.
struct Model {
  std::map<std::string, ToyOrganization> organizations;
  std::map<std::string, ToyRecord> records;

  bool Within(const std::string& below, const std::string& above, Day day) const {
    if (below == above) return true;
    const auto it = organizations.find(below);
    if (it == organizations.end()) return false;
    return std::any_of(it->second.parents().begin(), it->second.parents().end(), [&](const testing::ToyEdge& edge) {
      return DayOr(edge.first(), Day::Min()) <= day && day <= DayOr(edge.last(), Day::Max()) &&
             Within(edge.parent(), above, day);
    });
  }

  // The contributions that belong to a query, each with the record that makes it.
  struct Hit {
    std::string record;
    const ToyContribution* contribution;
  };
  std::vector<Hit> Hits(const MeasureQuery& query) const {
    const bool is_stock = query.measure->time == measure::v1::MEASURE_TIME_STOCK;
    std::vector<Hit> hits;
    for (const auto& [name, record] : records) {
      for (const ToyContribution& c : record.contributions()) {
        if (c.measure() != query.measure->id) continue;
        const Day day = DayOr(c.date(), Day());
        const std::string& owner = c.organization().empty() ? record.organization() : c.organization();
        const bool in_time = is_stock ? day <= query.days.last : query.days.Contains(day);
        if (!in_time || !Within(owner, query.organization, is_stock ? query.days.last : day)) continue;
        const bool accepted = std::all_of(query.filters.begin(), query.filters.end(), [&c](const auto& filter) {
          const std::string& value = c.dimensions(static_cast<int>(filter.first));
          return std::count(filter.second.begin(), filter.second.end(), value) > 0;
        });
        if (accepted) hits.push_back({name, &c});
      }
    }
    return hits;
  }

  MeasureResult Count(const MeasureQuery& query) const {
    MeasureResult result;
    if (query.measure->kind == measure::v1::MEASURE_KIND_PERSON_DISTINCT) {
      std::map<std::string, int64_t> subjects;
      for (const Hit& hit : Hits(query)) subjects[hit.contribution->subject()] += hit.contribution->amount();
      for (const auto& [subject, sum] : subjects) result.total.value += sum > 0 ? 1 : 0;
      return result;
    }
    std::map<std::pair<std::vector<std::string>, Qualifier>, int64_t> slots;
    for (const Hit& hit : Hits(query)) {
      const std::vector<std::string> dimensions(hit.contribution->dimensions().begin(),
                                                hit.contribution->dimensions().end());
      slots[{dimensions, hit.contribution->qualifier()}] += hit.contribution->amount();
    }
    for (const auto& [slot, sum] : slots) {
      if (sum == 0) continue;
      const auto add = [&, amount = sum, qualifier = slot.second](MeasureSum& to) {
        to.value += amount;
        to.qualifier = std::max(to.qualifier, qualifier);
      };
      add(result.total);
      if (query.group_by.has_value()) add(result.groups[slot.first[*query.group_by]]);
    }
    return result;
  }
};

class World {
 public:
  explicit World(uint32_t seed)
      : random_(seed),
        organizations_(db_->AddTable(testing::ToyOrganizationSchema())),
        records_(db_->AddTable(testing::ToyRecordSchema())) {
    db_.Open();
  }

  // One transaction of one to four operations; now and then it fails and must leave nothing.
  void Step() {
    Model next = model_;
    const int operations = Int(1, 4);
    const bool fails = Int(0, 14) == 0;
    const auto status = db_.Write([&](Transaction& txn) -> absl::Status {
      for (int i = 0; i < operations; ++i) RETURN_IF_ERROR(Operate(txn, next));
      return fails ? absl::AbortedError("on purpose") : absl::OkStatus();
    });
    if (fails) return;
    ASSERT_THAT(status, IsOk());
    model_ = std::move(next);
  }

  void Check() {
    const auto snapshot = db_.Read();
    const auto tree = ValueOrDie(db_->TreeAt(*snapshot, snapshot->revision()));
    for (int i = 0; i < kOrganizations; ++i) {
      for (const MeasureDef* measure : testing::ToyMeasures()) {
        for (const DayRange& days : Periods()) CheckQuery(*snapshot, *tree, RandomQuery(measure, i, days));
      }
    }
    const Drift drift = ValueOrDie(Reconciler(*db_).Check());
    ASSERT_EQ(drift.drifted, 0) << ::testing::PrintToString(drift.measures);
    CheckTree(*tree);
  }

  // Takes everything away again.
  void Empty() {
    ASSERT_THAT(db_.Write([&](Transaction& txn) -> absl::Status {
      for (const auto& [name, record] : model_.records) RETURN_IF_ERROR(records_.Delete(txn, name));
      return absl::OkStatus();
    }),
                IsOk());
    const auto snapshot = db_.Read();
    for (const uint16_t tag : {keyspace::kCell, keyspace::kContribution, keyspace::kPresence, keyspace::kPresenceCount,
                               keyspace::kSubjectRecord}) {
      EXPECT_FALSE(ScanPrefix(*snapshot, KeyWriter(tag).str())->Valid()) << tag;
    }
  }

 private:
  int Int(int first, int last) { return std::uniform_int_distribution<int>(first, last)(random_); }
  Day RandomDay() { return kFirst + Int(0, kLast - kFirst); }

  absl::Status Operate(Transaction& txn, Model& model) {
    const int kind = Int(0, 9);
    if (kind < 3) return MoveOrganization(txn, model);
    if (kind == 3) return DropOrganization(txn, model);
    const std::string id = "r-" + std::to_string(Int(0, kRecords - 1));
    const std::string name = "records/" + id;
    const bool exists = model.records.contains(name);
    if (exists && Int(0, 3) == 0) {
      model.records.erase(name);
      return records_.Delete(txn, name);
    }
    ToyRecord record = testing::MakeToyRecord(id, "o-" + std::to_string(Int(0, kOrganizations - 1)));
    if (exists && Int(0, 1) == 0) record = model.records.at(name);  // a small change of what was there
    if (exists && Int(0, 2) == 0 && record.contributions_size() > 0) record.mutable_contributions()->RemoveLast();
    for (int i = Int(0, 4); i > 0; --i) AddContribution(record);
    RETURN_IF_ERROR(exists ? records_.Update(txn, record) : records_.Insert(txn, record));
    model.records[name] = record;
    return absl::OkStatus();
  }

  // New parents with a lower number, so that there is no cycle: up to three, on any days, overlapping or not.
  absl::Status MoveOrganization(Transaction& txn, Model& model) {
    const int number = Int(0, kOrganizations - 1);
    ToyOrganization row = testing::MakeToyOrganization("o-" + std::to_string(number));
    for (int i = number == 0 ? 0 : Int(0, 3); i > 0; --i) {
      Day first = Int(0, 2) == 0 ? Day::Min() : RandomDay();
      Day last = Int(0, 1) == 0 ? Day::Max() : RandomDay();
      if (last < first) std::swap(first, last);
      testing::AddToyEdge(row, "o-" + std::to_string(Int(0, number - 1)), first, last);
    }
    const bool exists = model.organizations.contains(row.name());
    RETURN_IF_ERROR(exists ? organizations_.Update(txn, row) : organizations_.Insert(txn, row));
    model.organizations[row.name()] = row;
    return absl::OkStatus();
  }

  absl::Status DropOrganization(Transaction& txn, Model& model) {
    const std::string name = OrganizationName(Int(0, kOrganizations - 1));
    if (!model.organizations.contains(name)) return absl::OkStatus();
    model.organizations.erase(name);
    return organizations_.Delete(txn, name);
  }

  void AddContribution(ToyRecord& record) {
    const auto& measures = testing::ToyMeasures();
    const MeasureDef& measure = *measures[static_cast<size_t>(Int(0, static_cast<int>(measures.size()) - 1))];
    ToyContribution& c = testing::AddToyContribution(record, measure, RandomDay(), 1);
    c.set_qualifier(common::v1::QUALIFIER_EXACT);
    for (size_t i = 0; i < measure.dimensions.size(); ++i)
      c.add_dimensions(std::string(1, static_cast<char>('x' + Int(0, 2))));
    if (Int(0, 5) == 0) c.set_organization(OrganizationName(Int(0, kOrganizations - 1)));
    if (measure.kind == measure::v1::MEASURE_KIND_PERSON_DISTINCT) {
      c.set_subject("persons/p-" + std::to_string(Int(0, kSubjects - 1)));
      if (measure.time == measure::v1::MEASURE_TIME_STOCK && Int(0, 2) == 0) c.set_amount(-1);
      return;
    }
    c.set_amount(Int(-3, 9));
    c.set_qualifier(static_cast<Qualifier>(Int(common::v1::QUALIFIER_EXACT, common::v1::QUALIFIER_ABOUT)));
    if (Int(0, 3) == 0) *record.add_contributions() = c;  // twice the same
  }

  // One of each kept kind, a day, two arbitrary ranges, all time, and before everything.
  std::vector<DayRange> Periods() {
    const Day any = RandomDay();
    const Day other = RandomDay();
    const int half = Int(0, 1);
    return {{Day::Of(2024, 2, 1), Day::Of(2024, 2, 29)},
            {Day::Of(2024, 1 + 6 * half, 1), half == 0 ? Day::Of(2024, 3, 31) : Day::Of(2024, 9, 30)},
            {Day::Of(2024, 1 + 6 * half, 1), half == 0 ? Day::Of(2024, 6, 30) : Day::Of(2024, 12, 31)},
            {Day::Of(2024, 1, 1), Day::Of(2024, 12, 31)},
            {any, any},
            {std::min(any, other), std::max(any, other)},
            {std::min(any, other) + 1, Day::Max()},
            {Day::Min(), Day::Max()},
            {Day::Min(), kFirst - 1}};
  }

  MeasureQuery RandomQuery(const MeasureDef* measure, int organization, DayRange days) {
    MeasureQuery query{.measure = measure, .organization = OrganizationName(organization), .days = days};
    if (measure->dimensions.empty()) return query;
    const int last = static_cast<int>(measure->dimensions.size()) - 1;
    if (Int(0, 1) == 0) query.filters.push_back({static_cast<size_t>(Int(0, last)), {"x", "z"}});
    if (Int(0, 1) == 0) query.group_by = static_cast<size_t>(Int(0, last));
    return query;
  }

  void CheckQuery(const Snapshot& snapshot, const OrgTree& tree, const MeasureQuery& query) {
    SCOPED_TRACE(std::string(query.measure->id) + " of " + query.organization + " from " +
                 std::to_string(query.days.first.number()) + " to " + std::to_string(query.days.last.number()));
    const MeasureResult actual = ValueOrDie(db_->measures().Query(snapshot, query));
    const MeasureResult expected = model_.Count(query);
    ASSERT_EQ(actual.total, expected.total);
    ASSERT_EQ(actual.groups, expected.groups);
    if (Int(0, 3) == 0) CheckExplanation(snapshot, tree, query, actual.total.value);
  }

  // All pages together are the contributions themselves, no more and no fewer.
  void CheckExplanation(const Snapshot& snapshot, const OrgTree& tree, const MeasureQuery& query, int64_t value) {
    std::multiset<std::pair<std::string, int64_t>> listed;
    std::set<std::string> subjects;
    int64_t sum = 0;
    const size_t limit = static_cast<size_t>(Int(1, 9));
    std::string last_key;
    do {
      const ContributionPage page = ValueOrDie(db_->measures().Explain(snapshot, tree, query, last_key, limit));
      ASSERT_LE(page.lines.size(), limit);
      for (const ContributionLine& line : page.lines) {
        sum += line.amount;
        ASSERT_TRUE(line.subject.empty() || StandsIn(line, query)) << line.subject << " in " << line.record;
        listed.emplace(line.record, line.amount);
        ASSERT_TRUE(line.subject.empty() || subjects.insert(line.subject).second) << line.subject;
      }
      last_key = page.last_key;
    } while (!last_key.empty());
    ASSERT_EQ(sum, value);
    std::multiset<std::pair<std::string, int64_t>> made;
    for (const Model::Hit& hit : model_.Hits(query)) {
      if (hit.contribution->amount() != 0) made.emplace(hit.record, hit.contribution->amount());
    }
    if (query.measure->kind != measure::v1::MEASURE_KIND_PERSON_DISTINCT) {
      ASSERT_EQ(listed, made);
    } else {
      ASSERT_TRUE(std::includes(made.begin(), made.end(), listed.begin(), listed.end()));
    }
  }

  // Whether the subject of a line is still in the record that the line names, as the record alone tells.
  bool StandsIn(const ContributionLine& line, const MeasureQuery& query) const {
    int64_t of_record = 0;
    for (const Model::Hit& hit : model_.Hits(query)) {
      if (hit.record == line.record && hit.contribution->subject() == line.subject) {
        of_record += hit.contribution->amount();
      }
    }
    return of_record > 0;
  }

  void CheckTree(const OrgTree& tree) {
    std::vector<std::string> names;
    for (const auto& [name, row] : model_.organizations) names.push_back(name);
    ASSERT_EQ(tree.Organizations(), names);
    for (int i = 0; i < 20; ++i) {
      const std::string below = OrganizationName(Int(0, kOrganizations - 1));
      const std::string above = OrganizationName(Int(0, kOrganizations - 1));
      const Day day = RandomDay();
      ASSERT_EQ(tree.IsWithin(below, above, day), model_.Within(below, above, day));
    }
  }

  std::mt19937 random_;
  testing::TestDatabase db_;
  Table<ToyOrganization>& organizations_;
  Table<ToyRecord>& records_;
  Model model_;
};

class MeasurePropertyTest : public ::testing::TestWithParam<uint32_t> {};

TEST_P(MeasurePropertyTest, CellsEqualARecountOfTheRows) {
  std::cout << "seed " << GetParam() << "\n";
  World world(GetParam());
  for (int step = 1; step <= kSteps; ++step) {
    SCOPED_TRACE("seed " + std::to_string(GetParam()) + ", step " + std::to_string(step));
    ASSERT_NO_FATAL_FAILURE(world.Step());
    if (step % kCheckEvery != 0) continue;
    ASSERT_NO_FATAL_FAILURE(world.Check());
  }
  world.Empty();
}

INSTANTIATE_TEST_SUITE_P(Seeds, MeasurePropertyTest, ::testing::Range(1u, 13u));

// `DANGJIAN_SEED=<n>` runs one more seed, for a longer search by hand or by a nightly job.
TEST(MeasurePropertySearch, ExtraSeed) {
  const char* text = std::getenv("DANGJIAN_SEED");
  const uint32_t seed = text == nullptr ? 20240630u : static_cast<uint32_t>(std::strtoul(text, nullptr, 10));
  std::cout << "seed " << seed << "\n";
  World world(seed);
  for (int step = 1; step <= kSteps; ++step) ASSERT_NO_FATAL_FAILURE(world.Step());
  ASSERT_NO_FATAL_FAILURE(world.Check());
}

}  // namespace
}  // namespace dangjian::storage
