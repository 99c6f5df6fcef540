#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "common/base/mutex.h"
#include "common/rpc/executor.h"

namespace dangjian::rpc {

// Threads for streams of which no single caller can take more than a share, so that nobody keeps the others out.
// Thread-safe.
class SharedThreads {
 public:
  SharedThreads(size_t threads, size_t share) : share_(share), threads_(threads, 0) {}

  // Runs `serve` on a thread of its own. OVERLOADED, and `serve` is dropped, when `caller` has as many streams as one
  // may have, or when no thread is free. Never blocks.
  absl::Status Start(std::string_view caller, std::function<void()> serve);

  // Streams that run, for a metric.
  size_t load() const { return threads_.load(); }

 private:
  void Leave(const std::string& caller);

  const size_t share_;
  mutable Mutex mutex_;
  absl::flat_hash_map<std::string, size_t> held_ ABSL_GUARDED_BY(mutex_);  // by caller; absent: none
  Executor threads_;  // last: its streams end before what they count goes
};

// How many streams a process serves at once. The three kinds do not take each other's threads.
struct StreamLimits {
  size_t services = 32;  // of the suite's own services: the feeds of their directories
  size_t of_service = 8;
  size_t callers = 96;  // of everyone else who is known
  size_t of_caller = 32;
  size_t anonymous = 32;  // of public methods: health and reflection ask nobody who they are
  size_t of_address = 16;
  // How long a stream may leave the server waiting: for the request of a server stream, and for every message to a
  // public method.
  int64_t idle_micros = 30'000'000;
};

}  // namespace dangjian::rpc
