#pragma once

#include "common/status/reason.h"

// Reasons that several entities of the pledge service raise.

namespace dangjian::pledge::reasons {

inline constexpr Reason kDatesOutOfOrder{"DATES_OUT_OF_ORDER", absl::StatusCode::kInvalidArgument,
                                         "结束日期早于开始日期"};
inline constexpr Reason kMemberNotInOrganization{"MEMBER_NOT_IN_ORGANIZATION", absl::StatusCode::kFailedPrecondition,
                                                 "该党员当日的组织关系不在此组织"};
inline constexpr Reason kUnknownUnit{"UNKNOWN_UNIT", absl::StatusCode::kInvalidArgument, "计量单位不在单位表中"};

}  // namespace dangjian::pledge::reasons
