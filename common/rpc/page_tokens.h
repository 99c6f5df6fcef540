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

// Opaque page tokens over pinned snapshots: all pages of one listing show one state, whatever is written meanwhile. A
// snapshot stays pinned for five minutes after its last use. Who holds too many loses the one that it has not used for
// longest, and nobody else does. Listings of one revision share a snapshot, whoever makes them. Tokens are sealed with a
// key of the process: a caller cannot make one up. Thread-safe.
class PageTokens {
 public:
  static constexpr size_t kMaxPins = 1024;         // of all callers together
  static constexpr size_t kMaxPinsOfCaller = 256;  // of one

  // `clock` must outlive this.
  explicit PageTokens(const Clock& clock);

  // Where a page starts.
  struct Position {
    std::shared_ptr<const storage::Snapshot> snapshot;  // to read from
    std::string last_key;                               // empty for the first page
    size_t limit = 0;                                   // rows of this page
    uint64_t snapshot_id = 0;                           // of the pin; 0 while the snapshot is not pinned
    std::string caller;                                 // who holds it
  };

  // Reads page_size and page_token of a List-like request. `caller` is the subject that lists; `fresh` gives the
  // snapshot of a first page. NEGATIVE_PAGE_SIZE, PAGE_TOKEN_FOREIGN (not a token of this request), PAGE_TOKEN_EXPIRED.
  absl::StatusOr<Position> Begin(const google::protobuf::Message& request, std::string_view caller,
                                 const std::function<std::shared_ptr<const storage::Snapshot>()>& fresh);

  // The token of the next page; empty when `last_key` is empty. Pins the snapshot.
  std::string Next(const google::protobuf::Message& request, const Position& position, std::string_view last_key);

 private:
  struct Pin {
    std::shared_ptr<const storage::Snapshot> snapshot;
    absl::flat_hash_map<std::string, int64_t> holders;  // subject → when it last used the pin; never empty
  };
  using Pins = absl::flat_hash_map<uint64_t, Pin>;

  // The bytes of a token with their seal in front.
  std::string Seal(std::string_view token) const;
  uint64_t PinSnapshot(const Position& position) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Notes a use of the pin by a caller, which may cost that caller its oldest one.
  void Hold(Pins::iterator pin, const std::string& caller, int64_t now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Release(uint64_t id, const std::string& caller) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes the pin that it has not used for longest from `caller`; from the one that holds most when it is nullptr.
  void ReleaseOldest(const std::string* caller) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ReleaseUnused(int64_t now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  std::array<uint64_t, 4> key_;
  Mutex mutex_;
  Pins pins_ ABSL_GUARDED_BY(mutex_);
  int64_t next_sweep_micros_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::string, size_t> held_ ABSL_GUARDED_BY(mutex_);  // pins of a caller; absent: none
};

}  // namespace dangjian::rpc
