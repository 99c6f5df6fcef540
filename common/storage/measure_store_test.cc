#include "common/storage/measure_store.h"

#include <limits>

#include "common/storage/database.h"
#include "common/storage/keyspace.h"
#include "common/storage/reconcile.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "common/testing/toy_tables.h"
#include "common/types/quantity_reasons.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::storage {
namespace {

using testing::AddToyContribution;
using testing::AddToyEdge;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::kToyMoney;
using testing::kToyPersons;
using testing::kToyResidents;
using testing::kToyStock;
using testing::kToyTimes;
using testing::MakeToyOrganization;
using testing::MakeToyRecord;
using ::testing::Pair;
using testing::StatusIs;
using testing::ToyContribution;
using testing::ToyOrganization;
using testing::ToyRecord;
using testing::ValueOrDie;

const Day kMay20 = Day::Of(2024, 5, 20);
const DayRange kMay = {Day::Of(2024, 5, 1), Day::Of(2024, 5, 31)};
const DayRange kYear = {Day::Of(2024, 1, 1), Day::Of(2024, 12, 31)};

// A district with the streets s-1 and s-2; community a below s-1, community b below s-2.
class MeasureStoreTest : public ::testing::Test {
 protected:
  MeasureStoreTest()
      : organizations_(db_->AddTable(testing::ToyOrganizationSchema())),
        records_(db_->AddTable(testing::ToyRecordSchema())) {
    db_.Open();
    for (const auto& [id, parent] :
         {std::pair("district", ""), {"s-1", "district"}, {"s-2", "district"}, {"a", "s-1"}, {"b", "s-2"}}) {
      ToyOrganization organization = MakeToyOrganization(id, parent);
      EXPECT_THAT(db_.Write([&](Transaction& txn) { return organizations_.Insert(txn, organization); }), IsOk());
    }
  }
  ~MeasureStoreTest() override {
    const auto drift = Reconciler(*db_).Check();
    EXPECT_THAT(drift, IsOk());
    EXPECT_EQ(drift->drifted, 0);
  }

  absl::Status Insert(ToyRecord record) {
    return db_.Write([&](Transaction& txn) { return records_.Insert(txn, record); }).status();
  }
  absl::Status Update(ToyRecord record) {
    return db_.Write([&](Transaction& txn) { return records_.Update(txn, record); }).status();
  }
  absl::Status Move(const ToyOrganization& organization) {
    return db_
        .Write([&](Transaction& txn) {
          ToyOrganization row = organization;
          return organizations_.Update(txn, row);
        })
        .status();
  }
  absl::StatusOr<MeasureResult> Query(MeasureQuery query) {
    query.organization = "organizations/" + query.organization;
    return db_->measures().Query(*db_.Read(), query);
  }
  int64_t Value(const MeasureDef& measure, const std::string& organization, DayRange days) {
    return ValueOrDie(Query({.measure = &measure, .organization = organization, .days = days})).total.value;
  }
  std::vector<ContributionLine> Explain(const MeasureDef& measure, const std::string& organization, DayRange days,
                                        size_t limit = 1000) {
    const MeasureQuery query{.measure = &measure, .organization = "organizations/" + organization, .days = days};
    std::vector<ContributionLine> lines;
    std::string last_key;
    do {
      ContributionPage page = ValueOrDie(db_->measures().Explain(*db_.Read(), *db_->tree(), query, last_key, limit));
      EXPECT_LE(page.lines.size(), limit);
      for (ContributionLine& line : page.lines) lines.push_back(std::move(line));
      last_key = page.last_key;
    } while (!last_key.empty());
    return lines;
  }
  static std::map<std::string, std::string> Dump(const Reader& reader, uint16_t tag) {
    std::map<std::string, std::string> entries;
    auto cursor = ScanPrefix(reader, KeyWriter(tag).str());
    for (; cursor->Valid(); cursor->Next()) entries.emplace(cursor->key(), cursor->value());
    EXPECT_THAT(cursor->status(), IsOk());
    return entries;
  }
  size_t CountKeys(uint16_t tag) { return Dump(*db_.Read(), tag).size(); }
  static ToyRecord Times(const std::string& id, const std::string& organization, int64_t amount,
                         const std::string& topic = "t", const std::string& place = "p", Day day = kMay20) {
    ToyRecord record = MakeToyRecord(id, organization);
    ToyContribution& contribution = AddToyContribution(record, kToyTimes, day, amount);
    contribution.add_dimensions(topic);
    contribution.add_dimensions(place);
    return record;
  }
  static ToyContribution& AddSubject(ToyRecord& record, const MeasureDef& measure, const std::string& subject,
                                     Day day = kMay20, int64_t amount = 1) {
    ToyContribution& contribution = AddToyContribution(record, measure, day, amount);
    contribution.set_subject(subject);
    return contribution;
  }

