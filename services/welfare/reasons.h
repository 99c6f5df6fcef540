#pragma once

#include "common/status/reason.h"

// Reasons that several entities of the welfare service raise.

namespace dangjian::welfare::reasons {

inline constexpr Reason kApproverIsPreparer{"APPROVER_IS_PREPARER", absl::StatusCode::kFailedPrecondition,
                                            "经办人、复核人、审批人应为不同的人员"};

}  // namespace dangjian::welfare::reasons
