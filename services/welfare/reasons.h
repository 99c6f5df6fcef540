#pragma once

#include "common/status/reason.h"

// Reasons that several entities of the welfare service give.

namespace dangjian::welfare::reasons {

inline constexpr Reason kApproverIsPreparer{"APPROVER_IS_PREPARER", absl::StatusCode::kFailedPrecondition,
                                            "经办人、复核人、审批人应为不同的人员"};
inline constexpr Reason kAmountOverflow{"AMOUNT_OVERFLOW", absl::StatusCode::kOutOfRange,
                                        "金额超出可计算范围,请核对单位是否为分"};
inline constexpr Reason kNothingToRecalculate{"NOTHING_TO_RECALCULATE", absl::StatusCode::kFailedPrecondition,
                                              "按现行标准核算,金额没有变化"};

}  // namespace dangjian::welfare::reasons