  testing::TestDatabase db_;
  Table<ToyOrganization>& organizations_;
  Table<ToyRecord>& records_;
};

// domain.md, section 6, example 5: community A reaches 143 people in 20 activities with 380 attendances, B 120 people
// with 300; 15 people are in both.
TEST_F(MeasureStoreTest, WorkedExampleFivePersonsAndPersonTimes) {
  const auto activity = [](const std::string& community, int number, int people, int first_person,
                           int64_t attendances) {
    const Day day = Day::Of(2024, 1 + number % 6, 1 + number);
    ToyRecord record = Times(community + "-" + std::to_string(number), community, attendances, "culture", "hall", day);
    for (int i = 0; i < people; ++i) {
      AddSubject(record, kToyPersons, "persons/p-" + std::to_string(first_person + i), day);
    }
    return record;
  };
  // A: 20 activities of 19 attendances; people 0–142 (7 or 8 new ones each). B: 15 of 20; people 128–247, 8 new ones
  // each.
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(Insert(activity("a", i, 8, i < 18 ? i * 7 : 127 + (i - 18) * 8, 19)), IsOk());
  }
  for (int i = 0; i < 15; ++i) ASSERT_THAT(Insert(activity("b", i, 8, 128 + i * 8, 20)), IsOk());
  const DayRange half = {Day::Of(2024, 1, 1), Day::Of(2024, 6, 30)};
  EXPECT_EQ(Value(kToyPersons, "a", half), 143);
  EXPECT_EQ(Value(kToyPersons, "b", half), 120);
  EXPECT_EQ(Value(kToyPersons, "district", half), 248);
  EXPECT_EQ(Value(kToyTimes, "district", half), 680);
  EXPECT_EQ(Explain(kToyPersons, "district", half, 50).size(), 248);
  // A range that is no kept period unites the same people by scanning.
  const MeasureResult scanned =
      ValueOrDie(Query({.measure = &kToyPersons, .organization = "district", .days = {half.first, half.last + 1}}));
  EXPECT_EQ(scanned.total.value, 248);
  EXPECT_EQ(scanned.scanned, 248);
  EXPECT_EQ(ValueOrDie(Query({.measure = &kToyPersons, .organization = "district", .days = half})).scanned, 1);
}

TEST_F(MeasureStoreTest, AValueHoldsTheOrganizationAndAllBelow) {
  ASSERT_THAT(Insert(Times("r-1", "a", 30)), IsOk());
  ASSERT_THAT(Insert(Times("r-2", "s-1", 5)), IsOk());
  ASSERT_THAT(Insert(Times("r-3", "b", 7, "t", "p", kMay.last + 1)), IsOk());
  EXPECT_EQ(Value(kToyTimes, "a", kMay), 30);
  EXPECT_EQ(Value(kToyTimes, "s-1", kMay), 35);
  EXPECT_EQ(Value(kToyTimes, "s-2", kMay), 0);
  EXPECT_EQ(Value(kToyTimes, "district", kMay), 35);
  EXPECT_EQ(Value(kToyTimes, "district", kYear), 42);
  EXPECT_EQ(Value(kToyTimes, "district", {Day::Min(), Day::Max()}), 42);
}

