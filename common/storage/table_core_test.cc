#include "common/storage/table_core.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/status/errors.h"
#include "common/storage/keyspace.h"
#include "common/storage/table.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "common/testing/toy_tables.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::storage {
namespace {

using ::testing::ElementsAre;
using testing::EqualsProto;
using testing::EqualsText;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::IsOkAndHolds;
using testing::MakeToyRecord;
using testing::StatusIs;
using testing::ToyRecord;
using testing::ValueOrDie;

class TableCoreTest : public ::testing::Test {
 protected:
  TableCoreTest() : table_(db_->AddTable(testing::ToyRecordSchema())) { db_.Open(); }

  ToyRecord Make(const std::string& id, const std::string& label = "", const std::string& code = "") {
    ToyRecord record = MakeToyRecord(id, "o-1");
    record.set_label(label);
    record.set_code(code);
    return record;
  }
  absl::StatusOr<int64_t> Insert(ToyRecord& record) {
    return db_.Write([&](Transaction& txn) { return table_.Insert(txn, record); });
  }
  absl::StatusOr<int64_t> Update(ToyRecord& record) {
    return db_.Write([&](Transaction& txn) { return table_.Update(txn, record); });
  }
  absl::StatusOr<int64_t> Delete(const std::string& name) {
    return db_.Write([&](Transaction& txn) { return table_.Delete(txn, name); });
  }
  absl::StatusOr<ToyRecord> Get(const std::string& name) { return table_.Get(*db_.Read(), name); }
  absl::StatusOr<ToyRecord> GetAt(const std::string& name, int64_t revision) {
    ToyRecord row;
    const absl::Status status = table_.core().GetAt(*db_.Read(), name, revision, &row);
    if (!status.ok()) return status;
    return row;
  }
  std::vector<std::string> Names(const RowPage& page) {
    std::vector<std::string> names;
    for (const auto& row : page.rows) names.push_back(table_.core().NameOf(*row));
    return names;
  }

