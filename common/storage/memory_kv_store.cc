#include "common/storage/memory_kv_store.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/id.h"
#include "common/base/mutex.h"

namespace dangjian::storage {

// Every key with its versions; a snapshot is a revision, and versions that no snapshot can see are dropped on writing.
class MemoryKvStore::Engine final : public CommitEngine {
 public:
  absl::Status Apply(const WriteSet& writes, int64_t revision) override;
  std::shared_ptr<const Snapshot> TakeSnapshot(int64_t revision) override;

  std::optional<std::string> Get(std::string_view key, int64_t revision) const;
  // The first key of the range that has a value at `revision`; a range open on the left when `after` is true.
  std::optional<std::pair<std::string, std::string>> Seek(std::string_view begin, bool after, std::string_view end,
                                                          int64_t revision) const;
  void Release(int64_t revision);

 private:
  using Versions = std::map<int64_t, std::optional<std::string>>;  // by revision

  static const std::optional<std::string>* At(const Versions& versions, int64_t revision);

  mutable Mutex mutex_;
  std::map<std::string, Versions, std::less<>> keys_ ABSL_GUARDED_BY(mutex_);
  std::multiset<int64_t> snapshots_ ABSL_GUARDED_BY(mutex_);
};

namespace {

// Copies one entry at a time, so that the walk holds no lock between steps.
template <class Engine>
class MemoryCursor final : public Cursor {
 public:
  MemoryCursor(const Engine& engine, std::string_view begin, std::string_view end, int64_t revision)
      : engine_(engine), end_(end), revision_(revision), entry_(engine.Seek(begin, false, end, revision)) {}

  bool Valid() const override { return entry_.has_value(); }
  void Next() override { entry_ = engine_.Seek(entry_->first, true, end_, revision_); }
  std::string_view key() const override { return entry_->first; }
  std::string_view value() const override { return entry_->second; }
  absl::Status status() const override { return absl::OkStatus(); }

 private:
  const Engine& engine_;
  const std::string end_;
  const int64_t revision_;
  std::optional<std::pair<std::string, std::string>> entry_;
};

template <class Engine>
class MemorySnapshot final : public Snapshot {
 public:
  MemorySnapshot(Engine& engine, int64_t revision) : engine_(engine), revision_(revision) {}
  ~MemorySnapshot() override { engine_.Release(revision_); }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    return engine_.Get(key, revision_);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(std::span<const std::string> keys) const override {
    std::vector<std::optional<std::string>> values;
    values.reserve(keys.size());
    for (const std::string& key : keys) values.push_back(engine_.Get(key, revision_));
    return values;
  }
  std::unique_ptr<Cursor> Scan(std::string_view begin, std::string_view end) const override {
    return std::make_unique<MemoryCursor<Engine>>(engine_, begin, end, revision_);
  }
  int64_t revision() const override { return revision_; }

 private:
  Engine& engine_;
  const int64_t revision_;
};

}  // namespace

const std::optional<std::string>* MemoryKvStore::Engine::At(const Versions& versions, int64_t revision) {
  auto next = versions.upper_bound(revision);
  return next == versions.begin() ? nullptr : &(--next)->second;
}

absl::Status MemoryKvStore::Engine::Apply(const WriteSet& writes, int64_t revision) {
  MutexLock lock(mutex_);
  const int64_t oldest = snapshots_.empty() ? revision : *snapshots_.begin();
  for (const auto& [key, value] : writes) {
    const auto entry = keys_.try_emplace(key).first;
    Versions& versions = entry->second;
    versions.insert_or_assign(revision, value);
    // Of the versions up to the oldest snapshot only the newest can still be seen, and it not when it says "deleted".
    auto keep = --versions.upper_bound(std::max(oldest, versions.begin()->first));
    if (keep->first <= oldest && !keep->second.has_value()) ++keep;
    versions.erase(versions.begin(), keep);
    if (versions.empty()) keys_.erase(entry);
  }
  return absl::OkStatus();
}

std::shared_ptr<const Snapshot> MemoryKvStore::Engine::TakeSnapshot(int64_t revision) {
  MutexLock lock(mutex_);
  snapshots_.insert(revision);
  return std::make_shared<MemorySnapshot<Engine>>(*this, revision);
}

void MemoryKvStore::Engine::Release(int64_t revision) {
  MutexLock lock(mutex_);
  snapshots_.erase(snapshots_.find(revision));
}

std::optional<std::string> MemoryKvStore::Engine::Get(std::string_view key, int64_t revision) const {
  MutexLock lock(mutex_);
  const auto entry = keys_.find(key);
  if (entry == keys_.end()) return std::nullopt;
  const std::optional<std::string>* value = At(entry->second, revision);
  return value == nullptr ? std::nullopt : *value;
}

std::optional<std::pair<std::string, std::string>> MemoryKvStore::Engine::Seek(std::string_view begin, bool after,
                                                                               std::string_view end,
                                                                               int64_t revision) const {
  MutexLock lock(mutex_);
  auto entry = after ? keys_.upper_bound(begin) : keys_.lower_bound(begin);
  for (; entry != keys_.end() && (end.empty() || entry->first < end); ++entry) {
    const std::optional<std::string>* value = At(entry->second, revision);
    if (value != nullptr && value->has_value()) return std::pair(entry->first, **value);
  }
  return std::nullopt;
}

std::unique_ptr<MemoryKvStore> MemoryKvStore::Create(size_t queue_limit) {
  return std::unique_ptr<MemoryKvStore>(new MemoryKvStore(queue_limit));
}

MemoryKvStore::MemoryKvStore(size_t queue_limit)
    : epoch_(absl::StrFormat("%016x", RandomBits())),
      engine_(std::make_unique<Engine>()),
      committer_(*engine_, {.newest = ChainBeginning(epoch_)},
                 GroupCommitterOptions{.queue_limit = queue_limit, .fatal = {}}) {}

MemoryKvStore::~MemoryKvStore() = default;

std::shared_ptr<const Snapshot> MemoryKvStore::GetSnapshot() const { return committer_.snapshot(); }

absl::Status MemoryKvStore::Submit(TxnFn fn, TxnDone done) { return committer_.Submit(std::move(fn), std::move(done)); }

int64_t MemoryKvStore::LastRevision() const { return committer_.last_revision(); }

void MemoryKvStore::SetCommitListener(std::function<void(int64_t)> listener) {
  committer_.SetCommitListener(std::move(listener));
}

std::vector<std::pair<std::string, double>> MemoryKvStore::Stats() const {
  std::vector<std::pair<std::string, double>> stats;
  committer_.AppendStats(stats);
  return stats;
}

}  // namespace dangjian::storage
