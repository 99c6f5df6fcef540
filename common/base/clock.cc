#include "common/base/clock.h"

#include <chrono>

namespace dangjian {

int64_t SystemClock::NowMicros() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void FakeClock::SetToday(Day day) { now_micros_ = MicrosOfNoon(day); }

}  // namespace dangjian
