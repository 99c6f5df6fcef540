#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"

// When money may be asked back: never automatically (law art. 48). Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kRecoveryWithoutHearing{"RECOVERY_WITHOUT_HEARING", absl::StatusCode::kFailedPrecondition,
                                                "追缴决定前应有听取意见的记录,听取意见日期应早于决定日期"};
inline constexpr Reason kRecoveryNoticeTooEarly{"RECOVERY_NOTICE_TOO_EARLY", absl::StatusCode::kFailedPrecondition,
                                                "追缴书面告知日期不能早于决定日期"};
inline constexpr Reason kEvidenceOfOtherMonth{"EVIDENCE_OF_OTHER_MONTH", absl::StatusCode::kFailedPrecondition,
                                              "追缴证据应为多领当月的证据,不得按月平均"};
inline constexpr Reason kRecoveryExceedsOverpayment{
    "RECOVERY_EXCEEDS_OVERPAYMENT", absl::StatusCode::kFailedPrecondition, "追缴金额超过该月多发的金额"};
inline constexpr Reason kRecoveryExceedsCap{"RECOVERY_EXCEEDS_CAP", absl::StatusCode::kFailedPrecondition,
                                            "当月各追缴批次对该家庭的追缴金额超过决定规定的月上限"};
inline constexpr Reason kCaseOfOtherOrganization{"CASE_OF_OTHER_ORGANIZATION", absl::StatusCode::kFailedPrecondition,
                                                 "该低保案件不属于批次所属组织,请在其所属组织的批次中追缴"};
}  // namespace reasons

namespace recovery_rules {

// The decision is complete and in order: hearing before decision, notice not before it, evidence of the overpaid month
// itself, nothing after `today`. RECOVERY_WITHOUT_HEARING, RECOVERY_NOTICE_TOO_EARLY, EVIDENCE_OF_OTHER_MONTH,
// DATE_IN_FUTURE.
absl::Status CheckDecision(const v1::AddRecoveryLineRequest& request, Day today);

// `overpaid_fen` is what the month was paid above its due, earlier recoveries taken off; `asked_fen` is what the
// recoveries of the batch's month ask of the family already. RECOVERY_EXCEEDS_OVERPAYMENT, RECOVERY_EXCEEDS_CAP.
absl::Status CheckAmount(const v1::AddRecoveryLineRequest& request, int64_t overpaid_fen, int64_t asked_fen);

}  // namespace recovery_rules
}  // namespace dangjian::welfare
