#pragma once

#include "absl/status/status.h"
#include "common/status/reason.h"

// What every part of the suite that adds amounts refuses in the same words.

namespace dangjian::reasons {

inline constexpr Reason kAmountOutOfRange{"AMOUNT_OUT_OF_RANGE", absl::StatusCode::kOutOfRange,
                                          "数量或金额过大,请核对单位"};
inline constexpr Reason kUnlikeUnits{"UNLIKE_UNITS", absl::StatusCode::kInvalidArgument,
                                     "不同计量单位的数量不能相加,请按单位分开"};

}  // namespace dangjian::reasons
