#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "common/base/mutex.h"

namespace dangjian::rpc {

// A bounded set of threads with a bounded queue: work that may take a millisecond never runs on gRPC's own threads, and
// what cannot be done soon is refused at once instead of piling up. Threads start when they are first needed.
// Thread-safe.
class Executor {
 public:
  // At least one thread. `max_queue` counts tasks beyond those that have a thread: with 0 a task is taken only when a
  // thread is free for it.
  Executor(size_t max_threads, size_t max_queue);
  // Runs what was taken, then joins the threads.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // False, and `task` is dropped, when all threads are busy and the queue is full. Never blocks.
  [[nodiscard]] bool TrySubmit(std::function<void()> task);

  // Tasks taken and not finished, for a metric.
  size_t load() const;

  // How long a task that is submitted now would wait for a thread, in microseconds: an estimate from how many wait, how
  // long the oldest has waited and the pace of late (common/base/waiting_line.h); 0 while none waits.
  int64_t ExpectedWaitMicros() const;

 private:
  struct Waiting {
    std::function<void()> task;
    int64_t since_micros;  // on the steady clock
  };
  void Work();

  const size_t max_threads_;
  const size_t max_queue_;
  mutable Mutex mutex_;
  CondVar wake_;
  std::deque<Waiting> queue_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
  size_t running_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t task_micros_ ABSL_GUARDED_BY(mutex_) = 0;  // what a task takes, of late
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dangjian::rpc
