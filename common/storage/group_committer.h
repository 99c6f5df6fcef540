#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/base/mutex.h"
#include "common/status/reason.h"
#include "common/storage/commit_chain.h"
#include "common/storage/group_transaction.h"
#include "common/storage/kv_store.h"

// Private to common/storage: the single writer that both engines share.

namespace dangjian::storage {

// Key of the cell with the newest revision, which every commit rewrites. Golden: docs/storage_format.md.
std::string LastRevisionKey();

inline constexpr Reason kStoreReadOnly{"STORE_READ_ONLY", absl::StatusCode::kUnavailable,
                                       "数据卷空间不足或只读,暂停写入,请联系管理员处理后重试"};

// What a GroupCommitter needs of an engine. All calls come from the committing thread.
class CommitEngine {
 public:
  virtual ~CommitEngine() = default;
  // Applies all of `writes` or none of them. `revision` is the newest that they contain.
  //   OK                  all of them survive a power cut
  //   RESOURCE_EXHAUSTED  no space: nothing was tried, and a later attempt may succeed
  //   anything else       the fate of the writes is unknown, and only a restart, which reads the disk again, can tell;
  //                       the message says why to an operator
  virtual absl::Status Apply(const WriteSet& writes, int64_t revision) = 0;
  // A view of everything applied so far; it may be kept and used by other threads.
  virtual std::shared_ptr<const Snapshot> TakeSnapshot(int64_t revision) = 0;
};

// Counts values by powers of two: bucket i holds values below 2^i. Thread-safe.
class PowerHistogram {
 public:
  static constexpr size_t kBuckets = 24;
  void Record(int64_t value);
  int64_t count() const { return count_.load(std::memory_order_relaxed); }
  int64_t sum() const { return sum_.load(std::memory_order_relaxed); }
  // How many values fell into bucket `i` alone; the last bucket also takes all that is larger.
  int64_t bucket(size_t i) const { return buckets_[i].load(std::memory_order_relaxed); }

 private:
  std::array<std::atomic<int64_t>, kBuckets> buckets_{};
  std::atomic<int64_t> count_{0};
  std::atomic<int64_t> sum_{0};
};

// Counters of a committer, to be read at any time.
struct CommitStats {
  std::atomic<int64_t> transactions_committed{0};
  std::atomic<int64_t> transactions_refused{0};  // their function failed
  std::atomic<int64_t> transactions_lost{0};     // accepted, but the store could not write
  std::atomic<int64_t> overloads{0};             // refused because the queue was full
  std::atomic<int64_t> queue_depth{0};           // now
  std::atomic<bool> writable{true};              // false from a failed commit to the next that succeeds
  PowerHistogram group_size;                     // transactions in one sync
  PowerHistogram sync_micros;                    // time to apply and sync one group
};

struct GroupCommitterOptions {
  size_t queue_limit = 4096;             // transactions waiting; beyond: RESOURCE_EXHAUSTED
  size_t group_limit = 128;              // transactions in one sync
  size_t group_bytes = size_t{1} << 20;  // a group is closed once it has written as much
  // Called once on the committing thread when the engine is broken, after every waiting `done` was called.
  std::function<void(std::string_view reason)> fatal;
};

// Where a store stands when it is opened.
struct CommitState {
  ChainPosition newest;
  int64_t starts = 0;  // in which something was written, before this one
};

// Runs queued transactions one after the other on one thread, commits those that wait together as one synced batch with
// absolute cell values, then calls their `done`s. The order of commits is the order of Submit, so every history is
// serial. Thread-safe.
class GroupCommitter {
 public:
  // `engine` must outlive the committer. `state` is what the engine holds.
  GroupCommitter(CommitEngine& engine, CommitState state, GroupCommitterOptions options);
  // Commits what is queued, then stops.
  ~GroupCommitter();
  GroupCommitter(const GroupCommitter&) = delete;
  GroupCommitter& operator=(const GroupCommitter&) = delete;

  // See KvStore.
  absl::Status Submit(TxnFn fn, TxnDone done);
  void SetCommitListener(std::function<void(int64_t revision)> listener);
  // The state after the newest commit; made once for each commit and shared by all who ask.
  std::shared_ptr<const Snapshot> snapshot() const;
  int64_t last_revision() const { return last_revision_.load(); }
  // See KvStore.
  int64_t ExpectedWaitMicros() const;

  const CommitStats& stats() const { return stats_; }
  // The same under names for KvStore::Stats.
  void AppendStats(std::vector<std::pair<std::string, double>>& out) const;

 private:
  struct Request {
    TxnFn fn;
    TxnDone done;
    int64_t since_micros;  // on the steady clock
  };
  struct Outcome {
    TxnDone done;
    absl::Status status;
    int64_t revision;  // 0 when nothing was written
  };

  void Run();
  // Waits for work and moves at most one group's worth of it to taken_; false when the committer is to end.
  bool TakeRequests();
  // Runs transactions from taken_ until the group is full or has an effect.
  void FillGroup();
  void RunOne(Request request);
  // Makes the group durable and answers it.
  void CommitGroup();
  // Completes the group's writes and hands them to the engine.
  absl::Status ApplyGroup();
  // Notes what waits, for ExpectedWaitMicros.
  void NoteWaiting() ABSL_EXCLUSIVE_LOCKS_REQUIRED(queue_mutex_);
  void Publish(int64_t revision);
  // Answers every waiting transaction and reports the engine as broken.
  void Stop(std::string_view why);

  CommitEngine& engine_;
  const GroupCommitterOptions options_;
  CommitStats stats_;
  std::atomic<int64_t> last_revision_;

  // What a transaction that comes now has before it.
  std::atomic<int64_t> oldest_since_micros_{0};  // of the queue; 0 while it is empty
  std::atomic<int64_t> taken_count_{0};          // of taken_
  std::atomic<int64_t> run_micros_{0};           // what one transaction takes to run, of late
  std::atomic<int64_t> sync_micros_{0};          // what one group takes to be made durable

  mutable Mutex snapshot_mutex_;
  std::shared_ptr<const Snapshot> snapshot_ ABSL_GUARDED_BY(snapshot_mutex_);

  Mutex queue_mutex_;
  CondVar queue_filled_;
  std::deque<Request> queue_ ABSL_GUARDED_BY(queue_mutex_);
  bool ending_ ABSL_GUARDED_BY(queue_mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(queue_mutex_) = false;
  std::function<void(int64_t)> listener_ ABSL_GUARDED_BY(queue_mutex_);

  // Touched by the committing thread alone.
  ChainPosition newest_;
  const int64_t start_;        // number of this start
  bool start_stored_ = false;  // by the first group that is committed
  std::deque<Request> taken_;
  std::shared_ptr<const Snapshot> committed_;  // what the group reads
  WriteSet group_;
  size_t group_bytes_ = 0;
  int64_t group_revision_ = 0;  // of the newest transaction accepted
  std::vector<Outcome> outcomes_;
  std::vector<std::function<void()>> effects_;
  std::function<void(int64_t)> run_listener_;

  std::thread thread_;  // last: starts when everything else stands
};

}  // namespace dangjian::storage
