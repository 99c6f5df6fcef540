#pragma once

#include <string_view>

namespace dangjian::auth {

// True for what may name a caller: up to 64 printable ASCII characters without blanks, because a subject goes into keys
// and logs.
inline bool IsSubject(std::string_view text) {
  if (text.size() > 64) return false;
  for (const char c : text) {
    if (c < 0x21 || c > 0x7E) return false;
  }
  return true;
}

}  // namespace dangjian::auth
