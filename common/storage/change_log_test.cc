#include "common/storage/change_log.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/storage/database.h"
#include "common/storage/keyspace.h"
#include "common/testing/matchers.h"
#include "common/testing/test_database.h"
#include "common/testing/toy_tables.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::MakeToyOrganization;
using testing::MakeToyRecord;
using testing::ToyOrganization;
using testing::ToyRecord;
using testing::ValueOrDie;

class ChangeLogTest : public ::testing::Test {
 protected:
  ChangeLogTest()
      : organizations_(db_->AddTable(testing::ToyOrganizationSchema())),
        records_(db_->AddTable(testing::ToyRecordSchema())) {
    db_.Open();
  }
  // Revisions: 1 creates r-1 and o-1; 2 updates r-1; 3 writes no record; 4 deletes r-1.
  void WriteFour() {
    ToyRecord record = MakeToyRecord("r-1", "o-1");
    record.set_label("one");
    ASSERT_THAT(db_.Write([&](Transaction& txn) -> absl::Status {
      RETURN_IF_ERROR(records_.Insert(txn, record));
      ToyOrganization organization = MakeToyOrganization("o-1");
      return organizations_.Insert(txn, organization);
    }),
                IsOk());
    record.set_label("two");
    ASSERT_THAT(db_.Write([&](Transaction& txn) { return records_.Update(txn, record); }), IsOk());
    ASSERT_THAT(db_.Write([](Transaction& txn) {
      txn.kv().Put(KeyWriter(keyspace::kReplay).Text("x").str(), "y");
      return absl::OkStatus();
    }),
                IsOk());
    ASSERT_THAT(db_.Write([&](Transaction& txn) { return records_.Delete(txn, "records/r-1"); }), IsOk());
  }
  ChangeBatch Read(int64_t after, const absl::flat_hash_set<std::string>& collections = {}, bool before = false,
                   ChangeLimits limits = {}) {
    return ValueOrDie(ChangeLog(*db_).Read(*db_.Read(), after, collections, before, limits));
  }
  static std::string LabelOf(const std::unique_ptr<google::protobuf::Message>& row) {
    return row == nullptr ? "-" : static_cast<const ToyRecord&>(*row).label();
  }

  testing::TestDatabase db_;
  Table<ToyOrganization>& organizations_;
  Table<ToyRecord>& records_;
};

TEST_F(ChangeLogTest, EventsShowTheVersionsAroundEachChange) {
  WriteFour();
  const ChangeBatch batch = Read(0, {"records"}, true);
  std::vector<std::tuple<int64_t, v1::Change::Operation, std::string, std::string>> events;
  for (const ChangeEvent& e : batch.events) {
    events.emplace_back(e.revision, e.operation, LabelOf(e.before), LabelOf(e.after));
    EXPECT_EQ(e.name, "records/r-1");
    EXPECT_EQ(e.actor, "tester");
    EXPECT_EQ(e.method, "/test/Write");
    EXPECT_EQ(e.request_id, "r-1");
    EXPECT_EQ(e.commit_time_us, 1710475200000000);
  }
  EXPECT_THAT(events, ElementsAre(std::tuple(1, v1::Change::OPERATION_CREATE, "-", "one"),
                                  std::tuple(2, v1::Change::OPERATION_UPDATE, "one", "two"),
                                  std::tuple(4, v1::Change::OPERATION_DELETE, "two", "-")));
  EXPECT_EQ(batch.up_to_revision, 4);
  EXPECT_EQ(static_cast<const ToyRecord&>(*batch.events[1].after).etag(), "2");
}

TEST_F(ChangeLogTest, NamesOfWhatChangedComeWithoutTheirVersions) {
  WriteFour();
  const auto names_after = [&](int64_t revision) {
    std::vector<std::string> names;
    EXPECT_THAT(ForEachChangeAfter(*db_.Read(), revision,
                                   [&](std::string_view collection, std::string_view name) {
                                     names.push_back(absl::StrCat(ToAbsl(collection), ": ", ToAbsl(name)));
                                     return absl::OkStatus();
                                   }),
                IsOk());
    return names;
  };
  EXPECT_THAT(names_after(1), ElementsAre("records: records/r-1", "records: records/r-1"));
  EXPECT_THAT(names_after(3), ElementsAre("records: records/r-1"));
  EXPECT_THAT(names_after(4), IsEmpty());
  EXPECT_EQ(names_after(0).size(), 4);
  EXPECT_THAT(ForEachChangeAfter(*db_.Read(), 0,
                                 [](std::string_view, std::string_view) { return absl::AbortedError("enough"); }),
              testing::StatusIs(absl::StatusCode::kAborted));
}

TEST_F(ChangeLogTest, ReadingResumesAfterARevision) {
  WriteFour();
  EXPECT_EQ(Read(0).events.size(), 4);
  EXPECT_EQ(Read(1).events.size(), 2);
  EXPECT_EQ(Read(2).events.size(), 1);
  EXPECT_THAT(Read(4).events, IsEmpty());
  EXPECT_EQ(Read(4).up_to_revision, 4);
  EXPECT_THAT(Read(0, {"nothing"}).events, IsEmpty());
  EXPECT_EQ(Read(0, {"nothing"}).up_to_revision, 4);
}

TEST_F(ChangeLogTest, ABatchIsBoundedButNeverSplitsACommit) {
  WriteFour();
  ChangeBatch batch = Read(0, {}, false, {.max_events = 1});
  EXPECT_EQ(batch.events.size(), 2);
  EXPECT_EQ(batch.up_to_revision, 1);
  batch = Read(1, {}, false, {.max_commits = 1});
  EXPECT_EQ(batch.events.size(), 1);
  EXPECT_EQ(batch.up_to_revision, 2);
  batch = Read(2, {}, false, {.max_commits = 1});
  EXPECT_EQ(batch.up_to_revision, 4);
}

TEST_F(ChangeLogTest, ASnapshotBoundsTheLog) {
  const auto snapshot = db_.Read();
  WriteFour();
  const ChangeBatch batch = ValueOrDie(ChangeLog(*db_).Read(*snapshot, 0, {}, false));
  EXPECT_THAT(batch.events, IsEmpty());
  EXPECT_EQ(batch.up_to_revision, 0);
}

TEST_F(ChangeLogTest, CommitsWakeEveryWaiter) {
  std::vector<std::thread> waiters;
  std::atomic<int> woken = 0;
  for (int i = 0; i < 3; ++i) {
    waiters.emplace_back([&] {
      if (db_->commits().WaitBeyond(3, std::chrono::seconds(60)) == 4) ++woken;
    });
  }
  WriteFour();
  for (std::thread& waiter : waiters) waiter.join();
  EXPECT_EQ(woken, 3);
}

TEST(CommitNotifierTest, WaitsEndByTimeOrByClosing) {
  CommitNotifier notifier;
  notifier.Notify(2);
  EXPECT_EQ(notifier.WaitBeyond(1, std::chrono::hours(1)), 2);
  EXPECT_EQ(notifier.WaitBeyond(2, std::chrono::milliseconds(1)), 2);
  std::thread waiter([&] { EXPECT_EQ(notifier.WaitBeyond(2, std::chrono::hours(1)), 2); });
  notifier.Close();
  waiter.join();
  EXPECT_EQ(notifier.WaitBeyond(2, std::chrono::hours(1)), 2);
}

}  // namespace
}  // namespace dangjian::storage
