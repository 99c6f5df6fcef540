#pragma once

#include <string>

#include "absl/status/status.h"

namespace dangjian::ctl {

// What a person reads of a failed call: the Chinese message, the reason and the English message, then one line for each
// bad field.
std::string ErrorText(const absl::Status& status);

}  // namespace dangjian::ctl
