#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/mutex.h"
#include "common/storage/key_codec.h"
#include "common/storage/kv_store.h"
#include "common/storage/memory_kv_store.h"
#include "common/storage/rocksdb_kv_store.h"
#include "gtest/gtest.h"
#include "tests/conformance/scratch_directory.h"

namespace dangjian::storage {

enum class EngineKind { kMemory, kRocksDb };

// Names the cases of a parameterised suite.
inline std::string EngineName(const testing::TestParamInfo<EngineKind>& info) {
  return info.param == EngineKind::kMemory ? "Memory" : "RocksDb";
}

// A test over an empty store of each engine.
class StoreTest : public testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override { Recreate(4096); }

  // Replaces the store by an empty one whose queue holds `queue_limit` transactions.
  void Recreate(size_t queue_limit) {
    store_.reset();
    directory_ = std::make_unique<ScratchDirectory>();
    if (GetParam() == EngineKind::kMemory) {
      store_ = MemoryKvStore::Create(queue_limit);
      return;
    }
    ASSERT_TRUE(RocksDbKvStore::Init(directory_->store(), "test").ok());
    RocksDbOptions options;
    options.block_cache_bytes = size_t{8} << 20;
    options.queue_limit = queue_limit;
    auto opened = RocksDbKvStore::Open(directory_->store(), std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }
  void DestroyStore() { store_.reset(); }

  KvStore& store() { return *store_; }

  // Puts one key in a transaction of its own.
  void Put(std::string_view key, std::string_view value) {
    const auto revision = store().Transact([&](KvTxn& txn) {
      txn.Put(key, value);
      return absl::OkStatus();
    });
    ASSERT_TRUE(revision.ok()) << revision.status();
  }

 private:
  std::unique_ptr<ScratchDirectory> directory_;
  std::unique_ptr<KvStore> store_;
};

using Entries = std::vector<std::pair<std::string, std::string>>;

// What a range holds; the test fails when the scan does.
inline Entries ReadRange(const Reader& reader, std::string_view begin, std::string_view end) {
  Entries entries;
  auto cursor = reader.Scan(begin, end);
  for (; cursor->Valid(); cursor->Next()) entries.emplace_back(cursor->key(), cursor->value());
  EXPECT_TRUE(cursor->status().ok()) << cursor->status();
  return entries;
}

// The value of `key`, or "<none>".
inline std::string ReadKey(const Reader& reader, std::string_view key) {
  const auto value = reader.Get(key);
  EXPECT_TRUE(value.ok()) << value.status();
  return value.ok() && value->has_value() ? **value : "<none>";
}

// Set once; waited for by any number of threads.
class Latch {
 public:
  void Notify() {
    MutexLock lock(mutex_);
    notified_ = true;
    changed_.NotifyAll();
  }
  void Wait() {
    MutexLock lock(mutex_);
    while (!notified_) changed_.Wait(mutex_);
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool notified_ ABSL_GUARDED_BY(mutex_) = false;
};

// Keeps the committing thread busy until it is destroyed, so that what is submitted meanwhile waits together.
class HoldCommitter {
 public:
  explicit HoldCommitter(KvStore& store) {
    auto running = std::make_shared<Latch>();
    const absl::Status queued = store.Submit(
        [running, release = release_](KvTxn&) {
          running->Notify();
          release->Wait();
          return absl::OkStatus();
        },
        [](absl::Status, int64_t) {});
    if (queued.ok()) running->Wait();
  }
  ~HoldCommitter() { release_->Notify(); }

 private:
  const std::shared_ptr<Latch> release_ = std::make_shared<Latch>();
};

}  // namespace dangjian::storage
