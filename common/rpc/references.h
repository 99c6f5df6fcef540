#pragma once

#include <string_view>

namespace dangjian::rpc {

// `members/m-17` → `members`; empty when the name has no slash.
inline std::string_view CollectionOf(std::string_view name) {
  const size_t slash = name.find('/');
  return slash == std::string_view::npos ? std::string_view() : name.substr(0, slash);
}

}  // namespace dangjian::rpc
