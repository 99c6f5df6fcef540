#include "common/base/id.h"

#include <sys/random.h>

#include "absl/strings/ascii.h"

namespace dangjian {

uint64_t RandomBits() {
  // Not std::random_device: libstdc++ draws from the processor, which under a hypervisor costs some 12 us a word.
  uint64_t bits = 0;
  // Reads of up to 256 bytes are never cut short once the kernel's generator is seeded.
  while (getrandom(&bits, sizeof(bits), 0) != static_cast<ssize_t>(sizeof(bits))) {
  }
  return bits;
}

std::string NewId(int64_t now_micros) {
  // Crockford's base 32 without the letters that people misread.
  static constexpr char kAlphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string id(26, '0');
  uint64_t millis = static_cast<uint64_t>(now_micros / 1000);
  for (int i = 9; i >= 0; --i, millis >>= 5) id[static_cast<size_t>(i)] = kAlphabet[millis & 31];
  uint64_t bits = RandomBits();
  for (size_t i = 10; i < 18; ++i, bits >>= 5) id[i] = kAlphabet[bits & 31];
  bits = RandomBits();
  for (size_t i = 18; i < 26; ++i, bits >>= 5) id[i] = kAlphabet[bits & 31];
  return id;
}

bool IsResourceId(std::string_view id) {
  if (id.empty() || id.size() > 63 || id[0] == '-') return false;
  for (const char c : id) {
    if (!absl::ascii_islower(static_cast<unsigned char>(c)) && !absl::ascii_isdigit(static_cast<unsigned char>(c)) &&
        c != '-') {
      return false;
    }
  }
  return true;
}

}  // namespace dangjian
