#pragma once

#include <cstdint>

namespace dangjian {

// Microseconds of the machine's clock that never jumps, for durations. No business time: that comes from a Clock.
int64_t SteadyMicros();

}  // namespace dangjian
