#pragma once

#include <algorithm>
#include <cstdint>

// How long those wait who join a line of work, estimated from what can be had without a lock. Times in microseconds.

namespace dangjian {

// What one piece of work takes of late: follows quickly when work gets cheaper and slowly when it gets dearer, so that
// one long piece says little of those that come after it.
inline int64_t NextPace(int64_t pace, int64_t micros) {
  if (micros <= pace) return (pace + 3 * micros) / 4;
  return std::min(micros, pace + pace / 4 + 10);
}

// The wait of one who joins `waiting` others, of whom the first has waited for `oldest_micros` and whose work is
// expected to take `work_micros` together. A few who wait behind one long piece of work are no overload: its end frees
// them all.
inline int64_t ExpectedWait(int64_t waiting, int64_t oldest_micros, int64_t work_micros) {
  constexpr int64_t kFew = 16;
  return waiting < kFew ? work_micros : std::max(oldest_micros, work_micros);
}

}  // namespace dangjian
