#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/mutex.h"
#include "common/change/directory.h"
#include "common/storage/database.h"
#include "dangjian/change/v1/change_service.pb.h"
#include "dangjian/storage/v1/row.pb.h"
#include "google/protobuf/message.h"

namespace dangjian::change {

// Writes the directory, from the feed and from read-through, so that the newer of two versions of a record stays.
// Thread-safe.
class DirectoryWriter {
 public:
  // Both must outlive the writer.
  DirectoryWriter(storage::Database& database, const Directory& directory)
      : database_(database), directory_(directory) {}

  // How far the feed was applied; revision 0 and no epoch when it never was.
  absl::StatusOr<storage::v1::FeedPosition> Position() const;

  // Applies events in portions, so that live writes do not wait behind a long batch. The last portion stores
  // `position`, if there is one: a batch that is cut off is applied again, which changes nothing.
  absl::Status Apply(std::span<const v1::ChangeEvent> events, const storage::v1::FeedPosition* position);

  // Removes every record whose name is not in `keep`, then stores the position: the end of a copy made anew.
  absl::Status RemoveOthers(const absl::flat_hash_set<std::string>& keep, const storage::v1::FeedPosition& position);

  // Stores records that were read from the registry itself, unless they are here already. In the order given. INTERNAL
  // for a record of a collection that the directory does not keep.
  absl::Status StoreFetched(const std::vector<const google::protobuf::Message*>& records);

  // How far the copy is known to be complete, by revisions of the registry. Kept in memory: a start begins with
  // Position. No epoch: not known.
  struct Reached {
    std::string epoch;
    int64_t revision = 0;
  };
  void NoteReached(Reached reached);
  Reached reached() const;
  // Waits until the copy is complete up to `revision`; false when that takes longer than `timeout` or another registry
  // has come.
  bool WaitReached(const std::string& epoch, int64_t revision, std::chrono::microseconds timeout);

  // Forgets which versions were fetched: their revisions mean nothing to a registry with another epoch.
  void ForgetFetched();

  // The collections of the directory, those first that others refer to.
  std::vector<std::string_view> Collections() const;
  // nullptr when the directory has no such collection.
  const storage::TableCore* Table(std::string_view collection) const;

 private:
  absl::Status ApplyPortion(storage::Transaction& txn, std::span<const v1::ChangeEvent> events,
                            const storage::v1::FeedPosition* position);
  absl::Status ApplyEvent(storage::Transaction& txn, const v1::ChangeEvent& event);
  // True when a newer version than that of `event` was fetched.
  bool IsOutdated(const v1::ChangeEvent& event);
  void NoteFetched(const std::string& name, const std::string& etag);

  storage::Database& database_;
  const Directory& directory_;
  mutable Mutex mutex_;
  CondVar reached_changed_;
  Reached reached_ ABSL_GUARDED_BY(mutex_);
  // Name → registry revision of a record that read-through brought before the feed came to it.
  absl::flat_hash_map<std::string, int64_t> fetched_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dangjian::change
