#pragma once

#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/activity/v1/civic_post.pb.h"
#include "dangjian/activity/v1/civic_post_claim.pb.h"

// Civic posts (公益岗位) and what their claims demand of them. Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kCivicPostHeld{"CIVIC_POST_HELD", absl::StatusCode::kFailedPrecondition,
                                       "尚有人在岗或待认领,请先办理退出再撤销岗位"};
inline constexpr Reason kCivicPostHasClaims{"CIVIC_POST_HAS_CLAIMS", absl::StatusCode::kFailedPrecondition,
                                            "该公益岗位有认领记录,不能删除,请改为撤销"};
}  // namespace reasons

namespace post_rules {

// Sets what a new record starts with.
void Initialize(v1::CivicPost& post);
// DATE_IN_FUTURE.
void CheckContent(const v1::CivicPost& post, Day today, Violations& violations);
// `claims` are all claims of the post. ILLEGAL_TRANSITION when it is closed; CIVIC_POST_NOT_OPEN when it would be set
// up after the first offer; CIVIC_POST_FULL when the places would not do for those who hold one from today on.
absl::Status CheckChange(const v1::CivicPost& updated, const std::vector<v1::CivicPostClaim>& claims, Day today);
// CIVIC_POST_HELD while a claim is not released.
absl::Status Close(v1::CivicPost& post, const std::vector<v1::CivicPostClaim>& claims, const Step& step);

}  // namespace post_rules
}  // namespace dangjian::activity
