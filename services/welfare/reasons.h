#pragma once

#include "common/status/reason.h"

// Reasons that several entities of the welfare service give.

namespace dangjian::welfare::reasons {

inline constexpr Reason kApproverIsPreparer{"APPROVER_IS_PREPARER", absl::StatusCode::kFailedPrecondition,
                                            "审批人不能是经办人,请由另一人审批"};
inline constexpr Reason kAmountOverflow{"AMOUNT_OVERFLOW", absl::StatusCode::kOutOfRange,
                                        "金额超出可计算范围,请核对单位是否为分"};

}  // namespace dangjian::welfare::reasons
