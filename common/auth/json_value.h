#pragma once

#include <jansson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// Private to common/auth: strict reading of the JSON of tokens and keys.

namespace dangjian::auth {

struct ReleaseJson {
  void operator()(json_t* value) const { json_decref(value); }
};
using Json = std::unique_ptr<json_t, ReleaseJson>;

// The object in `text`; nullptr when it is none, names a member twice, or has something behind it. A name that stands
// twice reads differently in different programs, which is how tokens are smuggled past one of them.
inline Json ParseObject(std::string_view text) {
  json_error_t error;
  Json value(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, &error));
  if (!json_is_object(value.get())) return nullptr;
  return value;
}

// A member that is text; nullopt when it is absent or something else.
inline std::optional<std::string> TextMember(const json_t* object, const char* name) {
  const json_t* value = json_object_get(object, name);
  if (!json_is_string(value)) return std::nullopt;
  return std::string(json_string_value(value), json_string_length(value));
}

// A member that is a whole number.
inline std::optional<int64_t> IntegerMember(const json_t* object, const char* name) {
  const json_t* value = json_object_get(object, name);
  if (!json_is_integer(value)) return std::nullopt;
  return json_integer_value(value);
}

inline bool HasMember(const json_t* object, const char* name) { return json_object_get(object, name) != nullptr; }

}  // namespace dangjian::auth
