#pragma once

#include <string_view>

namespace dangjian {

// `PLEDGE_STATE_DRAFT` → `DRAFT`: an enum value's name without the prefix of its enum.
inline std::string_view StripPrefix(std::string_view value_name, std::string_view prefix) {
  if (value_name.starts_with(prefix)) value_name.remove_prefix(prefix.size());
  return value_name;
}

}  // namespace dangjian
