#include "common/storage/group_committer.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"
#include "common/base/steady.h"
#include "common/base/strings.h"
#include "common/base/waiting_line.h"
#include "common/status/errors.h"
#include "common/storage/key_codec.h"
#include "common/storage/keyspace.h"

namespace dangjian::storage {
namespace {

constexpr int64_t kRetryMillis = 50;
constexpr int64_t kReadOnlyRetryMillis = 5'000;

// Only one thread notes.
void NotePace(std::atomic<int64_t>& pace, int64_t micros) {
  pace.store(NextPace(pace.load(std::memory_order_relaxed), micros), std::memory_order_relaxed);
}

absl::Status Overloaded() {
  return WithRetryDelay(Error(reasons::kOverloaded, "too many writes are waiting; retry after the given delay"),
                        kRetryMillis);
}

absl::Status ReadOnly() {
  return WithRetryDelay(Error(kStoreReadOnly,
                              "the volume of the store has no space or is read-only: reads are served, writes wait "
                              "for an administrator; retry later with the same request_id"),
                        kReadOnlyRetryMillis);
}

absl::Status Broken() {
  return Error(reasons::kBackendUnavailable,
               "the store has stopped writing; after its restart retry with the same request_id");
}

absl::Status Ending() { return Error(reasons::kBackendUnavailable, "the store is shutting down"); }

}  // namespace

std::string LastRevisionKey() { return KeyWriter(keyspace::kMeta).Text("last_revision").str(); }

void PowerHistogram::Record(int64_t value) {
  const auto width = static_cast<size_t>(std::bit_width(static_cast<uint64_t>(value < 0 ? 0 : value)));
  buckets_[std::min(width, kBuckets - 1)].fetch_add(1, std::memory_order_relaxed);
  count_.fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

GroupCommitter::GroupCommitter(CommitEngine& engine, CommitState state, GroupCommitterOptions options)
    : engine_(engine),
      options_(std::move(options)),
      last_revision_(state.newest.revision),
      newest_(std::move(state.newest)),
      start_(state.starts + 1) {
  Publish(newest_.revision);
  thread_ = std::thread([this] { Run(); });
}

GroupCommitter::~GroupCommitter() {
  {
    MutexLock lock(queue_mutex_);
    ending_ = true;
    queue_filled_.NotifyOne();
  }
  thread_.join();
}

absl::Status GroupCommitter::Submit(TxnFn fn, TxnDone done) {
  MutexLock lock(queue_mutex_);
  if (broken_) return Broken();
  if (ending_) return Ending();
  if (queue_.size() >= options_.queue_limit) {
    stats_.overloads.fetch_add(1, std::memory_order_relaxed);
    return Overloaded();
  }
  queue_.push_back({std::move(fn), std::move(done), SteadyMicros()});
  NoteWaiting();
  if (queue_.size() == 1) queue_filled_.NotifyOne();
  return absl::OkStatus();
}

void GroupCommitter::SetCommitListener(std::function<void(int64_t)> listener) {
  MutexLock lock(queue_mutex_);
  listener_ = std::move(listener);
}

std::shared_ptr<const Snapshot> GroupCommitter::snapshot() const {
  MutexLock lock(snapshot_mutex_);
  return snapshot_;
}

void GroupCommitter::Run() {
  while (TakeRequests()) {
    while (!taken_.empty()) {
      FillGroup();
      CommitGroup();
    }
  }
}

bool GroupCommitter::TakeRequests() {
  MutexLock lock(queue_mutex_);
  while (queue_.empty() && !ending_ && !broken_) queue_filled_.Wait(queue_mutex_);
  if (broken_ || queue_.empty()) return false;
  run_listener_ = listener_;
  while (!queue_.empty() && taken_.size() < options_.group_limit) {
    taken_.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  taken_count_.store(static_cast<int64_t>(taken_.size()), std::memory_order_relaxed);
  NoteWaiting();
  return true;
}

void GroupCommitter::NoteWaiting() {
  stats_.queue_depth.store(static_cast<int64_t>(queue_.size()), std::memory_order_relaxed);
  oldest_since_micros_.store(queue_.empty() ? 0 : queue_.front().since_micros, std::memory_order_relaxed);
}

int64_t GroupCommitter::ExpectedWaitMicros() const {
  const int64_t since = oldest_since_micros_.load(std::memory_order_relaxed);
  if (since == 0) return 0;  // the next group is the caller's
  const int64_t before =
      stats_.queue_depth.load(std::memory_order_relaxed) + taken_count_.load(std::memory_order_relaxed);
  const int64_t syncs = before / static_cast<int64_t>(options_.group_limit) + 1;
  const int64_t work =
      before * run_micros_.load(std::memory_order_relaxed) + syncs * sync_micros_.load(std::memory_order_relaxed);
  return ExpectedWait(before, SteadyMicros() - since, work);
}

void GroupCommitter::FillGroup() {
  const int64_t start = SteadyMicros();
  group_revision_ = last_revision_.load();
  while (!taken_.empty() && group_bytes_ < options_.group_bytes && effects_.empty()) {
    Request request = std::move(taken_.front());
    taken_.pop_front();
    RunOne(std::move(request));
  }
  NotePace(run_micros_, (SteadyMicros() - start) / static_cast<int64_t>(outcomes_.size()));
  taken_count_.store(static_cast<int64_t>(taken_.size()), std::memory_order_relaxed);
}

void GroupCommitter::RunOne(Request request) {
  GroupTransaction txn(*committed_, group_, group_revision_ + 1);
  absl::Status status = request.fn(txn);
  const bool wrote = txn.wrote();
  if (status.ok()) status = txn.Accept();
  if (!status.ok()) {
    stats_.transactions_refused.fetch_add(1, std::memory_order_relaxed);
    outcomes_.push_back({std::move(request.done), std::move(status), 0});
    return;
  }
  effects_ = txn.TakeEffects();
  if (wrote) ++group_revision_;
  group_bytes_ += txn.bytes();
  outcomes_.push_back({std::move(request.done), absl::OkStatus(), wrote ? group_revision_ : 0});
}

absl::Status GroupCommitter::ApplyGroup() {
  group_.insert_or_assign(LastRevisionKey(), EncodeCell(group_revision_));
  if (!start_stored_) group_.insert_or_assign(StartsKey(), EncodeCell(start_));
  ChainPosition sealed = SealGroup(newest_, start_, group_revision_, group_);
  absl::Status applied = engine_.Apply(group_, group_revision_);
  if (!applied.ok()) return applied;
  newest_ = std::move(sealed);
  start_stored_ = true;
  return applied;
}

void GroupCommitter::CommitGroup() {
  const int64_t accepted = group_revision_ - last_revision_.load();
  absl::Status outcome;
  if (accepted > 0) {
    const int64_t start = SteadyMicros();
    outcome = ApplyGroup();
    const int64_t micros = SteadyMicros() - start;
    stats_.sync_micros.Record(micros);
    NotePace(sync_micros_, micros);
    stats_.group_size.Record(accepted);
    stats_.writable.store(outcome.ok());
    group_.clear();
  }
  group_bytes_ = 0;
  const bool later = absl::IsResourceExhausted(outcome);
  if (outcome.ok()) {
    for (const auto& effect : effects_) effect();
    if (accepted > 0) Publish(group_revision_);
    stats_.transactions_committed.fetch_add(accepted, std::memory_order_relaxed);
  } else {
    // Even a function that failed may have failed because of a write that is now lost, so the whole group is in doubt.
    for (Outcome& each : outcomes_) each.status = later ? ReadOnly() : Broken();
    stats_.transactions_lost.fetch_add(accepted, std::memory_order_relaxed);
  }
  effects_.clear();
  for (Outcome& each : outcomes_) {
    const int64_t revision = each.status.ok() ? each.revision : 0;
    each.done(std::move(each.status), revision);
  }
  outcomes_.clear();
  if (!outcome.ok() && !later) Stop(ToStd(outcome.message()));
}

void GroupCommitter::Publish(int64_t revision) {
  committed_ = engine_.TakeSnapshot(revision);
  std::shared_ptr<const Snapshot> previous = committed_;
  {
    MutexLock lock(snapshot_mutex_);
    snapshot_.swap(previous);
  }
  last_revision_.store(revision);
  if (run_listener_) run_listener_(revision);
}

void GroupCommitter::Stop(std::string_view why) {
  {
    MutexLock lock(queue_mutex_);
    broken_ = true;
    for (Request& request : queue_) taken_.push_back(std::move(request));
    queue_.clear();
  }
  for (Request& request : taken_) request.done(Broken(), 0);
  taken_.clear();
  if (options_.fatal) options_.fatal(absl::StrCat("the store could not make a commit durable: ", ToAbsl(why)));
}

void GroupCommitter::AppendStats(std::vector<std::pair<std::string, double>>& out) const {
  const auto add = [&out](std::string_view name, int64_t value) { out.emplace_back(name, static_cast<double>(value)); };
  add("store_transactions_committed_total", stats_.transactions_committed.load());
  add("store_transactions_refused_total", stats_.transactions_refused.load());
  add("store_transactions_lost_total", stats_.transactions_lost.load());
  add("store_overloads_total", stats_.overloads.load());
  add("store_queue_depth", stats_.queue_depth.load());
  add("store_writable", stats_.writable.load() ? 1 : 0);
  add("store_last_revision", last_revision());
  add("store_groups_total", stats_.group_size.count());
  out.emplace_back("store_sync_seconds_total", static_cast<double>(stats_.sync_micros.sum()) * 1e-6);
}

}  // namespace dangjian::storage
