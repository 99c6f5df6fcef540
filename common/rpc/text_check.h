#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dangjian::rpc {

// The number of characters (Unicode code points) of a text that may be stored; nullopt when it is not UTF-8 or holds a
// control character, U+FFFE, U+FFFF or an override of writing direction (U+202A to U+202E, U+2066 to U+2069), which
// make a text look like another. `multiline` allows line breaks and tabs.
std::optional<int64_t> CountCharacters(std::string_view text, bool multiline);

}  // namespace dangjian::rpc
