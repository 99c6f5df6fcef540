#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace dangjian {

// In which a caller reads what an error says.
enum class Language { kChinese, kEnglish };

// The language that a caller prefers, by the value of its metadata `accept-language` (RFC 9110 12.5.4, matched by RFC
// 4647 lookup). Chinese when it is empty, names neither language, or gives both the same weight without naming English
// first. What does not parse in it is left out.
Language PreferredLanguage(std::string_view accept_language);

// The error with its google.rpc.LocalizedMessage in that language.
absl::Status InLanguage(const absl::Status& error, Language language);

}  // namespace dangjian
