#pragma once

#include "common/status/reason.h"

// Reasons that several entities of the registry raise.

namespace dangjian::registry::reasons {

inline constexpr Reason kEndBeforeStart{"END_BEFORE_START", absl::StatusCode::kInvalidArgument, "结束日期早于开始日期"};

}  // namespace dangjian::registry::reasons
