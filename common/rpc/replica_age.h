#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "common/base/mutex.h"
#include "common/status/reason.h"

namespace dangjian::rpc {

inline constexpr Reason kDirectoryBehind{"DIRECTORY_BEHIND", absl::StatusCode::kUnavailable,
                                         "服务的名册副本尚未与登记服务同步,请稍后重试"};

// How old a service's copy of another service's records is, told by the feed that brings it: the copy is as old as the
// newest moment at which it is known to have held all that there was. Silence makes it older. Thread-safe.
class ReplicaAge {
 public:
  // A copy that is older than `limit` is stale.
  explicit ReplicaAge(std::chrono::milliseconds limit) : limit_(limit) {}

  // Word from the source, just now: `latest` is its newest revision.
  void Heard(int64_t latest);
  // Everything up to `revision` of the source, whose store has this epoch, is in the copy and can be read.
  void Reached(int64_t revision, const std::string& epoch);
  // What is here is the copy of another source.
  void Forget();

  struct State {
    int64_t revision = 0;    // of the source, up to which the copy is complete; 0 when that is not known
    std::string epoch = {};  // of the source's store; empty when that is not known
    std::optional<std::chrono::microseconds> age;  // nullopt: it has not been complete since this process started
    bool stale = true;                             // older than the limit, or of unknown age
    int64_t missing = 0;                           // revisions that the source was last heard to be ahead
  };
  State Now() const;
  std::chrono::milliseconds limit() const { return limit_; }

 private:
  struct Word {
    int64_t latest;
    int64_t micros;  // on the steady clock
  };

  const std::chrono::milliseconds limit_;
  mutable Mutex mutex_;
  int64_t revision_ ABSL_GUARDED_BY(mutex_) = -1;  // nothing is known to be here, not even that there is nothing
  std::string epoch_ ABSL_GUARDED_BY(mutex_);
  int64_t latest_ ABSL_GUARDED_BY(mutex_) = 0;
  // What the source said and the copy has not reached yet, oldest first; words that come close together are one.
  std::deque<Word> words_ ABSL_GUARDED_BY(mutex_);
  std::optional<int64_t> complete_micros_ ABSL_GUARDED_BY(mutex_);  // when the copy was last known to be complete
};

}  // namespace dangjian::rpc
