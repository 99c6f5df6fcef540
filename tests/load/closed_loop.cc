#include "tests/load/closed_loop.h"

#include <algorithm>
#include <numeric>

#include "common/base/mutex.h"

namespace dangjian::load {
namespace {

using SteadyClock = std::chrono::steady_clock;

double Percentile(std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto position = static_cast<size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[position];
}

LoopResult Summarise(std::vector<double> latencies_us, int64_t failures, double seconds) {
  std::sort(latencies_us.begin(), latencies_us.end());
  LoopResult result;
  result.calls = static_cast<int64_t>(latencies_us.size());
  result.failures = failures;
  result.per_second = seconds > 0 ? static_cast<double>(result.calls) / seconds : 0;
  result.p50_us = Percentile(latencies_us, 0.50);
  result.p99_us = Percentile(latencies_us, 0.99);
  return result;
}

// The calls in the air. Each finished call starts the next one on the thread that finished it.
class Loop {
 public:
  Loop(std::chrono::milliseconds duration, const AsyncCall& call, int64_t first, int64_t max_calls)
      : call_(call),
        next_(first),
        limit_(max_calls > 0 ? first + max_calls : INT64_MAX),
        start_(SteadyClock::now()),
        stop_(start_ + duration) {
    latencies_us_.reserve(1 << 20);
  }

  LoopResult Run(int outstanding) {
    for (int i = 0; i < outstanding; ++i) StartNext();
    MutexLock lock(mutex_);
    while (in_air_ > 0) idle_.Wait(mutex_);
    const double seconds = std::chrono::duration<double>(SteadyClock::now() - start_).count();
    return Summarise(std::move(latencies_us_), failures_, seconds);
  }

 private:
  void StartNext() {
    int64_t number = 0;
    {
      MutexLock lock(mutex_);
      if (next_ >= limit_ || SteadyClock::now() >= stop_) return;
      number = next_++;
      ++in_air_;
    }
    const auto begin = SteadyClock::now();
    call_(number, [this, begin](bool ok) {
      const double us = std::chrono::duration<double, std::micro>(SteadyClock::now() - begin).count();
      {
        MutexLock lock(mutex_);
        latencies_us_.push_back(us);
        if (!ok) ++failures_;
      }
      StartNext();
      MutexLock lock(mutex_);
      if (--in_air_ == 0) idle_.NotifyAll();
    });
  }

  const AsyncCall& call_;
  Mutex mutex_;
  CondVar idle_;
  int64_t next_ ABSL_GUARDED_BY(mutex_);
  const int64_t limit_;
  int in_air_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t failures_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<double> latencies_us_ ABSL_GUARDED_BY(mutex_);
  const SteadyClock::time_point start_;
  const SteadyClock::time_point stop_;
};

}  // namespace

LoopResult RunClosedLoop(int outstanding, std::chrono::milliseconds duration, const AsyncCall& call, int64_t first,
                         int64_t max_calls) {
  return Loop(duration, call, first, max_calls).Run(outstanding);
}

LoopResult RunSequential(int64_t calls, const std::function<bool(int64_t i)>& call) {
  std::vector<double> latencies_us;
  latencies_us.reserve(static_cast<size_t>(calls));
  int64_t failures = 0;
  const auto start = SteadyClock::now();
  for (int64_t i = 0; i < calls; ++i) {
    const auto begin = SteadyClock::now();
    if (!call(i)) ++failures;
    latencies_us.push_back(std::chrono::duration<double, std::micro>(SteadyClock::now() - begin).count());
  }
  return Summarise(std::move(latencies_us), failures,
                   std::chrono::duration<double>(SteadyClock::now() - start).count());
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace dangjian::load
