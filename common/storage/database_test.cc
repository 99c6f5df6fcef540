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
using testing::EqualsText;
using testing::HasReason;
using testing::IsOk;
using testing::IsOkAndHolds;
using testing::MakeToyOrganization;
using testing::MakeToyRecord;
using testing::StatusIs;
using testing::ToyOrganization;
using testing::ToyRecord;
using ::testing::UnorderedElementsAre;
using testing::ValueOrDie;

const Day kDay = Day::Of(2024, 3, 15);

class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest()
      : organizations_(db_->AddTable(testing::ToyOrganizationSchema())),
        records_(db_->AddTable(testing::ToyRecordSchema())) {
    db_.Open();
  }
  absl::Status InsertOrganization(Transaction& txn, const std::string& id, const std::string& parent = "") {
    ToyOrganization organization = MakeToyOrganization(id, parent);
    return organizations_.Insert(txn, organization);
  }
  absl::StatusOr<v1::Commit> ReadCommit(int64_t revision) {
    auto bytes = db_.Read()->Get(KeyWriter(keyspace::kCommit).Int64(revision).str());
    if (!bytes.ok()) return bytes.status();
    if (!bytes->has_value()) return absl::NotFoundError("no commit record");
    v1::Commit commit;
    commit.ParseFromString(**bytes);
    return commit;
  }

  testing::TestDatabase db_;
  Table<ToyOrganization>& organizations_;
  Table<ToyRecord>& records_;
};

