#pragma once

#include "common/status/reason.h"

// Reasons that several entities of the registry raise.

namespace dangjian::registry::reasons {

inline constexpr Reason kEndBeforeStart{"END_BEFORE_START", absl::StatusCode::kInvalidArgument, "结束日期早于开始日期"};
inline constexpr Reason kOverlappingTags{"OVERLAPPING_TAGS", absl::StatusCode::kInvalidArgument,
                                         "同一标签的起止日期不能重叠,请先结束前一条"};
inline constexpr Reason kMergeIntoSelf{"MERGE_INTO_SELF", absl::StatusCode::kInvalidArgument,
                                       "不能并入自身,请填写要保留的另一条记录"};
inline constexpr Reason kMergeTargetMerged{"MERGE_TARGET_MERGED", absl::StatusCode::kFailedPrecondition,
                                           "要保留的记录本身已并入其他记录,请改为并入最终保留的记录"};
inline constexpr Reason kMergeMemberDiffers{"MERGE_MEMBER_DIFFERS", absl::StatusCode::kFailedPrecondition,
                                            "重复记录已关联党员,请先将保留的居民记录关联到同一党员"};
inline constexpr Reason kRecordMerged{"RECORD_MERGED", absl::StatusCode::kFailedPrecondition,
                                      "该记录已作为重复记录并入另一条,请修改保留的记录,或先撤销合并"};

}  // namespace dangjian::registry::reasons
