#pragma once

#include "absl/status/statusor.h"
#include "common/status/reason.h"
#include "dangjian/registry/v1/dues.pb.h"

// Membership dues. Pure: no storage, no gRPC.

namespace dangjian::registry {

namespace reasons {
inline constexpr Reason kDuesBaseMissing{"DUES_BASE_MISSING", absl::StatusCode::kInvalidArgument,
                                         "在职和离退休党员应填写党费交纳基数(分)"};
}  // namespace reasons

// The dues of a month by 中组发〔2008〕3号. The rate of the band into which the base falls holds for the whole base,
// not for the part above the band's floor. DUES_BASE_MISSING.
absl::StatusOr<v1::ComputeMembershipDuesResponse> MembershipDues(const v1::ComputeMembershipDuesRequest& request);

}  // namespace dangjian::registry
