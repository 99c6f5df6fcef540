#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/activity/v1/civic_post.pb.h"
#include "dangjian/activity/v1/civic_post_claim.pb.h"

// The life of a claim of a civic post. A claim holds a place from the day of claiming through the day of release. Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kCivicPostFull{"CIVIC_POST_FULL", absl::StatusCode::kFailedPrecondition,
                                       "该公益岗位名额已满,请增加名额或待他人退出后再认领"};
inline constexpr Reason kCivicPostNotOpen{"CIVIC_POST_NOT_OPEN", absl::StatusCode::kFailedPrecondition,
                                          "该公益岗位当日未设立或已撤销,请核对日期"};
inline constexpr Reason kCivicPostClaimedTwice{"CIVIC_POST_CLAIMED_TWICE", absl::StatusCode::kFailedPrecondition,
                                               "此人已认领或待认领该公益岗位,请先办理退出"};
}  // namespace reasons

namespace claim_rules {

// The days on which the claim holds a place; nullopt when it never did. Without a release the end is Day::Max().
std::optional<DayRange> DaysHeld(const v1::CivicPostClaim& claim);
// The most places held on one day, looking at days from `from` on.
int MostHeld(const std::vector<v1::CivicPostClaim>& claims, Day from);

// Makes `claim` a new offer of `post`; `step` is dated offered_on. `others` are the claims of the same person to the
// same post. CIVIC_POST_NOT_OPEN, CIVIC_POST_CLAIMED_TWICE, DATE_IN_FUTURE.
absl::Status Offer(v1::CivicPostClaim& claim, const v1::CivicPost& post, const std::vector<v1::CivicPostClaim>& others,
                   const Step& step);
// `claims` are all claims of the post; the one that is claimed may be among them. CIVIC_POST_FULL, CIVIC_POST_NOT_OPEN.
absl::Status Claim(v1::CivicPostClaim& claim, const v1::CivicPost& post, const std::vector<v1::CivicPostClaim>& claims,
                   const Step& step);
absl::Status Start(v1::CivicPostClaim& claim, const Step& step);
absl::Status Release(v1::CivicPostClaim& claim, const Step& step);

}  // namespace claim_rules
}  // namespace dangjian::activity