TEST_F(MeasureStoreTest, CorrectionsAndDeletionsLeaveNoTrace) {
  ASSERT_THAT(Insert(Times("r-1", "a", 30)), IsOk());
  ASSERT_THAT(Update(Times("r-1", "b", 31, "t", "q", kMay20 + 1)), IsOk());
  EXPECT_EQ(Value(kToyTimes, "s-1", kYear), 0);
  EXPECT_EQ(Value(kToyTimes, "s-2", kYear), 31);
  EXPECT_EQ(Value(kToyTimes, "district", {kMay20, kMay20}), 0);
  ASSERT_THAT(db_.Write([&](Transaction& txn) { return records_.Delete(txn, "records/r-1"); }), IsOk());
  EXPECT_EQ(CountKeys(keyspace::kCell), 0);
  EXPECT_EQ(CountKeys(keyspace::kContribution), 0);
}

TEST_F(MeasureStoreTest, AnUpdateThatChangesNoContributionChangesNoMeasure) {
  ToyRecord record = Times("r-1", "a", 30);
  AddSubject(record, kToyPersons, "persons/p");
  ASSERT_THAT(Insert(record), IsOk());
  record.set_label("renamed");
  std::swap(*record.mutable_contributions(0), *record.mutable_contributions(1));
  const auto before = db_.Read();
  ASSERT_THAT(Update(record), IsOk());
  const auto after = db_.Read();
  for (const uint16_t tag : {keyspace::kCell, keyspace::kContribution, keyspace::kPresence, keyspace::kPresenceCount}) {
    EXPECT_GT(Dump(*after, tag).size(), 0);
    EXPECT_EQ(Dump(*before, tag), Dump(*after, tag));
  }
}

TEST_F(MeasureStoreTest, FiltersAndGroupsWorkOnDimensions) {
  ASSERT_THAT(Insert(Times("r-1", "a", 10, "sport", "park")), IsOk());
  ASSERT_THAT(Insert(Times("r-2", "a", 20, "sport", "hall")), IsOk());
  ASSERT_THAT(Insert(Times("r-3", "b", 40, "music", "hall")), IsOk());
  const MeasureResult by_topic =
      ValueOrDie(Query({.measure = &kToyTimes, .organization = "district", .days = kMay, .group_by = 0}));
  EXPECT_EQ(by_topic.total.value, 70);
  EXPECT_THAT(by_topic.groups, ElementsAre(Pair("music", MeasureSum{40, common::v1::QUALIFIER_EXACT}),
                                           Pair("sport", MeasureSum{30, common::v1::QUALIFIER_EXACT})));
  const MeasureResult halls = ValueOrDie(Query({.measure = &kToyTimes,
                                                .organization = "district",
                                                .days = kMay,
                                                .filters = {{1, {"hall", "attic"}}, {0, {"sport", "music"}}},
                                                .group_by = 0}));
  EXPECT_EQ(halls.total.value, 60);
  EXPECT_THAT(halls.groups, ElementsAre(Pair("music", MeasureSum{40, common::v1::QUALIFIER_EXACT}),
                                        Pair("sport", MeasureSum{20, common::v1::QUALIFIER_EXACT})));
  EXPECT_THAT(Query({.measure = &kToyTimes, .organization = "a", .days = kMay, .group_by = 2}).status(),
              StatusIs(absl::StatusCode::kInternal));
}

