#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace dangjian::gateway {

// An error of a call to a service as callers get it. A failure of the connection itself has no reason, and its text
// names addresses: it becomes BACKEND_UNAVAILABLE or DEADLINE_EXCEEDED with the service's name. What the service said
// stays as it is.
absl::Status NameBackendError(const absl::Status& status, std::string_view service);

}  // namespace dangjian::gateway
