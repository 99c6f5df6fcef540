#pragma once

#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "common/base/mutex.h"

namespace dangjian::server {

// Runs small jobs about once a second on a thread of its own. The jobs outlive it.
class Upkeep {
 public:
  explicit Upkeep(std::vector<std::function<void()>> jobs);
  ~Upkeep();
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

 private:
  void Run();

  const std::vector<std::function<void()>> jobs_;
  Mutex mutex_;
  CondVar stop_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Gives memory back to the system that the allocator keeps after a burst, once it is a lot. To be called about once a
// second, by one thread.
class MemoryReturn {
 public:
  void operator()();

 private:
  int64_t next_micros_ = 0;  // on the steady clock
};

}  // namespace dangjian::server
