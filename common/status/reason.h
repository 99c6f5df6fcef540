#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace dangjian {

// Domain of every ErrorInfo of the suite.
inline constexpr std::string_view kErrorDomain = "dangjian";

// A named cause of refusal: what a program tests for. Declared as a constant where it is raised; the reason is
// UPPER_SNAKE_CASE, never reused for another meaning. docs/errors.md lists all of them.
struct Reason {
  std::string_view name;  // `RETURNED_EXCEEDS_ISSUED`
  absl::StatusCode code;  // canonical code of an error with this reason
  std::string_view zh;    // what a Chinese user reads, and what to do
};

}  // namespace dangjian
