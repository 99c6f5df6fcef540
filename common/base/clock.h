#pragma once

#include <atomic>
#include <cstdint>

#include "common/base/day.h"

namespace dangjian {

// Where time comes from. Code asks a Clock and never the system, so that tests decide what day it is. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since 1970-01-01T00:00:00Z.
  virtual int64_t NowMicros() const = 0;
  // The calendar day in the business zone, UTC+8 without daylight saving.
  Day Today() const { return DayOfMicros(NowMicros()); }
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  int64_t NowMicros() const override;
};

// A clock that stands still until it is told otherwise.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(int64_t now_micros) : now_micros_(now_micros) {}
  int64_t NowMicros() const override { return now_micros_.load(); }
  void AdvanceMicros(int64_t micros) { now_micros_ += micros; }
  void SetToday(Day day);

 private:
  std::atomic<int64_t> now_micros_;
};

}  // namespace dangjian
