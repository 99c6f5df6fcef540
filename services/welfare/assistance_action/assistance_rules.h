#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "dangjian/welfare/v1/assistance_action.pb.h"
#include "dangjian/welfare/v1/assistance_pairing.pb.h"

// Assistance actions: what a member gives the household that he or she is paired with. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kMemberNotInPairing{"MEMBER_NOT_IN_PAIRING", absl::StatusCode::kFailedPrecondition,
                                            "该党员不是此结对的帮扶人"};
inline constexpr Reason kPairingNotActive{"PAIRING_NOT_ACTIVE", absl::StatusCode::kFailedPrecondition,
                                          "该日结对未生效(未开始、已暂停或已结束),请核对日期"};
inline constexpr Reason kAssistanceKindMismatch{"ASSISTANCE_KIND_MISMATCH", absl::StatusCode::kInvalidArgument,
                                                "帮扶方式与填写内容不符:现金填金额,实物填物品,服务填时长"};
inline constexpr Reason kAssistanceAmountInvalid{"ASSISTANCE_AMOUNT_INVALID", absl::StatusCode::kInvalidArgument,
                                                 "金额、数量应大于零,服务时长应大于零且一次不超过二十四小时"};
}  // namespace reasons

namespace assistance_rules {

// ASSISTANCE_KIND_MISMATCH, ASSISTANCE_AMOUNT_INVALID, DATE_IN_FUTURE.
void CheckContent(const v1::AssistanceAction& action, Day today, Violations& violations);
// MEMBER_NOT_IN_PAIRING, PAIRING_NOT_ACTIVE.
absl::Status CheckPairing(const v1::AssistanceAction& action, const v1::AssistancePairing& pairing);
// What was given, in fen: the money, or what the goods are worth; 0 for service.
int64_t ValueFen(const v1::AssistanceAction& action);

}  // namespace assistance_rules
}  // namespace dangjian::welfare