TEST_F(DatabaseTest, ACommitRecordTellsWhoDidWhat) {
  ASSERT_THAT(db_->Transact({.actor = "clerk-1", .method = "/x.Y/Z", .request_id = "q-7"},
                            [&](Transaction& txn) -> absl::Status {
                              RETURN_IF_ERROR(InsertOrganization(txn, "o-1"));
                              ToyRecord record = MakeToyRecord("r-1", "o-1");
                              return records_.Insert(txn, record);
                            }),
              IsOkAndHolds(1));
  EXPECT_THAT(ReadCommit(1), IsOkAndHolds(EqualsText(R"pb(
                commit_time_us: 1710475200000000
                actor: "clerk-1"
                method: "/x.Y/Z"
                request_id: "q-7"
                changes { collection: "organizations" name: "organizations/o-1" operation: OPERATION_CREATE }
                changes { collection: "records" name: "records/r-1" operation: OPERATION_CREATE }
              )pb")));
}

TEST_F(DatabaseTest, SeveralChangesOfOneRecordBecomeOne) {
  ToyRecord kept = MakeToyRecord("kept", "o-1");
  ASSERT_THAT(db_.Write([&](Transaction& txn) { return records_.Insert(txn, kept); }), IsOkAndHolds(1));
  ASSERT_THAT(db_.Write([&](Transaction& txn) -> absl::Status {
    ToyRecord fresh = MakeToyRecord("fresh", "o-1");
    RETURN_IF_ERROR(records_.Insert(txn, fresh));
    RETURN_IF_ERROR(records_.Update(txn, fresh));
    ToyRecord brief = MakeToyRecord("brief", "o-1");
    RETURN_IF_ERROR(records_.Insert(txn, brief));
    RETURN_IF_ERROR(records_.Delete(txn, "records/brief"));
    RETURN_IF_ERROR(records_.Delete(txn, "records/kept"));
    return records_.Insert(txn, kept);
  }),
              IsOkAndHolds(2));
  const v1::Commit commit = ValueOrDie(ReadCommit(2));
  ASSERT_EQ(commit.changes_size(), 2);
  EXPECT_EQ(commit.changes(0).name(), "records/fresh");
  EXPECT_EQ(commit.changes(0).operation(), v1::Change::OPERATION_CREATE);
  EXPECT_EQ(commit.changes(1).name(), "records/kept");
  EXPECT_EQ(commit.changes(1).operation(), v1::Change::OPERATION_UPDATE);
}

TEST_F(DatabaseTest, ATransactionThatChangesNoRecordLeavesNoCommitRecord) {
  EXPECT_THAT(db_.Write([](Transaction&) { return absl::OkStatus(); }), IsOkAndHolds(0));
  EXPECT_THAT(db_.Write([](Transaction& txn) {
    txn.kv().Put(KeyWriter(keyspace::kReplay).Text("x").str(), "y");
    return absl::OkStatus();
  }),
              IsOkAndHolds(1));
  EXPECT_THAT(ReadCommit(1), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DatabaseTest, AFailedTransactionLeavesNothing) {
  EXPECT_THAT(db_.Write([&](Transaction& txn) -> absl::Status {
    RETURN_IF_ERROR(InsertOrganization(txn, "o-1"));
    return absl::AbortedError("no");
  }),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_FALSE(db_->tree()->Contains("organizations/o-1"));
  EXPECT_THAT(organizations_.Get(*db_.Read(), "organizations/o-1"), HasReason(reasons::kRecordNotFound));
  EXPECT_EQ(db_.kv().LastRevision(), 0);
}

TEST_F(DatabaseTest, ATransactionSeesItsOwnTreeAndTheNextOneSeesItToo) {
  // Both are queued before either runs, so that they may share a group.
  bool own = false;
  bool next = false;
  ASSERT_THAT(db_->Submit(
                  {},
                  [&](Transaction& txn) -> absl::Status {
                    RETURN_IF_ERROR(InsertOrganization(txn, "o-1"));
                    RETURN_IF_ERROR(InsertOrganization(txn, "o-2", "o-1"));
                    own = txn.tree().IsWithin("organizations/o-2", "organizations/o-1", kDay);
                    return absl::OkStatus();
                  },
                  [](absl::Status, int64_t) {}),
              IsOk());
  ASSERT_THAT(db_.Write([&](Transaction& txn) {
    next = txn.tree().IsWithin("organizations/o-2", "organizations/o-1", kDay);
    return absl::OkStatus();
  }),
              IsOk());
  EXPECT_TRUE(own);
  EXPECT_TRUE(next);
}

TEST_F(DatabaseTest, AReaderGetsTheTreeOfItsRevision) {
  ASSERT_THAT(db_.Write([&](Transaction& txn) { return InsertOrganization(txn, "o-1"); }), IsOk());
  const auto before = db_.Read();
  for (const char* id : {"o-2", "o-3", "o-4"}) {
    ASSERT_THAT(db_.Write([&](Transaction& txn) { return InsertOrganization(txn, id, "o-1"); }), IsOk());
  }
  const auto after = db_.Read();
  EXPECT_THAT(ValueOrDie(db_->TreeAt(*before, before->revision()))->Organizations(), ElementsAre("organizations/o-1"));
  EXPECT_EQ(ValueOrDie(db_->TreeAt(*after, after->revision()))->Organizations().size(), 4);
  EXPECT_EQ(ValueOrDie(db_->TreeAt(*after, after->revision())), db_->tree());
}

TEST_F(DatabaseTest, TheTreeIsReadAgainAfterARestart) {
  ASSERT_THAT(db_.Write([&](Transaction& txn) -> absl::Status {
    RETURN_IF_ERROR(InsertOrganization(txn, "o-1"));
    RETURN_IF_ERROR(InsertOrganization(txn, "o-2", "o-1"));
    RETURN_IF_ERROR(InsertOrganization(txn, "o-3", "o-1"));
    return organizations_.Delete(txn, "organizations/o-3");
  }),
              IsOk());
  EXPECT_THAT(db_->tree()->Organizations(), ElementsAre("organizations/o-1", "organizations/o-2"));
  db_.Reopen();
  db_->AddTable(testing::ToyOrganizationSchema());
  db_.Open();
  EXPECT_THAT(db_->tree()->Organizations(), ElementsAre("organizations/o-1", "organizations/o-2"));
  EXPECT_TRUE(db_->tree()->IsWithin("organizations/o-2", "organizations/o-1", kDay));
}

TEST_F(DatabaseTest, TablesAreFoundByCollectionAndTag) {
  EXPECT_EQ(db_->FindTable("records"), &records_.core());
  EXPECT_EQ(db_->FindTable("nothing"), nullptr);
  EXPECT_EQ(db_->FindTableByTag(0xFF10), &organizations_.core());
  EXPECT_EQ(db_->FindTableByTag(0x0001), nullptr);
  EXPECT_EQ(db_->tables().size(), 2);
}

TEST(TreeVersionsTest, AReaderOfTheCommittedStateKeepsItsTreeWhileANewOneIsCommitted) {
  TreeVersions versions;
  const auto tree = [] { return std::make_shared<const OrgTree>(); };
  const auto first = tree();
  const auto second = tree();
  const auto third = tree();
  versions.Publish(5, 5, first);
  versions.Publish(7, 5, second);
  EXPECT_EQ(versions.Newest(), second);
  EXPECT_EQ(versions.At(4), nullptr);
  EXPECT_EQ(versions.At(6), first);
  EXPECT_EQ(versions.At(7), second);
  versions.Publish(8, 5, third);  // `second` was never committed on its own and may be dropped, but never mistaken
  EXPECT_EQ(versions.At(6), first);
  EXPECT_TRUE(versions.At(7) == nullptr || versions.At(7) == second);
  EXPECT_EQ(versions.At(8), third);
  EXPECT_EQ(versions.At(100), third);
  versions.Publish(9, 8, first);
  EXPECT_EQ(versions.At(6), nullptr);
}

using DatabaseDeathTest = DatabaseTest;

TEST_F(DatabaseDeathTest, MistakesInTheSchemaStopTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(db_->AddTable(testing::ToyRecordSchema()), "the collection is taken");
  TableSchema<ToyRecord> schema = testing::ToyRecordSchema();
  schema.collection = "others";
  EXPECT_DEATH(db_->AddTable(schema), "the tag .* is taken");
  TableSchema<ToyOrganization> tree = testing::ToyOrganizationSchema();
  tree.collection = "others";
  tree.tag = 0xFFF0;
  EXPECT_DEATH(db_->AddTable(tree), "a second table with an organisation tree");
}

}  // namespace
}  // namespace dangjian::storage
