#pragma once

#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/assistance_pairing.pb.h"

// Assistance pairings: PROPOSED → ACTIVE ⇄ PAUSED → ENDED. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kDuplicatePairingMember{"DUPLICATE_PAIRING_MEMBER", absl::StatusCode::kInvalidArgument,
                                                "同一党员在此结对中重复出现"};
inline constexpr Reason kAlreadyPaired{"ALREADY_PAIRED", absl::StatusCode::kFailedPrecondition,
                                       "该党员与该户在此期间已有结对,请先结束原结对"};
inline constexpr Reason kPairingHasActions{"PAIRING_HAS_ACTIONS", absl::StatusCode::kFailedPrecondition,
                                           "该结对已有帮扶记录,不能删除;请改为结束结对"};
inline constexpr Reason kPairingHasLaterActions{"PAIRING_HAS_LATER_ACTIONS", absl::StatusCode::kFailedPrecondition,
                                                "该日之后已有帮扶记录,请核对日期,或先更正这些记录"};
}  // namespace reasons

namespace pairing_rules {

// Sets what a new record starts with.
void Initialize(v1::AssistancePairing& pairing);
// DUPLICATE_PAIRING_MEMBER, DATE_IN_FUTURE.
void CheckContent(const v1::AssistancePairing& pairing, Day today, Violations& violations);
// ILLEGAL_TRANSITION when an active or ended pairing changes in more than its plan.
absl::Status CheckChange(const v1::AssistancePairing& current, const v1::AssistancePairing& updated);
// ALREADY_PAIRED when `other`, of the same household, shares a member and an active day on or after `from`.
absl::Status CheckNotPaired(const v1::AssistancePairing& pairing, const v1::AssistancePairing& other, Day from);

absl::Status Activate(v1::AssistancePairing& pairing, const Step& step);
absl::Status Pause(v1::AssistancePairing& pairing, const Step& step);
absl::Status Resume(v1::AssistancePairing& pairing, const Step& step);
absl::Status End(v1::AssistancePairing& pairing, v1::PairingEndReason reason, const Step& step);

// The days on which it was active, ascending; the last range ends with Day::Max() while it is active.
std::vector<DayRange> ActiveDays(const v1::AssistancePairing& pairing);
bool IsActiveOn(const v1::AssistancePairing& pairing, Day day);

}  // namespace pairing_rules
}  // namespace dangjian::welfare
