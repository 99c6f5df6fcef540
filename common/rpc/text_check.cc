#include "common/rpc/text_check.h"

namespace dangjian::rpc {
namespace {

bool IsAllowed(uint32_t c, bool multiline) {
  if (c < 0x20) return multiline && (c == '\n' || c == '\r' || c == '\t');
  if (c >= 0x7F && c <= 0x9F) return false;
  if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) return false;
  return c != 0xFFFE && c != 0xFFFF;
}

// Takes one character of two to four bytes from the front; nullopt when the bytes are no shortest-form UTF-8.
std::optional<uint32_t> TakeWide(std::string_view& text) {
  const auto byte = [&text](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return std::nullopt;
  uint32_t c = lead & (0xFFU >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
    c = (c << 6) | (byte(i) & 0x3FU);
  }
  const bool too_long = (size == 3 && c < 0x800) || (size == 4 && c < 0x10000);
  if (too_long || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return std::nullopt;
  text.remove_prefix(size);
  return c;
}

}  // namespace

std::optional<int64_t> CountCharacters(std::string_view text, bool multiline) {
  int64_t count = 0;
  while (!text.empty()) {
    uint32_t c = static_cast<unsigned char>(text.front());
    if (c < 0x80) {
      text.remove_prefix(1);
    } else if (const std::optional<uint32_t> wide = TakeWide(text); wide.has_value()) {
      c = *wide;
    } else {
      return std::nullopt;
    }
    if (!IsAllowed(c, multiline)) return std::nullopt;
    ++count;
  }
  return count;
}

}  // namespace dangjian::rpc
