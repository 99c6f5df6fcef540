#pragma once

#include <string_view>

namespace dangjian::server {

// The version of the suite, e.g. `0.1.0`.
std::string_view Version();

}  // namespace dangjian::server
