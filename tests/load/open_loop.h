#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"

namespace dangjian::load {

// What became of one call of an open loop. Times in microseconds from the start of the loop, and latency from the
// moment at which the call was due, whenever it could really be made: a server that is slow for a while is blamed for
// all the calls that came meanwhile.
struct OpenCallResult {
  int64_t due_us = 0;
  int64_t latency_us = 0;
  enum Outcome { kGood, kRefused, kExpired, kFailed } outcome = kFailed;
};

// Starts call number `i`, which may take `timeout_us`; `done` is called exactly once, on any thread.
using OpenCall = std::function<void(int64_t i, int64_t timeout_us, std::function<void(const absl::Status&)> done)>;

// Makes `rate` calls a second for `duration`, evenly spaced, whatever becomes of those before, each with `deadline`
// from when it is due, and waits for the last. Call numbers start at `first`. In the order in which they were due.
std::vector<OpenCallResult> RunOpenLoop(double rate, std::chrono::milliseconds duration,
                                        std::chrono::milliseconds deadline, const OpenCall& call, int64_t first = 0);

// A loop in figures.
struct OpenSummary {
  double offered = 0;  // calls a second
  double goodput = 0;  // answered well within the deadline, a second
  int64_t refused = 0;
  int64_t expired = 0;
  int64_t failed = 0;
  double p50_us = 0;  // of those answered well
  double p99_us = 0;
};
OpenSummary Summarise(const std::vector<OpenCallResult>& calls, std::chrono::milliseconds duration);

// From which moment on every call was answered well and within `latency_us`, in whole slots of 100 ms; in microseconds
// from the start of the loop. Its whole length when it never was.
int64_t RecoveredAfter(const std::vector<OpenCallResult>& calls, int64_t latency_us);

}  // namespace dangjian::load