TEST_F(MeasureStoreTest, ASumKeepsTheWeakestQualifier) {
  ToyRecord about = Times("r-1", "a", 10, "sport");
  about.mutable_contributions(0)->set_qualifier(common::v1::QUALIFIER_ABOUT);
  ToyRecord at_least = Times("r-2", "a", 20, "music");
  at_least.mutable_contributions(0)->set_qualifier(common::v1::QUALIFIER_AT_LEAST);
  ASSERT_THAT(Insert(about), IsOk());
  ASSERT_THAT(Insert(at_least), IsOk());
  ASSERT_THAT(Insert(Times("r-3", "a", 40)), IsOk());
  const MeasureQuery query{.measure = &kToyTimes, .organization = "a", .days = kMay, .group_by = 0};
  EXPECT_THAT(ValueOrDie(Query(query)).total, (MeasureSum{70, common::v1::QUALIFIER_ABOUT}));
  EXPECT_THAT(ValueOrDie(Query(query)).groups.at("music"), (MeasureSum{20, common::v1::QUALIFIER_AT_LEAST}));
  ASSERT_THAT(db_.Write([&](Transaction& txn) { return records_.Delete(txn, "records/r-1"); }), IsOk());
  EXPECT_THAT(ValueOrDie(Query(query)).total, (MeasureSum{60, common::v1::QUALIFIER_AT_LEAST}));
}

TEST_F(MeasureStoreTest, AStockThatIsGoneNoLongerWeakensTheSum) {
  ToyRecord record = MakeToyRecord("r-1", "a");
  for (const auto& [day, amount] : {std::pair(kMay20, 5), {kMay20 + 10, -5}}) {
    ToyContribution& contribution = AddToyContribution(record, kToyStock, day, amount);
    contribution.add_dimensions("choir");
    contribution.set_qualifier(common::v1::QUALIFIER_ABOUT);
  }
  ToyRecord exact = MakeToyRecord("r-2", "a");
  AddToyContribution(exact, kToyStock, kMay20, 3).add_dimensions("choir");
  ASSERT_THAT(Insert(record), IsOk());
  ASSERT_THAT(Insert(exact), IsOk());
  MeasureQuery query{.measure = &kToyStock, .organization = "a", .days = {kMay20, kMay20 + 9}};
  EXPECT_THAT(ValueOrDie(Query(query)).total, (MeasureSum{8, common::v1::QUALIFIER_ABOUT}));
  query.days = {kMay20, kMay20 + 10};
  EXPECT_THAT(ValueOrDie(Query(query)).total, (MeasureSum{3, common::v1::QUALIFIER_EXACT}));
}

TEST_F(MeasureStoreTest, AMoveCarriesStockAndLeavesEarlierFlows) {
  ToyRecord record = Times("r-1", "a", 10);
  AddToyContribution(record, kToyStock, kMay20, 4).add_dimensions("choir");
  AddSubject(record, kToyPersons, "persons/p");
  AddSubject(record, kToyResidents, "persons/p");
  ASSERT_THAT(Insert(record), IsOk());
  ASSERT_THAT(Insert(Times("r-2", "a", 100, "t", "p", kMay20 + 30)), IsOk());
  ToyOrganization moved = MakeToyOrganization("a");
  AddToyEdge(moved, "s-1", Day::Min(), kMay20 + 9);
  AddToyEdge(moved, "s-2", kMay20 + 10);
  ASSERT_THAT(Move(moved), IsOk());
  EXPECT_EQ(Value(kToyTimes, "s-1", kYear), 10);
  EXPECT_EQ(Value(kToyTimes, "s-2", kYear), 100);
  EXPECT_EQ(Value(kToyTimes, "district", kYear), 110);
  EXPECT_EQ(Value(kToyStock, "s-1", {kMay20, kMay20 + 9}), 4);
  EXPECT_EQ(Value(kToyStock, "s-1", {kMay20, kMay20 + 10}), 0);
  EXPECT_EQ(Value(kToyStock, "s-2", {kMay20, kMay20 + 10}), 4);
  EXPECT_EQ(Value(kToyPersons, "s-1", kYear), 1);
  EXPECT_EQ(Value(kToyPersons, "s-2", kYear), 0);
  EXPECT_EQ(Value(kToyResidents, "s-1", {kMay20, kMay20 + 9}), 1);
  EXPECT_EQ(Value(kToyResidents, "s-1", kYear), 0);
  EXPECT_EQ(Value(kToyResidents, "s-2", kYear), 1);
  EXPECT_EQ(Explain(kToyResidents, "s-2", kYear).size(), 1);
}

