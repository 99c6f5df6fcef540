#include "common/storage/failing_kv_store.h"

namespace dangjian::storage {
namespace {

// A scan that fails at once.
class FailedCursor final : public Cursor {
 public:
  explicit FailedCursor(absl::Status status) : status_(std::move(status)) {}
  bool Valid() const override { return false; }
  void Next() override {}
  std::string_view key() const override { return {}; }
  std::string_view value() const override { return {}; }
  absl::Status status() const override { return status_; }

 private:
  const absl::Status status_;
};

absl::Status ReadFault() { return absl::DataLossError("injected read fault"); }

}  // namespace

void FailingKvStore::Fault::Set(int64_t new_after, int64_t new_times) {
  times = 0;
  after = new_after;
  times = new_times;
}

bool FailingKvStore::Fault::Strikes() {
  if (times.load() <= 0 || after.fetch_sub(1) > 0) return false;
  return times.fetch_sub(1) > 0;
}

class FailingKvStore::FailingSnapshot final : public Snapshot {
 public:
  FailingSnapshot(std::shared_ptr<const Snapshot> base, std::shared_ptr<Faults> faults)
      : base_(std::move(base)), faults_(std::move(faults)) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    if (faults_->reads.Strikes()) return ReadFault();
    return base_->Get(key);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const override {
    if (faults_->reads.Strikes()) return ReadFault();
    return base_->MultiGet(keys);
  }
  std::unique_ptr<Cursor> Scan(std::string_view begin, std::string_view end) const override {
    if (faults_->reads.Strikes()) return std::make_unique<FailedCursor>(ReadFault());
    return base_->Scan(begin, end);
  }
  int64_t revision() const override { return base_->revision(); }

 private:
  const std::shared_ptr<const Snapshot> base_;
  const std::shared_ptr<Faults> faults_;
};

void FailingKvStore::RefuseSubmits(int64_t after, int64_t times) { faults_->submits.Set(after, times); }
void FailingKvStore::LoseAnswers(int64_t after, int64_t times) { faults_->answers.Set(after, times); }
void FailingKvStore::FailReads(int64_t after, int64_t times) { faults_->reads.Set(after, times); }

std::shared_ptr<const Snapshot> FailingKvStore::GetSnapshot() const {
  return std::make_shared<FailingSnapshot>(base_.GetSnapshot(), faults_);
}

absl::Status FailingKvStore::Submit(TxnFn fn, TxnDone done) {
  if (faults_->submits.Strikes()) return absl::UnavailableError("injected: the store has stopped writing");
  return base_.Submit(std::move(fn), [faults = faults_, done = std::move(done)](absl::Status status, int64_t revision) {
    if (status.ok() && faults->answers.Strikes()) {
      done(absl::UnavailableError("injected: the outcome is unknown"), 0);
    } else {
      done(std::move(status), revision);
    }
  });
}

}  // namespace dangjian::storage
