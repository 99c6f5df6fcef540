#include "tests/load/open_loop.h"

#include <algorithm>
#include <map>
#include <memory>
#include <thread>

#include "common/base/mutex.h"
#include "common/base/steady.h"

namespace dangjian::load {
namespace {

constexpr int64_t kSlotUs = 100'000;

OpenCallResult::Outcome OutcomeOf(const absl::Status& status) {
  if (status.ok()) return OpenCallResult::kGood;
  if (absl::IsResourceExhausted(status)) return OpenCallResult::kRefused;
  return absl::IsDeadlineExceeded(status) ? OpenCallResult::kExpired : OpenCallResult::kFailed;
}

// Counts the calls in the air.
class InAir {
 public:
  void Enter() {
    MutexLock lock(mutex_);
    ++count_;
  }
  void Leave() {
    MutexLock lock(mutex_);
    if (--count_ == 0) empty_.NotifyAll();
  }
  void AwaitNone() {
    MutexLock lock(mutex_);
    while (count_ > 0) empty_.Wait(mutex_);
  }

 private:
  Mutex mutex_;
  CondVar empty_;
  int64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

std::vector<OpenCallResult> RunOpenLoop(double rate, std::chrono::milliseconds duration,
                                        std::chrono::milliseconds deadline, const OpenCall& call, int64_t first) {
  const auto count = static_cast<int64_t>(rate * std::chrono::duration<double>(duration).count());
  const int64_t deadline_us = std::chrono::microseconds(deadline).count();
  std::vector<OpenCallResult> results(static_cast<size_t>(count));
  InAir in_air;
  const int64_t start = SteadyMicros();
  for (int64_t i = 0; i < count; ++i) {
    OpenCallResult& result = results[static_cast<size_t>(i)];
    result.due_us = static_cast<int64_t>(static_cast<double>(i) * 1e6 / rate);
    const int64_t early = start + result.due_us - SteadyMicros();
    if (early > 0) std::this_thread::sleep_for(std::chrono::microseconds(early));
    const int64_t left = start + result.due_us + deadline_us - SteadyMicros();
    const auto done = [&result, &in_air, start](const absl::Status& status) {
      result.latency_us = SteadyMicros() - start - result.due_us;
      result.outcome = OutcomeOf(status);
      in_air.Leave();
    };
    in_air.Enter();
    if (left <= 0) {
      done(absl::DeadlineExceededError("the deadline passed before the call could be made"));
    } else {
      call(first + i, left, done);
    }
  }
  in_air.AwaitNone();
  return results;
}

OpenSummary Summarise(const std::vector<OpenCallResult>& calls, std::chrono::milliseconds duration) {
  OpenSummary summary;
  std::vector<int64_t> latencies;
  for (const OpenCallResult& call : calls) {
    if (call.outcome == OpenCallResult::kGood) latencies.push_back(call.latency_us);
    summary.refused += call.outcome == OpenCallResult::kRefused;
    summary.expired += call.outcome == OpenCallResult::kExpired;
    summary.failed += call.outcome == OpenCallResult::kFailed;
  }
  const double seconds = std::chrono::duration<double>(duration).count();
  summary.offered = static_cast<double>(calls.size()) / seconds;
  summary.goodput = static_cast<double>(latencies.size()) / seconds;
  if (latencies.empty()) return summary;
  std::sort(latencies.begin(), latencies.end());
  const auto at = [&](double share) {
    return static_cast<double>(latencies[static_cast<size_t>(share * static_cast<double>(latencies.size() - 1))]);
  };
  summary.p50_us = at(0.50);
  summary.p99_us = at(0.99);
  return summary;
}

int64_t RecoveredAfter(const std::vector<OpenCallResult>& calls, int64_t latency_us) {
  int64_t recovered = 0;
  for (const OpenCallResult& call : calls) {
    const bool good = call.outcome == OpenCallResult::kGood && call.latency_us <= latency_us;
    if (!good) recovered = (call.due_us / kSlotUs + 1) * kSlotUs;
  }
  return recovered;
}

}  // namespace dangjian::load
