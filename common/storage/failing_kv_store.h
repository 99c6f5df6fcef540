#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/storage/kv_store.h"

namespace dangjian::storage {

// A store whose faults a test decides: writes that are refused, commits whose answer is lost, reads that fail. Without
// orders it passes everything on. Thread-safe.
class FailingKvStore final : public KvStore {
 public:
  // `base` must outlive this store and its snapshots.
  explicit FailingKvStore(KvStore& base) : base_(base), faults_(std::make_shared<Faults>()) {}

  // Of the Submits from now on, the first `after` work and the next `times` are refused with UNAVAILABLE.
  void RefuseSubmits(int64_t after, int64_t times);
  // Of the transactions from now on, the first `after` work; the next `times` commit, but their caller is told
  // UNAVAILABLE, as when the process dies between the sync and the answer.
  void LoseAnswers(int64_t after, int64_t times);
  // Of the Gets, MultiGets and Scans of new and old snapshots from now on, the first `after` work and the next `times`
  // fail with DATA_LOSS. Reads inside transactions are not touched.
  void FailReads(int64_t after, int64_t times);

  std::shared_ptr<const Snapshot> GetSnapshot() const override;
  absl::Status Submit(TxnFn fn, TxnDone done) override;
  int64_t ExpectedWaitMicros() const override { return base_.ExpectedWaitMicros(); }
  int64_t LastRevision() const override { return base_.LastRevision(); }
  std::string epoch() const override { return base_.epoch(); }
  void SetCommitListener(std::function<void(int64_t revision)> listener) override {
    base_.SetCommitListener(std::move(listener));
  }
  absl::Status CheckWritable() const override { return base_.CheckWritable(); }
  std::vector<std::pair<std::string, double>> Stats() const override { return base_.Stats(); }

 private:
  // Lets `after` events pass and then strikes `times`.
  struct Fault {
    std::atomic<int64_t> after{0};
    std::atomic<int64_t> times{0};
    void Set(int64_t new_after, int64_t new_times);
    bool Strikes();
  };
  struct Faults {
    Fault submits;
    Fault answers;
    Fault reads;
  };
  class FailingSnapshot;

  KvStore& base_;
  const std::shared_ptr<Faults> faults_;
};

}  // namespace dangjian::storage
