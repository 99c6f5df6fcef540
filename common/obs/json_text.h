#pragma once

#include <string>
#include <string_view>

namespace dangjian::obs {

// Appends `text` to `out` as a JSON string with its quotes. Any bytes are allowed: what is not UTF-8 becomes U+FFFD.
void AppendJsonText(std::string& out, std::string_view text);

// Length of the well-formed UTF-8 character at the start of `text` in bytes, 1 to 4; 0 when there is none.
size_t Utf8CharLength(std::string_view text);

}  // namespace dangjian::obs
