#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace dangjian {

// Resource name of the unit with a code: `square_metre` → `units/square-metre`. Ids have no underscores, codes no
// hyphens, so the mapping is one to one.
inline std::string UnitName(std::string_view code) {
  std::string name = "units/" + std::string(code);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

}  // namespace dangjian
