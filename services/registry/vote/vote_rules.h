#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/status/reason.h"
#include "dangjian/registry/v1/vote.pb.h"

// The majorities of an assembly of members. Pure: no storage, no gRPC.

namespace dangjian::registry {

namespace reasons {
inline constexpr Reason kWithoutVoteExceedsFull{"WITHOUT_VOTE_EXCEEDS_FULL", absl::StatusCode::kInvalidArgument,
                                                "无表决权的人数多于正式党员数,请核对"};
inline constexpr Reason kPresentExceedsVoters{"PRESENT_EXCEEDS_VOTERS", absl::StatusCode::kInvalidArgument,
                                              "到会人数多于应到会有表决权的人数,请核对"};
inline constexpr Reason kYesExceedsPresent{"YES_EXCEEDS_PRESENT", absl::StatusCode::kInvalidArgument,
                                           "赞成票多于到会人数,请核对"};
}  // namespace reasons

// The answer for `full_members` of the register. All violations at once: WITHOUT_VOTE_EXCEEDS_FULL,
// PRESENT_EXCEEDS_VOTERS, YES_EXCEEDS_PRESENT.
absl::StatusOr<v1::ComputeVoteThresholdsResponse> VoteThresholds(const v1::ComputeVoteThresholdsRequest& request,
                                                                 int64_t full_members);

}  // namespace dangjian::registry
