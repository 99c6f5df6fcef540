#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/registry/v1/transfer.pb.h"

// The rules of transfers of the organisational relation. Pure: no storage, no gRPC.

namespace dangjian::registry {

namespace reasons {
inline constexpr Reason kTransferAlreadyOpen{"TRANSFER_ALREADY_OPEN", absl::StatusCode::kFailedPrecondition,
                                             "该党员已有正在办理的组织关系转接"};
inline constexpr Reason kTransferToSelf{"TRANSFER_TO_SELF", absl::StatusCode::kInvalidArgument,
                                        "转入组织与党员现在的组织相同"};
inline constexpr Reason kLetterTooLong{"LETTER_TOO_LONG", absl::StatusCode::kInvalidArgument,
                                       "介绍信有效期应在开具日之后、最长九十天"};
inline constexpr Reason kLetterExpired{"LETTER_EXPIRED", absl::StatusCode::kFailedPrecondition,
                                       "介绍信已过有效期,请由转出组织重新开具"};
inline constexpr Reason kLetterStillValid{"LETTER_STILL_VALID", absl::StatusCode::kFailedPrecondition,
                                          "介绍信仍在有效期内"};
}  // namespace reasons

// The longest validity of a letter, in days after its issue.
inline constexpr int32_t kLongestLetterDays = 90;

// `ISSUED`: as transitions have it.
std::string ShortName(v1::MemberTransferState state);
// True for REQUESTED and ISSUED.
bool IsOpen(v1::MemberTransferState state);

// Completes a new transfer out of `from_organization`; `step.day` is requested_on. TRANSFER_TO_SELF,
// DATE_IN_FUTURE.
absl::Status Request(v1::MemberTransfer& created, const std::string& from_organization, const Step& step);

// The steps of a transfer. ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
// `valid_until` unset: the longest validity. LETTER_TOO_LONG.
absl::Status Issue(v1::MemberTransfer& transfer, std::optional<Day> valid_until, const Step& step);
// LETTER_EXPIRED. The caller changes the member's relation in the same transaction.
absl::Status Receive(v1::MemberTransfer& transfer, const Step& step);
absl::Status Reject(v1::MemberTransfer& transfer, const Step& step);
// LETTER_STILL_VALID.
absl::Status Expire(v1::MemberTransfer& transfer, const Step& step);

}  // namespace dangjian::registry