TEST_F(MeasureStoreTest, ARecordMayComeBeforeItsOrganization) {
  ASSERT_THAT(Insert(Times("r-1", "late", 10)), IsOk());
  EXPECT_EQ(Value(kToyTimes, "district", kYear), 0);
  ToyOrganization late = MakeToyOrganization("late", "s-1");
  ASSERT_THAT(db_.Write([&](Transaction& txn) { return organizations_.Insert(txn, late); }), IsOk());
  EXPECT_EQ(Value(kToyTimes, "district", kYear), 10);
  ASSERT_THAT(db_.Write([&](Transaction& txn) { return organizations_.Delete(txn, "organizations/late"); }), IsOk());
  EXPECT_EQ(Value(kToyTimes, "district", kYear), 0);
  EXPECT_EQ(Value(kToyTimes, "late", kYear), 10);
}

TEST_F(MeasureStoreTest, MembersComeAndGoInADistinctStock) {
  ToyRecord arrival = MakeToyRecord("r-1", "a");
  AddSubject(arrival, kToyResidents, "persons/p");
  AddSubject(arrival, kToyResidents, "persons/q");
  ToyRecord second_arrival = MakeToyRecord("r-2", "b");
  AddSubject(second_arrival, kToyResidents, "persons/p", kMay20 + 1);
  ToyRecord departure = MakeToyRecord("r-3", "a");
  AddSubject(departure, kToyResidents, "persons/p", kMay20 + 5, -1);
  ASSERT_THAT(Insert(arrival), IsOk());
  ASSERT_THAT(Insert(second_arrival), IsOk());
  ASSERT_THAT(Insert(departure), IsOk());
  EXPECT_EQ(Value(kToyResidents, "district", {kMay20, kMay20 + 1}), 2);
  EXPECT_EQ(Value(kToyResidents, "district", kYear), 2);
  EXPECT_EQ(Value(kToyResidents, "a", {kMay20, kMay20 + 4}), 2);
  EXPECT_EQ(Value(kToyResidents, "a", kYear), 1);
  EXPECT_EQ(Value(kToyResidents, "a", {kMay20 - 9, kMay20 - 1}), 0);
  const std::vector<ContributionLine> lines = Explain(kToyResidents, "district", kYear, 1);
  ASSERT_EQ(lines.size(), 2);
  EXPECT_EQ(lines[0].subject, "persons/p");
  EXPECT_EQ(lines[0].record, "records/r-2");
  EXPECT_EQ(lines[1].subject, "persons/q");
}

// The newer of two memberships has ended: the older one is what stands.
TEST_F(MeasureStoreTest, ADistinctStockNamesTheRecordThatStillStands) {
  ToyRecord open = MakeToyRecord("m-1", "a");
  AddSubject(open, kToyResidents, "persons/p", kYear.first);
  ToyRecord ended = MakeToyRecord("m-2", "a");
  AddSubject(ended, kToyResidents, "persons/p", Day::Of(2024, 3, 1));
  AddSubject(ended, kToyResidents, "persons/p", Day::Of(2025, 1, 1), -1);
  ASSERT_THAT(Insert(open), IsOk());
  ASSERT_THAT(Insert(ended), IsOk());
  const auto record_in = [&](DayRange days) {
    EXPECT_EQ(Value(kToyResidents, "district", days), 1);
    const std::vector<ContributionLine> lines = Explain(kToyResidents, "district", days, 1);
    EXPECT_EQ(lines.size(), 1);
    return lines.empty() ? "" : lines[0].record;
  };
  EXPECT_EQ(record_in(kYear), "records/m-2") << "both stand: the last one";
  EXPECT_EQ(record_in({Day::Of(2025, 1, 1), Day::Of(2025, 12, 31)}), "records/m-1");
}

