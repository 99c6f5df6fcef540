#include "common/storage/commit_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "common/storage/key_codec.h"
#include "common/storage/memory_kv_store.h"
#include "dangjian/storage/v1/row.pb.h"

namespace dangjian::storage {
namespace {

using ::testing::HasSubstr;

class CommitChainTest : public ::testing::Test {
 protected:
  CommitChainTest() {
    for (int i = 0; i < 6; ++i) Write([](KvTxn& txn) { txn.Put("k", std::to_string(txn.revision())); });
  }
  void Write(const std::function<void(KvTxn&)>& write) {
    ASSERT_TRUE(store_->Transact([&](KvTxn& txn) { return write(txn), absl::OkStatus(); }).ok());
  }
  // Overwrites the link at `revision` as `change` says; itself a commit.
  void Forge(int64_t revision, const std::function<void(v1::ChainLink&)>& change) {
    v1::ChainLink link;
    ASSERT_TRUE(link.ParseFromString(**store_->GetSnapshot()->Get(ChainKey(revision))));
    change(link);
    Write([&](KvTxn& txn) { txn.Put(ChainKey(revision), link.SerializeAsString()); });
  }
  ChainPosition Beginning() const { return ChainBeginning(store_->epoch()); }
  ChainPosition At(int64_t revision) const { return *ChainEnd(*store_->GetSnapshot(), store_->epoch(), revision); }
  absl::Status Check(const ChainPosition& from) const {
    return CheckChain(*store_->GetSnapshot(), from, store_->LastRevision());
  }

  const std::unique_ptr<MemoryKvStore> store_ = MemoryKvStore::Create();
};

TEST(ChainLinkTest, StoredFormIsAsDocumented) {
  WriteSet writes;
  writes["a"] = "1";
  writes["b"] = std::nullopt;
  const ChainPosition after = SealGroup(ChainBeginning("store"), 2, 7, writes);
  EXPECT_EQ(after.revision, 7);
  EXPECT_EQ(absl::BytesToHexString(*writes.at(ChainKey(7))),
            "10021a2023ccaf1ab9a6b47a6c4f89f544c674fc78acf36fa9bcfdb27cfa519ad6e608bc"
            "2220379556efcc6ae362e899377f811844d0fe21531aebdfcb8c286c0b54384234c3");
  EXPECT_EQ(absl::BytesToHexString(ChainKey(7)), "00058000000000000007");
}

TEST_F(CommitChainTest, AWholeChainIsGoodFromAnyOfItsPositions) {
  EXPECT_TRUE(Check(Beginning()).ok());
  for (int64_t revision = 1; revision <= 6; ++revision) EXPECT_TRUE(Check(At(revision)).ok()) << revision;
}

TEST_F(CommitChainTest, NamesTheCommitsThatAreMissing) {
  Write([](KvTxn& txn) {
    txn.Delete(ChainKey(3));
    txn.Delete(ChainKey(4));
  });
  EXPECT_THAT(std::string(Check(Beginning()).message()), HasSubstr("lacks its commits 3 to 4"));
  EXPECT_TRUE(Check(At(5)).ok()) << "what lies before the position was found good before";
}

TEST_F(CommitChainTest, NoticesACommitOfAnotherHistory) {
  Forge(4, [](v1::ChainLink& link) { link.mutable_content()->front() ^= 1; });
  EXPECT_TRUE(absl::IsDataLoss(Check(Beginning())));
  EXPECT_THAT(std::string(Check(Beginning()).message()), HasSubstr("commit 4"));
  EXPECT_TRUE(Check(At(4)).ok());
}

TEST_F(CommitChainTest, NoticesThatItIsNotTheStoreThatWasChecked) {
  ChainPosition other = At(3);
  other.digest[0] ^= 1;
  EXPECT_TRUE(absl::IsDataLoss(Check(other)));
  EXPECT_TRUE(absl::IsDataLoss(Check(ChainBeginning("another store"))));
  EXPECT_TRUE(absl::IsDataLoss(Check({.revision = 99, .digest = At(3).digest})));
}

TEST_F(CommitChainTest, NoticesAMissingEnd) {
  EXPECT_THAT(std::string(CheckChain(*store_->GetSnapshot(), Beginning(), 8).message()),
              HasSubstr("lacks its commits 7 to 8"));
}

TEST_F(CommitChainTest, RefusesAMalformedLink) {
  Write([](KvTxn& txn) { txn.Put(ChainKey(2), "\xFF"); });
  EXPECT_THAT(std::string(Check(Beginning()).message()), HasSubstr("malformed link of its chain of commits at revision 2"));
}

}  // namespace
}  // namespace dangjian::storage
