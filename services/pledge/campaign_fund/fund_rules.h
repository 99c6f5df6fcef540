#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/pledge/v1/campaign_fund.pb.h"

// Campaign funds, in fen. Pure.

namespace dangjian::pledge {

namespace reasons {
inline constexpr Reason kAmountMismatch{"AMOUNT_MISMATCH", absl::StatusCode::kInvalidArgument,
                                        "金额应等于人数乘以标准"};
inline constexpr Reason kDuplicateAllotment{"DUPLICATE_ALLOTMENT", absl::StatusCode::kInvalidArgument,
                                            "同一组织重复分配"};
inline constexpr Reason kUnknownAllotment{"UNKNOWN_ALLOTMENT", absl::StatusCode::kInvalidArgument,
                                          "该组织不在此经费的分配范围内"};
inline constexpr Reason kUnknownTransfer{"UNKNOWN_TRANSFER", absl::StatusCode::kInvalidArgument, "没有此拨付记录"};
inline constexpr Reason kDuplicateTransfer{"DUPLICATE_TRANSFER", absl::StatusCode::kInvalidArgument, "拨付编号重复"};
inline constexpr Reason kTransferAlreadyReversed{"TRANSFER_ALREADY_REVERSED", absl::StatusCode::kFailedPrecondition,
                                                 "该拨付已冲销"};
}  // namespace reasons

namespace fund_rules {

// Sets what a new record starts with.
void Initialize(v1::CampaignFund& fund);
// Computes headcount × rate for each allotment and their sum; an amount that came along must be that.
// AMOUNT_MISMATCH, DUPLICATE_ALLOTMENT.
void ComputeAmounts(v1::CampaignFund& fund, Violations& violations);
absl::Status CheckEditable(const v1::CampaignFund& fund);

// Not before the day on which heads were counted.
absl::Status Allot(v1::CampaignFund& fund, const Step& step);
absl::Status AddTransfer(v1::CampaignFund& fund, const v1::FundTransfer& transfer, const Step& step);
absl::Status ReverseTransfer(v1::CampaignFund& fund, std::string_view transfer_id, const Step& step);

}  // namespace fund_rules
}  // namespace dangjian::pledge