TEST_F(MeasureStoreTest, ADistinctStockNamesTheOrganizationThatWasNotLeft) {
  ToyRecord moved = MakeToyRecord("m-1", "a");
  AddSubject(moved, kToyResidents, "persons/p", kMay20);
  AddSubject(moved, kToyResidents, "persons/p", kMay20 + 1).set_organization("organizations/b");
  AddSubject(moved, kToyResidents, "persons/p", kMay20 + 2, -1).set_organization("organizations/b");
  ASSERT_THAT(Insert(moved), IsOk());
  const std::vector<ContributionLine> lines = Explain(kToyResidents, "district", kYear, 1);
  ASSERT_EQ(lines.size(), 1);
  EXPECT_EQ(lines[0].organization, "organizations/a");
  EXPECT_EQ(lines[0].day, kMay20);
}

TEST_F(MeasureStoreTest, ExplainListsRecordsInOrderPageByPage) {
  ToyRecord twice = Times("r-2", "b", 3, "t", "p", kMay20 + 1);
  *twice.add_contributions() = twice.contributions(0);
  ASSERT_THAT(Insert(Times("r-1", "a", 10)), IsOk());
  ASSERT_THAT(Insert(twice), IsOk());
  ASSERT_THAT(Insert(Times("r-3", "b", 7)), IsOk());
  ASSERT_THAT(Insert(Times("r-4", "b", 50, "t", "p", kMay.last + 1)), IsOk());
  for (const size_t limit : {1, 2, 3, 100}) {
    std::vector<std::pair<std::string, int64_t>> seen;
    for (const ContributionLine& line : Explain(kToyTimes, "district", kMay, limit)) {
      seen.emplace_back(line.record, line.amount);
    }
    EXPECT_THAT(seen, ElementsAre(Pair("records/r-1", 10), Pair("records/r-3", 7), Pair("records/r-2", 3),
                                  Pair("records/r-2", 3)));
  }
}