  testing::TestDatabase db_;
  Table<ToyRecord>& table_;
};

TEST_F(TableCoreTest, InsertFillsEtagAndTimesAndGetReturnsTheSame) {
  ToyRecord record = Make("r-1", "first");
  record.set_etag("what the caller sent is no etag");
  EXPECT_THAT(Insert(record), IsOkAndHolds(1));
  EXPECT_THAT(record, EqualsText(R"pb(name: "records/r-1"
                                      etag: "1"
                                      create_time { seconds: 1710475200 }
                                      update_time { seconds: 1710475200 }
                                      organization: "organizations/o-1"
                                      label: "first")pb"));
  EXPECT_THAT(Get("records/r-1"), IsOkAndHolds(EqualsProto(record)));
  EXPECT_THAT(table_.Exists(*db_.Read(), "records/r-1"), IsOkAndHolds(true));
}

TEST_F(TableCoreTest, UpdateKeepsTheTimeOfCreation) {
  ToyRecord record = Make("r-1", "first");
  ASSERT_THAT(Insert(record), IsOk());
  db_.clock().AdvanceMicros(2'500'000);
  record.set_label("second");
  record.clear_create_time();
  EXPECT_THAT(Update(record), IsOkAndHolds(2));
  EXPECT_EQ(record.etag(), "2");
  EXPECT_EQ(record.create_time().seconds(), 1710475200);
  EXPECT_EQ(record.update_time().seconds(), 1710475202);
  EXPECT_EQ(record.update_time().nanos(), 500'000'000);
  EXPECT_THAT(Get("records/r-1"), IsOkAndHolds(EqualsProto(record)));
}

TEST_F(TableCoreTest, ARowThatIsAsItWasStaysItsVersion) {
  ToyRecord record = Make("r-1", "first", "c-1");
  ASSERT_THAT(Insert(record), IsOkAndHolds(1));
  db_.clock().AdvanceMicros(2'500'000);
  ToyRecord same = record;
  same.set_etag("whatever");
  same.clear_update_time();
  EXPECT_THAT(Update(same), IsOkAndHolds(0));  // no commit
  EXPECT_THAT(same, EqualsProto(record));
  EXPECT_EQ(db_.kv().LastRevision(), 1);
}

TEST_F(TableCoreTest, ARowThatNobodyCouldReadIsRefused) {
  ToyRecord record = Make("r-1", std::string(kMaxRowBytes, 'x'));
  EXPECT_THAT(Insert(record), HasReason(reasons::kRecordTooLarge));
  EXPECT_EQ(db_.kv().LastRevision(), 0);
  record.set_label(std::string(kMaxRowBytes - 1000, 'x'));
  ASSERT_THAT(Insert(record), IsOk());
  record.set_label(std::string(kMaxRowBytes, 'x'));
  EXPECT_THAT(Update(record), HasReason(reasons::kRecordTooLarge));
  EXPECT_EQ(Get("records/r-1")->label().size(), kMaxRowBytes - 1000);
}

TEST_F(TableCoreTest, APageEndsByBytesButHasARow) {
  for (int i = 0; i < 5; ++i) {
    ToyRecord record = Make(absl::StrCat("r-", i), std::string(10'000, 'x'), absl::StrCat("c-", i));
    ASSERT_THAT(Insert(record), IsOk());
  }
  const auto snapshot = db_.Read();
  RowPage page = ValueOrDie(table_.core().ListAll(*snapshot, "", {10, 25'000}));
  EXPECT_THAT(Names(page), ElementsAre("records/r-0", "records/r-1"));
  page = ValueOrDie(table_.core().ListAll(*snapshot, page.last_key, {10, 1}));
  EXPECT_THAT(Names(page), ElementsAre("records/r-2"));
  page = ValueOrDie(table_.core().ListAll(*snapshot, page.last_key, {10, 25'000}));
  EXPECT_THAT(Names(page), ElementsAre("records/r-3", "records/r-4"));
  EXPECT_EQ(page.last_key, "");
}

TEST_F(TableCoreTest, NamesDecideWhatIsThere) {
  ToyRecord record = Make("r-1");
  ASSERT_THAT(Insert(record), IsOk());
  for (const char* name :
       {"records/r-2", "record/r-1", "records/", "records/R-1", "records/r-1/x", "", "recordsxr-1"}) {
    EXPECT_THAT(Get(name), HasReason(reasons::kRecordNotFound)) << name;
    EXPECT_THAT(table_.Exists(*db_.Read(), name), IsOkAndHolds(false)) << name;
    EXPECT_THAT(Delete(name), HasReason(reasons::kRecordNotFound)) << name;
  }
  ToyRecord bad = Make("Not An Id");
  EXPECT_THAT(Insert(bad), HasReason(reasons::kInvalidName));
  ToyRecord missing = Make("r-9");
  EXPECT_THAT(Update(missing), HasReason(reasons::kRecordNotFound));
  EXPECT_THAT(Insert(record), HasReason(reasons::kRecordExists));
  EXPECT_EQ(db_.kv().LastRevision(), 1);
}

TEST_F(TableCoreTest, HistoryKeepsEveryVersion) {
  ToyRecord record = Make("r-1", "one");
  ASSERT_THAT(Insert(record), IsOk());
  record.set_label("two");
  ASSERT_THAT(Update(record), IsOk());
  ASSERT_THAT(Delete("records/r-1"), IsOkAndHolds(3));
  record.set_label("four");
  ASSERT_THAT(Insert(record), IsOkAndHolds(4));
  EXPECT_THAT(GetAt("records/r-1", 0), HasReason(reasons::kRecordNotFound));
  EXPECT_EQ(ValueOrDie(GetAt("records/r-1", 1)).label(), "one");
  EXPECT_EQ(ValueOrDie(GetAt("records/r-1", 2)).label(), "two");
  EXPECT_EQ(ValueOrDie(GetAt("records/r-1", 2)).etag(), "2");
  EXPECT_THAT(GetAt("records/r-1", 3), HasReason(reasons::kRecordNotFound));
  EXPECT_EQ(ValueOrDie(GetAt("records/r-1", 9)).label(), "four");
  EXPECT_EQ(ValueOrDie(Get("records/r-1")).create_time().seconds(), 1710475200);
}

TEST_F(TableCoreTest, HistoryOfOneRecordDoesNotRunIntoTheNext) {
  ToyRecord longer = Make("r-10", "longer");
  ASSERT_THAT(Insert(longer), IsOk());
  EXPECT_THAT(GetAt("records/r-1", 9), HasReason(reasons::kRecordNotFound));
}

TEST_F(TableCoreTest, AUniqueIndexRefusesASecondRowUntilTheFirstLetsGo) {
  ToyRecord first = Make("r-1", "", "c-1");
  ToyRecord second = Make("r-2", "", "c-1");
  ToyRecord third = Make("r-3", "", "c-10");
  ASSERT_THAT(Insert(first), IsOk());
  EXPECT_THAT(Insert(second), HasReason(reasons::kUniqueViolation));
  EXPECT_THAT(Insert(third), IsOk());
  first.set_label("still its own");
  EXPECT_THAT(Update(first), IsOk());
  third.set_code("c-1");
  EXPECT_THAT(Update(third), HasReason(reasons::kUniqueViolation));
  first.clear_code();
  EXPECT_THAT(Update(first), IsOk());
  EXPECT_THAT(Insert(second), IsOk());
}

TEST_F(TableCoreTest, AUniqueIndexSeesItsOwnTransaction) {
  EXPECT_THAT(db_.Write([&](Transaction& txn) -> absl::Status {
    ToyRecord first = Make("r-1", "", "c-1");
    ToyRecord second = Make("r-2", "", "c-1");
    RETURN_IF_ERROR(table_.Insert(txn, first));
    return table_.Insert(txn, second);
  }),
              HasReason(reasons::kUniqueViolation));
  EXPECT_THAT(Get("records/r-1"), HasReason(reasons::kRecordNotFound));
}

TEST_F(TableCoreTest, IndexesFollowTheRow) {
  // The second column of the index ends in bytes that look like letters; the id after it must come out whole.
  for (const char* id : {"a", "b", "c"}) {
    ToyRecord record = Make(id, "same");
    for (int i = 0; i < 0x61; ++i) testing::AddToyContribution(record, testing::kToyMoney, Day::Of(2024, 1, 1), 1);
    ASSERT_THAT(Insert(record), IsOk());
  }
  const KeyWriter prefix = KeyWriter(testing::kToyRecordByLabel).Text("same");
  EXPECT_THAT(ValueOrDie(table_.Find(*db_.Read(), prefix, 10)).size(), 3);
  ToyRecord moved = ValueOrDie(Get("records/b"));
  moved.set_label("other");
  ASSERT_THAT(Update(moved), IsOk());
  ASSERT_THAT(Delete("records/a"), IsOk());
  EXPECT_THAT(Names(ValueOrDie(table_.core().ListByIndex(*db_.Read(), prefix.str(), "", 10))),
              ElementsAre("records/c"));
}

TEST_F(TableCoreTest, AnIndexOverAListHasAnEntryForEachDifferentText) {
  ToyRecord record = Make("a", "both");
  for (const char* subject : {"members/wang", "members/li", "members/wang"}) {
    testing::AddToyContribution(record, testing::kToyPersons, Day::Of(2024, 1, 1)).set_subject(subject);
  }
  ASSERT_THAT(Insert(record), IsOk());
  const auto of = [&](const char* subject) {
    const auto prefix = KeyWriter(testing::kToyRecordBySubject).Text(subject).Text(record.organization());
    return Names(ValueOrDie(table_.core().ListByIndex(*db_.Read(), prefix.str(), "", 10)));
  };
  EXPECT_THAT(of("members/wang"), ElementsAre("records/a"));
  EXPECT_THAT(of("members/li"), ElementsAre("records/a"));
  record.mutable_contributions()->DeleteSubrange(1, 1);
  ASSERT_THAT(Update(record), IsOk());
  EXPECT_THAT(of("members/wang"), ElementsAre("records/a"));
  EXPECT_THAT(of("members/li"), ElementsAre());
  ASSERT_THAT(Delete("records/a"), IsOk());
  EXPECT_THAT(of("members/wang"), ElementsAre());
}

TEST_F(TableCoreTest, AllRowsOfARangeAreVisitedHoweverMany) {
  constexpr int kRows = 600;
  for (int i = 0; i < kRows; ++i) {
    ToyRecord record = Make(absl::StrCat("r-", i), "same");
    ASSERT_THAT(Insert(record), IsOk());
  }
  int visited = 0;
  const KeyWriter prefix = KeyWriter(testing::kToyRecordByLabel).Text("same");
  const auto count = [&](const ToyRecord&) { return ++visited <= kRows ? absl::OkStatus() : absl::InternalError(""); };
  ASSERT_THAT(table_.ForEach(*db_.Read(), prefix, count), IsOk());
  EXPECT_EQ(visited, kRows);
  EXPECT_THAT(table_.ForEach(*db_.Read(), prefix, count), StatusIs(absl::StatusCode::kInternal));
}

TEST_F(TableCoreTest, PagesContinueWhereTheyEnded) {
  for (const char* id : {"a", "b", "c", "d"}) {
    ToyRecord record = Make(id, "same");
    ASSERT_THAT(Insert(record), IsOk());
  }
  const std::string prefix = KeyWriter(testing::kToyRecordByLabel).Text("same").str();
  RowPage page = ValueOrDie(table_.core().ListByIndex(*db_.Read(), prefix, "", 3));
  EXPECT_THAT(Names(page), ElementsAre("records/a", "records/b", "records/c"));
  page = ValueOrDie(table_.core().ListByIndex(*db_.Read(), prefix, page.last_key, 3));
  EXPECT_THAT(Names(page), ElementsAre("records/d"));
  EXPECT_EQ(page.last_key, "");

  page = ValueOrDie(table_.core().ListAll(*db_.Read(), "", 2));
  EXPECT_THAT(Names(page), ElementsAre("records/a", "records/b"));
  page = ValueOrDie(table_.core().ListAll(*db_.Read(), page.last_key, 2));
  EXPECT_THAT(Names(page), ElementsAre("records/c", "records/d"));
  EXPECT_EQ(page.last_key, "");
}

TEST_F(TableCoreTest, ForEachStopsAtTheFirstError) {
  for (const char* id : {"a", "b"}) {
    ToyRecord record = Make(id);
    ASSERT_THAT(Insert(record), IsOk());
  }
  std::vector<std::string> seen;
  EXPECT_THAT(table_.core().ForEach(*db_.Read(),
                                    [&](const google::protobuf::Message& row) {
                                      seen.push_back(table_.core().NameOf(row));
                                      return absl::CancelledError("enough");
                                    }),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(seen, ElementsAre("records/a"));
}

// Golden bytes: a change of any of them is a change of the stored format and needs a migration.
TEST_F(TableCoreTest, StoredBytesDoNotChange) {
  ToyRecord record = Make("r-1", "L", "c");
  ASSERT_THAT(Insert(record), IsOk());
  const std::string row =
      "0801100118012080e0c5d5b0f584032880e0c5d5b0f5840332260a0b7265636f7264732f722d31"
      "2a116f7267616e697a6174696f6e732f6f2d3132014c3a0163";
  std::vector<std::pair<std::string, std::string>> stored;
  const auto snapshot = db_.Read();
  auto cursor = snapshot->Scan(KeyWriter(keyspace::kHistory).str(), "\xff\xff\xff");
  for (; cursor->Valid(); cursor->Next()) {
    if (KeyReader(cursor->key()).tag() == keyspace::kChain) continue;  // of the commit: commit_chain_test
    stored.emplace_back(absl::BytesToHexString(std::string(cursor->key())),
                        absl::BytesToHexString(std::string(cursor->value())));
  }
  ASSERT_THAT(cursor->status(), IsOk());
  EXPECT_THAT(stored, ElementsAre(std::pair("0004ff00722d3100017ffffffffffffffe", row),         // history
                                  std::pair("ff00722d310001", row),                             // row
                                  std::pair("ff014c00018000000000000000722d310001", "722d31"),  // by_label
                                  std::pair("ff02630001722d310001", "722d31")));                // by_code
}

TEST_F(TableCoreTest, RowsOfAnUnknownVersionAreRefused) {
  v1::Row row;
  row.set_schema_version(kRowSchemaVersion + 1);
  ASSERT_THAT(db_.kv().Transact([&](KvTxn& txn) {
    txn.Put(KeyWriter(0xFF00).Text("r-1").str(), row.SerializeAsString());
    txn.Put(KeyWriter(0xFF00).Text("r-2").str(), "\xff");
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_THAT(Get("records/r-1"), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Get("records/r-2"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(TableCoreTest, AnIndexEntryWithoutARowIsDataLossAndNoShortAnswer) {
  const std::string prefix = KeyWriter(testing::kToyRecordByLabel).Text("same").str();
  ASSERT_THAT(db_.kv().Transact([&](KvTxn& txn) {
    txn.Put(KeyWriter(testing::kToyRecordByLabel).Text("same").Int64(0).Text("gone").str(), "gone");
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_THAT(table_.core().ListByIndex(*db_.Read(), prefix, "", 3).status(), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace dangjian::storage
