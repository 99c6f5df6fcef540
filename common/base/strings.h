#pragma once

#include <string_view>

#include "absl/strings/string_view.h"

namespace dangjian {

// Debian builds Abseil with a string_view of its own, which std::string_view does not convert to. For Abseil's functions that
// take text: StrCat, StrSplit, SimpleAtoi, StartsWith, status messages.
inline absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view ToStd(absl::string_view text) { return {text.data(), text.size()}; }

}  // namespace dangjian