TEST_F(MeasureStoreTest, APageThatLookedAtManyEntriesMayBeEmptyAndIsNotTheLast) {
  ToyRecord record = MakeToyRecord("r-1", "a");
  for (int i = 0; i <= 20'000; ++i) {
    ToyContribution& contribution = AddToyContribution(record, kToyStock, Day(i), 1);
    contribution.add_dimensions(i < 20'000 ? "choir" : "band");
  }
  ASSERT_THAT(Insert(record), IsOk());
  const MeasureQuery bands{.measure = &kToyStock,
                           .organization = "organizations/a",
                           .days = {Day(0), Day(20'000)},
                           .filters = {{0, {"band"}}}};
  const auto snapshot = db_.Read();
  ContributionPage page = ValueOrDie(db_->measures().Explain(*snapshot, *db_->tree(), bands, "", 10));
  EXPECT_EQ(page.lines.size(), 0);
  ASSERT_NE(page.last_key, "");
  page = ValueOrDie(db_->measures().Explain(*snapshot, *db_->tree(), bands, page.last_key, 10));
  EXPECT_EQ(page.lines.size(), 1);
  EXPECT_EQ(page.last_key, "");
}

TEST_F(MeasureStoreTest, ASumBeyond64BitsIsAnErrorAndNoWrongNumber) {
  // Written as bytes: no contribution may be that large.
  ASSERT_THAT(db_.kv().Transact([](KvTxn& txn) {
    for (const Day day : {kMay20, kMay20 + 1}) {
      txn.Put(CellKey(kToyMoney, "organizations/z", day, common::v1::QUALIFIER_EXACT, {}),
              EncodeCell(std::numeric_limits<int64_t>::max()));
    }
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_THAT(Query({.measure = &kToyMoney, .organization = "z", .days = kMay}), HasReason(kSumOutOfRange));
  EXPECT_EQ(Value(kToyMoney, "z", {kMay20, kMay20}), std::numeric_limits<int64_t>::max());
  ASSERT_THAT(db_.kv().Transact([](KvTxn& txn) {
    for (const Day day : {kMay20, kMay20 + 1}) {
      txn.Delete(CellKey(kToyMoney, "organizations/z", day, common::v1::QUALIFIER_EXACT, {}));
    }
    return absl::OkStatus();
  }),
              IsOk());
}

TEST_F(MeasureStoreTest, ContributionsThatBreakTheirDeclarationAreRefused) {
  ToyRecord huge = MakeToyRecord("r-1", "a");
  AddToyContribution(huge, kToyMoney, kMay20, kMaxAmount + 1);
  EXPECT_THAT(Insert(huge), HasReason(reasons::kAmountOutOfRange));
  ToyRecord no_subject = MakeToyRecord("r-1", "a");
  AddToyContribution(no_subject, kToyPersons, kMay20);
  EXPECT_THAT(Insert(no_subject), StatusIs(absl::StatusCode::kInternal));
  ToyRecord leaving_a_flow = MakeToyRecord("r-1", "a");
  AddSubject(leaving_a_flow, kToyPersons, "persons/p", kMay20, -1);
  EXPECT_THAT(Insert(leaving_a_flow), StatusIs(absl::StatusCode::kInternal));
  ToyRecord inexact = MakeToyRecord("r-1", "a");
  AddSubject(inexact, kToyPersons, "persons/p");
  inexact.mutable_contributions(0)->set_qualifier(common::v1::QUALIFIER_ABOUT);
  EXPECT_THAT(Insert(inexact), StatusIs(absl::StatusCode::kInternal));
  ToyRecord dimensions = MakeToyRecord("r-1", "a");
  AddToyContribution(dimensions, kToyTimes, kMay20).add_dimensions("one of two");
  EXPECT_THAT(Insert(dimensions), StatusIs(absl::StatusCode::kInternal));
  ToyRecord subject = Times("r-1", "a", 1);
  subject.mutable_contributions(0)->set_subject("persons/p");
  EXPECT_THAT(Insert(subject), StatusIs(absl::StatusCode::kInternal));
  ToyRecord nobody = Times("r-1", "a", 1);
  nobody.clear_organization();
  EXPECT_THAT(Insert(nobody), StatusIs(absl::StatusCode::kInternal));
  EXPECT_EQ(CountKeys(keyspace::kContribution), 0);
}

TEST_F(MeasureStoreTest, ACallerThatLeftEndsTheRead) {
  for (int i = 0; i < 1030; ++i) {
    ToyRecord record = MakeToyRecord("r-" + std::to_string(i), "a");
    AddSubject(record, kToyPersons, "persons/p-" + std::to_string(i));
    ASSERT_THAT(Insert(record), IsOk());
  }
  MeasureQuery query{.measure = &kToyPersons, .organization = "a", .days = {kMay20, kMay20}};
  query.check_alive = [] { return absl::CancelledError("gone"); };
  EXPECT_THAT(Query(query).status(), StatusIs(absl::StatusCode::kCancelled));
}

TEST(MeasureStoreDeathTest, MistakesInADeclarationStopTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  MeasureDef measure = kToyMoney;
  MeasureStore store;
  store.Declare(&kToyMoney, "records", 1);
  EXPECT_DEATH(store.Declare(&kToyMoney, "records", 1), "the id is taken");
  measure.id = "other";
  EXPECT_DEATH(store.Declare(&measure, "records", 1), "the tag is taken");
  measure.tag = 0xFFFF;
  measure.dimensions = {"a", "b", "c", "d", "e"};
  EXPECT_DEATH(store.Declare(&measure, "records", 1), "more than 4 dimensions");
  measure.dimensions = {"a"};
  measure.kind = measure::v1::MEASURE_KIND_HOUSEHOLD_DISTINCT;
  EXPECT_DEATH(store.Declare(&measure, "records", 1), "a distinct measure has no dimensions");
  measure.kind = measure::v1::MEASURE_KIND_STOCK;
  EXPECT_DEATH(store.Declare(&measure, "records", 1), "a stock is no flow");
}

}  // namespace
}  // namespace dangjian::storage
