#include "common/rpc/executor.h"

#include <algorithm>
#include <utility>

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
    queue_.push_back(std::move(task));
    if (taken >= threads_.size() && threads_.size() < max_threads_) threads_.emplace_back([this] { Work(); });
  }
  wake_.NotifyOne();
  return true;
}

size_t Executor::load() const {
  MutexLock lock(mutex_);
  return running_ + queue_.size();
}

void Executor::Work() {
  while (true) {
    std::function<void()> task;
    {
      MutexLock lock(mutex_);
      while (queue_.empty() && !stopping_) wake_.Wait(mutex_);
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
      ++running_;
    }
    task();
    task = nullptr;  // what the task holds is released before it counts as finished
    MutexLock lock(mutex_);
    --running_;
  }
}

}  // namespace dangjian::rpc
