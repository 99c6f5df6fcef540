#include "common/storage/failing_kv_store.h"

#include <gtest/gtest.h>

#include "common/storage/memory_kv_store.h"

namespace dangjian::storage {
namespace {

class FailingKvStoreTest : public testing::Test {
 protected:
  absl::StatusOr<int64_t> Put(const std::string& key) {
    return store_.Transact([&key](KvTxn& txn) { return txn.Put(key, "v"), absl::OkStatus(); });
  }
  bool Holds(const std::string& key) { return base_->GetSnapshot()->Get(key)->has_value(); }

  std::unique_ptr<MemoryKvStore> base_ = MemoryKvStore::Create();
  FailingKvStore store_{*base_};
};

TEST_F(FailingKvStoreTest, PassesEverythingOnWithoutOrders) {
  EXPECT_EQ(Put("a").value(), 1);
  EXPECT_EQ(store_.LastRevision(), 1);
  EXPECT_EQ(store_.epoch(), base_->epoch());
  EXPECT_TRUE(store_.GetSnapshot()->Get("a")->has_value());
  EXPECT_EQ(store_.GetSnapshot()->revision(), 1);
}

TEST_F(FailingKvStoreTest, RefusesTheOrderedSubmits) {
  store_.RefuseSubmits(1, 2);
  EXPECT_TRUE(Put("a").ok());
  EXPECT_TRUE(absl::IsUnavailable(Put("b").status()));
  EXPECT_TRUE(absl::IsUnavailable(Put("c").status()));
  EXPECT_TRUE(Put("d").ok());
  EXPECT_FALSE(Holds("b"));
  EXPECT_FALSE(Holds("c"));
}

TEST_F(FailingKvStoreTest, LosesAnswersOfTransactionsThatCommitted) {
  store_.LoseAnswers(0, 1);
  EXPECT_TRUE(absl::IsUnavailable(Put("a").status()));
  EXPECT_TRUE(Holds("a"));
  EXPECT_EQ(Put("b").value(), 2);
}

TEST_F(FailingKvStoreTest, FailsTheOrderedReads) {
  ASSERT_TRUE(Put("a").ok());
  const auto snapshot = store_.GetSnapshot();
  store_.FailReads(1, 3);
  const std::vector<std::string> keys = {"a"};
  EXPECT_TRUE(snapshot->Get("a").ok());
  EXPECT_TRUE(absl::IsDataLoss(snapshot->Get("a").status()));
  EXPECT_TRUE(absl::IsDataLoss(snapshot->MultiGet(keys).status()));
  const auto cursor = store_.GetSnapshot()->Scan("", "");
  EXPECT_FALSE(cursor->Valid());
  EXPECT_TRUE(absl::IsDataLoss(cursor->status()));
  EXPECT_TRUE(snapshot->MultiGet(keys).ok());
  EXPECT_TRUE(snapshot->Scan("", "")->Valid());
}

}  // namespace
}  // namespace dangjian::storage
