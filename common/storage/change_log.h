#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/mutex.h"
#include "common/storage/kv_store.h"
#include "dangjian/storage/v1/row.pb.h"
#include "google/protobuf/message.h"

namespace dangjian::storage {

class Database;

// One change of one record, with the versions around it.
struct ChangeEvent {
  int64_t revision = 0;
  int64_t commit_time_us = 0;  // microseconds since 1970-01-01T00:00:00Z
  std::string actor;
  std::string method;
  std::string request_id;
  v1::Change::Operation operation = v1::Change::OPERATION_UNSPECIFIED;
  std::string collection;
  std::string name;
  std::unique_ptr<google::protobuf::Message> after;   // nullptr for a deletion
  std::unique_ptr<google::protobuf::Message> before;  // nullptr for a creation, or when it was not asked for
};

// Events in revision order, complete up to a revision.
struct ChangeBatch {
  std::vector<ChangeEvent> events;
  int64_t up_to_revision = 0;  // resume after it
};

// Bounds of one batch. A commit is never split, so a batch may exceed `max_events` by what one commit holds.
struct ChangeLimits {
  size_t max_events = 256;
  size_t max_commits = 4096;  // looked at, whether or not they hold a wanted change
};

// Reads the commit records of a database as a feed. Thread-safe.
class ChangeLog {
 public:
  // `database` must outlive the log.
  explicit ChangeLog(const Database& database) : database_(database) {}

  // The changes with a revision greater than `after_revision`, as `snapshot` shows them; only of `collections` unless
  // that is empty. When nothing more is left, up_to_revision is the snapshot's.
  absl::StatusOr<ChangeBatch> Read(const Snapshot& snapshot, int64_t after_revision,
                                   const absl::flat_hash_set<std::string>& collections, bool include_before,
                                   const ChangeLimits& limits = {}) const;

 private:
  absl::StatusOr<ChangeEvent> MakeEvent(const Snapshot& snapshot, int64_t revision, const v1::Commit& commit,
                                        const v1::Change& change, bool include_before) const;

  const Database& database_;
};

// Calls `visit` with the collection and name of every record that was changed after `after_revision`, as far as
// `reader` shows, oldest change first; returns its first error. For looking at the few changes since a moment just
// passed.
absl::Status ForEachChangeAfter(
    const Reader& reader, int64_t after_revision,
    absl::FunctionRef<absl::Status(std::string_view collection, std::string_view name)> visit);

// Wakes any number of threads when a revision is committed. Thread-safe.
class CommitNotifier {
 public:
  // Called after each commit.
  void Notify(int64_t revision);
  // Returns the newest revision as soon as it is greater than `revision`, or after `timeout`, or when closed.
  int64_t WaitBeyond(int64_t revision, std::chrono::milliseconds timeout);
  // Ends every wait, now and later: the process drains.
  void Close();

 private:
  Mutex mutex_;
  CondVar changed_;
  int64_t newest_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dangjian::storage
