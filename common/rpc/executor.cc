#include "common/rpc/executor.h"

#include <algorithm>
#include <utility>

#include "common/base/steady.h"
#include "common/base/waiting_line.h"

namespace dangjian::rpc {
Executor::Executor(size_t max_threads, size_t max_queue)
    : max_threads_(std::max<size_t>(max_threads, 1)), max_queue_(max_queue) {}

Executor::~Executor() {
  std::vector<std::thread> threads;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  wake_.NotifyAll();
  for (std::thread& thread : threads) thread.join();
}

bool Executor::TrySubmit(std::function<void()> task) {
  {
    MutexLock lock(mutex_);
    if (stopping_) return false;
    const size_t taken = running_ + queue_.size();
    if (taken >= max_threads_ + max_queue_) return false;
    queue_.push_back({std::move(task), SteadyMicros()});
    if (taken >= threads_.size() && threads_.size() < max_threads_) threads_.emplace_back([this] { Work(); });
  }
  wake_.NotifyOne();
  return true;
}

size_t Executor::load() const {
  MutexLock lock(mutex_);
  return running_ + queue_.size();
}

int64_t Executor::ExpectedWaitMicros() const {
  MutexLock lock(mutex_);
  if (queue_.empty()) return 0;
  const auto waiting = static_cast<int64_t>(queue_.size());
  return ExpectedWait(waiting, SteadyMicros() - queue_.front().since_micros,
                      waiting * task_micros_ / static_cast<int64_t>(max_threads_));
}

void Executor::Work() {
  while (true) {
    std::function<void()> task;
    {
      MutexLock lock(mutex_);
      while (queue_.empty() && !stopping_) wake_.Wait(mutex_);
      if (queue_.empty()) return;
      task = std::move(queue_.front().task);
      queue_.pop_front();
      ++running_;
    }
    const int64_t started = SteadyMicros();
    task();
    task = nullptr;  // what the task holds is released before it counts as finished
    const int64_t micros = SteadyMicros() - started;
    MutexLock lock(mutex_);
    task_micros_ = NextPace(task_micros_, micros);
    --running_;
  }
}

}  // namespace dangjian::rpc
