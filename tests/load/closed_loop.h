#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace dangjian::load {

// What a closed loop measured.
struct LoopResult {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
  int64_t calls = 0;
  int64_t failures = 0;
};

// Starts call number `i`; `done(ok)` is called exactly once, on any thread.
using AsyncCall = std::function<void(int64_t i, std::function<void(bool ok)> done)>;

// Keeps `outstanding` calls in the air for `duration` (or until `max_calls` were started, when positive) and waits for
// the last. Call numbers start at `first`.
LoopResult RunClosedLoop(int outstanding, std::chrono::milliseconds duration, const AsyncCall& call, int64_t first = 0,
                         int64_t max_calls = 0);

// Runs blocking calls one after the other.
LoopResult RunSequential(int64_t calls, const std::function<bool(int64_t i)>& call);

// The middle of an odd number of values, the mean of the two middle ones otherwise.
double Median(std::vector<double> values);

}  // namespace dangjian::load
