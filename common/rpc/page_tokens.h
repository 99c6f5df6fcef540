#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "common/storage/kv_store.h"
#include "google/protobuf/message.h"

namespace dangjian::rpc {

inline constexpr int32_t kDefaultPageSize = 50;
inline constexpr int32_t kMaxPageSize = 1000;

// Opaque page tokens over pinned snapshots: all pages of one listing show one state, whatever is written meanwhile.
// Keeps at most 64 snapshots for five minutes after their last use; the least recently used goes first. Listings of one
// revision share a snapshot. Tokens are sealed with a key of the process: a caller cannot make one up. Thread-safe.
class PageTokens {
 public:
  // `clock` must outlive this.
  explicit PageTokens(const Clock& clock);

  // Where a page starts.
  struct Position {
    std::shared_ptr<const storage::Snapshot> snapshot;  // to read from
    std::string last_key;                               // empty for the first page
    size_t limit = 0;                                   // rows of this page
    uint64_t snapshot_id = 0;                           // of the pin; 0 while the snapshot is not pinned
  };

  // Reads page_size and page_token of a List-like request. `fresh` is the snapshot of a first page.
  // NEGATIVE_PAGE_SIZE, PAGE_TOKEN_FOREIGN (not a token of this request), PAGE_TOKEN_EXPIRED.
  absl::StatusOr<Position> Begin(const google::protobuf::Message& request,
                                 const std::function<std::shared_ptr<const storage::Snapshot>()>& fresh);

  // The token of the next page; empty when `last_key` is empty. Pins the snapshot.
  std::string Next(const google::protobuf::Message& request, const Position& position, std::string_view last_key);

 private:
  struct Pin {
    std::shared_ptr<const storage::Snapshot> snapshot;
    int64_t last_used_micros = 0;
  };

  // The bytes of a token with their seal in front.
  std::string Seal(std::string_view token) const;
  // Drops what has not been used for long, and the oldest pin when there is no room.
  void MakeRoom(int64_t now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  uint64_t PinSnapshot(const Position& position) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  std::array<uint64_t, 4> key_;
  Mutex mutex_;
  absl::flat_hash_map<uint64_t, Pin> pins_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dangjian::rpc
