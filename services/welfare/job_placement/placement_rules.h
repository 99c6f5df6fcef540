#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/job_placement.pb.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"

// Placements, their evidence and their follow-ups. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kPlacementEvidenceRequired{"PLACEMENT_EVIDENCE_REQUIRED", absl::StatusCode::kInvalidArgument,
                                                   "安置就业须有劳动合同、社保缴费或营业执照及其编号,请补充凭证"};
inline constexpr Reason kUnknownFollowUp{"UNKNOWN_FOLLOW_UP", absl::StatusCode::kInvalidArgument,
                                         "回访只在就业满一、三、六个月时进行,请核对月数"};
inline constexpr Reason kFollowUpNotDue{"FOLLOW_UP_NOT_DUE", absl::StatusCode::kFailedPrecondition,
                                        "尚未到该次回访的日期"};
inline constexpr Reason kFollowUpAlreadyRecorded{"FOLLOW_UP_ALREADY_RECORDED", absl::StatusCode::kFailedPrecondition,
                                                 "该次回访已有结果,不能重复登记"};
}  // namespace reasons

namespace placement_rules {

// When placements are followed up, in months after the first day of work.
inline constexpr std::array<int32_t, 3> kFollowUpMonths = {1, 3, 6};

// PLACEMENT_EVIDENCE_REQUIRED, FIELD_REQUIRED (the employer of someone who is employed).
void CheckContent(const v1::JobPlacement& placement, Violations& violations);
// STANDING. DATE_IN_FUTURE.
absl::Status Start(v1::JobPlacement& placement, const Step& step);
// The state that a registration enters by the placement.
v1::UnemploymentState StateOf(v1::PlacementKind kind);
// Records one; the placement is FAILED when the person is not in work. UNKNOWN_FOLLOW_UP, FOLLOW_UP_NOT_DUE,
// FOLLOW_UP_ALREADY_RECORDED, ILLEGAL_TRANSITION, DATE_IN_FUTURE.
absl::Status FollowUp(v1::JobPlacement& placement, int32_t months, v1::FollowUpResult result, const Step& step);
// The day from which a follow-up is due.
Day DueOn(const v1::JobPlacement& placement, int32_t months);

}  // namespace placement_rules
}  // namespace dangjian::welfare
