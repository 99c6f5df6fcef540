#pragma once

#include <cstdint>
#include <string>

#include "common/storage/key_codec.h"

// What conformance_writer writes, known to the tests that kill it.

namespace dangjian::storage {

// Every transaction writes this many rows and adds 1 to one cell.
inline constexpr int32_t kCrashParts = 5;
inline constexpr uint16_t kCrashTable = 0x0200;

inline std::string CrashKey(int64_t revision, int32_t part) {
  return KeyWriter(kCrashTable).Int64(revision).Int32(part).str();
}
inline std::string CrashValue(int64_t revision) { return std::string(200, static_cast<char>('a' + revision % 26)); }
inline std::string CrashCell() { return KeyWriter(0x0010).Text("count").str(); }

}  // namespace dangjian::storage
