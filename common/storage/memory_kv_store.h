#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/storage/group_committer.h"
#include "common/storage/kv_store.h"

namespace dangjian::storage {

// A KvStore in memory, for tests and for tools that need no disk: nothing survives it. Same semantics as
// RocksDbKvStore, proved by tests/conformance. Snapshots must not outlive the store. Thread-safe.
class MemoryKvStore final : public KvStore {
 public:
  // An empty store with a new epoch. `queue_limit` is the number of transactions that may wait.
  static std::unique_ptr<MemoryKvStore> Create(size_t queue_limit = 4096);
  ~MemoryKvStore() override;

  std::shared_ptr<const Snapshot> GetSnapshot() const override;
  absl::Status Submit(TxnFn fn, TxnDone done) override;
  int64_t ExpectedWaitMicros() const override { return committer_.ExpectedWaitMicros(); }
  int64_t LastRevision() const override;
  std::string epoch() const override { return epoch_; }
  void SetCommitListener(std::function<void(int64_t revision)> listener) override;
  std::vector<std::pair<std::string, double>> Stats() const override;

 private:
  class Engine;
  explicit MemoryKvStore(size_t queue_limit);

  const std::string epoch_;
  std::unique_ptr<Engine> engine_;
  GroupCommitter committer_;
};

}  // namespace dangjian::storage
