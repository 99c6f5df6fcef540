#include "common/base/steady.h"

#include <chrono>

namespace dangjian {

int64_t SteadyMicros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace dangjian
