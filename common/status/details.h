#pragma once

#include <string_view>

namespace dangjian {

// Key of the one payload of an absl::Status that holds its google.rpc.Status, serialised, with all details.
inline constexpr std::string_view kDetailsUrl = "type.googleapis.com/google.rpc.Status";

}  // namespace dangjian
