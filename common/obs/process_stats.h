#pragma once

#include <cstdint>

namespace dangjian::obs {

// What the kernel says of this process.
struct ProcessStats {
  double cpu_seconds = 0;         // user and system
  double start_time_seconds = 0;  // since 1970-01-01T00:00:00Z
  int64_t resident_bytes = 0;
  int64_t virtual_bytes = 0;
  int64_t open_fds = 0;
  int64_t max_fds = 0;
};

// Reads /proc. What cannot be read stays 0.
ProcessStats ReadProcessStats();

// The resident memory alone, which costs little to ask; 0 when it cannot be read.
int64_t ReadResidentBytes();

}  // namespace dangjian::obs
