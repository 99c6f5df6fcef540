#include "common/storage/reconcile.h"

#include "common/storage/keyspace.h"
#include "common/storage/measure_store_keys.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "common/testing/toy_tables.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::storage {
namespace {

using testing::AddToyContribution;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::kToyMoney;
using testing::kToyPersons;
using testing::kToyResidents;
using testing::kToyTimes;
using testing::MakeToyOrganization;
using testing::MakeToyRecord;
using testing::ToyContribution;
using testing::ToyOrganization;
using testing::ToyRecord;
using testing::ValueOrDie;

const Day kDay = Day::Of(2024, 5, 20);
constexpr uint16_t kMeasureTags[] = {keyspace::kCell, keyspace::kContribution, keyspace::kPresence,
                                     keyspace::kPresenceCount, keyspace::kSubjectRecord};

class ReconcileTest : public ::testing::Test {
 protected:
  ReconcileTest()
      : organizations_(db_->AddTable(testing::ToyOrganizationSchema())),
        records_(db_->AddTable(testing::ToyRecordSchema())) {
    db_.Open();
    for (const auto& [id, parent] : {std::pair("top", ""), {"a", "top"}, {"b", "top"}}) {
      ToyOrganization organization = MakeToyOrganization(id, parent);
      EXPECT_THAT(db_.Write([&](Transaction& txn) { return organizations_.Insert(txn, organization); }), IsOk());
    }
    for (int i = 0; i < 20; ++i) {
      ToyRecord record = MakeToyRecord("r-" + std::to_string(i), i % 2 == 0 ? "a" : "b");
      ToyContribution& times = AddToyContribution(record, kToyTimes, kDay + i, 5 + i);
      times.add_dimensions("topic");
      times.add_dimensions("place");
      AddToyContribution(record, kToyMoney, kDay, 100);
      AddToyContribution(record, kToyPersons, kDay + i).set_subject("persons/p-" + std::to_string(i % 7));
      AddToyContribution(record, kToyResidents, kDay + i).set_subject("persons/p-" + std::to_string(i % 7));
      EXPECT_THAT(db_.Write([&](Transaction& txn) { return records_.Insert(txn, record); }), IsOk());
    }
    truth_ = Dump();
  }

  std::map<std::string, std::string> Dump() {
    const auto snapshot = db_.Read();
    std::map<std::string, std::string> entries;
    for (const uint16_t tag : kMeasureTags) {
      for (auto cursor = ScanPrefix(*snapshot, KeyWriter(tag).str()); cursor->Valid(); cursor->Next()) {
        entries.emplace(cursor->key(), cursor->value());
      }
    }
    return entries;
  }
  void Damage(const std::function<void(KvTxn&)>& damage) {
    ASSERT_THAT(db_.kv().Transact([&](KvTxn& txn) {
      damage(txn);
      return absl::OkStatus();
    }),
                IsOk());
  }
  std::string FirstKey(uint16_t tag) { return truth_.lower_bound(KeyWriter(tag).str())->first; }

  testing::TestDatabase db_;
  Table<ToyOrganization>& organizations_;
  Table<ToyRecord>& records_;
  std::map<std::string, std::string> truth_;
};

TEST_F(ReconcileTest, AHealthyStoreHasNoDrift) {
  const Drift drift = ValueOrDie(Reconciler(*db_).Check());
  EXPECT_EQ(drift.drifted, 0);
  EXPECT_EQ(drift.checked, static_cast<int64_t>(truth_.size()));
  EXPECT_EQ(drift.rows, 100);  // 20 rows for each of 5 measures
  EXPECT_THAT(drift.measures, IsEmpty());
}

TEST_F(ReconcileTest, EveryKindOfDamageIsFoundAndRepaired) {
  for (const uint16_t tag : kMeasureTags) {
    SCOPED_TRACE(tag);
    Damage([&](KvTxn& txn) { txn.Delete(FirstKey(tag)); });
    EXPECT_EQ(ValueOrDie(Reconciler(*db_).Check()).drifted, 1);
    EXPECT_EQ(ValueOrDie(Reconciler(*db_).Rebuild(3)).drifted, 0);
    EXPECT_EQ(Dump(), truth_);
  }
}

TEST_F(ReconcileTest, WrongAndLeftOverEntriesAreRepaired) {
  const LineageEntry stray{.measure = &kToyMoney,
                           .organization = "organizations/a",
                           .day = kDay,
                           .ordinal = 0,
                           .amount = 9,
                           .qualifier = common::v1::QUALIFIER_EXACT,
                           .dimensions = {},
                           .subject = ""};
  Damage([&](KvTxn& txn) {
    txn.Add(FirstKey(keyspace::kCell), 1);
    txn.Add(CellKey(kToyMoney, "organizations/nowhere", kDay, common::v1::QUALIFIER_EXACT, {}), 7);
    txn.Put(PresenceKey(kToyPersons, "organizations/a", "persons/ghost"), EncodePresence({{kDay, 1}}));
    txn.Put(ContributionKey(stray, {0xFF00, "ghost"}), ContributionValue(stray));
    txn.Add(PresenceCountKey(kToyPersons, "organizations/a", {PeriodKind::kYear, Day::Of(2024, 1, 1)}), 3);
  });
  const Drift drift = ValueOrDie(Reconciler(*db_).Check());
  EXPECT_EQ(drift.drifted, 5);
  EXPECT_THAT(drift.measures, ElementsAre("toy_money", "toy_persons", "toy_times"));
  EXPECT_EQ(ValueOrDie(Reconciler(*db_).Rebuild(2)).drifted, 0);
  EXPECT_EQ(Dump(), truth_);
}

TEST_F(ReconcileTest, MeasuresThatWereNeverCountedAreFilled) {
  Damage([&](KvTxn& txn) {
    for (const auto& [key, value] : truth_) txn.Delete(key);
  });
  EXPECT_EQ(ValueOrDie(Reconciler(*db_).Check()).drifted, static_cast<int64_t>(truth_.size()));
  EXPECT_EQ(ValueOrDie(Reconciler(*db_).Rebuild(10)).drifted, 0);
  EXPECT_EQ(Dump(), truth_);
}

TEST_F(ReconcileTest, RebuildRunsBesideWriters) {
  Damage([&](KvTxn& txn) {
    for (const auto& [key, value] : truth_) txn.Delete(key);
  });
  // Queued between the portions of the rebuild: each record moves to another organisation.
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(db_->Submit(
                    {},
                    [this, i](Transaction& txn) -> absl::Status {
                      const std::string name = "records/r-" + std::to_string(i);
                      ASSIGN_OR_RETURN(ToyRecord record, records_.Get(txn.reader(), name));
                      record.set_organization("organizations/b");
                      return records_.Update(txn, record);
                    },
                    [](absl::Status status, int64_t) { EXPECT_THAT(status, IsOk()); }),
                IsOk());
  }
  EXPECT_EQ(ValueOrDie(Reconciler(*db_).Rebuild(5)).drifted, 0);
  const auto snapshot = db_.Read();
  const MeasureQuery query{.measure = &kToyMoney, .organization = "organizations/b", .days = {kDay, kDay}};
  EXPECT_EQ(ValueOrDie(db_->measures().Query(*snapshot, query)).total.value, 2000);
}

}  // namespace
}  // namespace dangjian::storage
