#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "common/base/mutex.h"

namespace dangjian::gateway {

// The places for calls on their way to one service: bounded, so that calls that hang there fill neither the gateway,
// nor the connections to the service, nor a caller's connection over which other services are called as well.
// Thread-safe.
class Bulkhead {
 public:
  struct Limits {
    int32_t calls = 768;          // at once; our two connections to a service have 1,024 streams
    int32_t of_caller = 256;      // of one caller
    int32_t of_connection = 120;  // over one connection to the gateway
  };
  explicit Bulkhead(const Limits& limits) : limits_(limits) {}

  // Takes a place for a call of `caller` over `connection`. OVERLOADED, saying which bound is reached, with RetryInfo.
  absl::Status Enter(const std::string& caller, const std::string& connection);
  // Gives it back.
  void Leave(const std::string& caller, const std::string& connection);

  // Calls under way, for a metric.
  int32_t calls() const;

 private:
  using Counts = absl::flat_hash_map<std::string, int32_t>;  // absent: none

  const Limits limits_;
  mutable Mutex mutex_;
  int32_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
  Counts callers_ ABSL_GUARDED_BY(mutex_);
  Counts connections_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dangjian::gateway
