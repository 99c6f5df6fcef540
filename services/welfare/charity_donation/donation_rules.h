#pragma once

#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/donation_receipt.pb.h"
#include "dangjian/welfare/v1/stock_lot.pb.h"

// Donations to a charity store: RECEIVED → ACCEPTED | REJECTED. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kDonorUnclear{"DONOR_UNCLEAR", absl::StatusCode::kInvalidArgument,
                                      "请填写捐赠人;不知姓名的注明匿名"};
inline constexpr Reason kDonationEmpty{"DONATION_EMPTY", absl::StatusCode::kInvalidArgument,
                                       "捐赠应有现金或至少一项物品"};
inline constexpr Reason kExpiryRequired{"EXPIRY_REQUIRED", absl::StatusCode::kInvalidArgument,
                                        "食品、药品须填写有效期"};
inline constexpr Reason kValuationMethodRequired{"VALUATION_METHOD_REQUIRED", absl::StatusCode::kInvalidArgument,
                                                 "填写公允价值时须说明估价方法"};
}  // namespace reasons

namespace donation_rules {

// Sets what a new record starts with.
void Initialize(v1::DonationReceipt& donation);
// DONOR_UNCLEAR, DONATION_EMPTY, GOODS_QUANTITY_INVALID, EXPIRY_REQUIRED, VALUATION_METHOD_REQUIRED, DATE_IN_FUTURE.
void CheckContent(const v1::DonationReceipt& donation, Day today, Violations& violations);
// ILLEGAL_TRANSITION once it is decided.
absl::Status CheckEditable(const v1::DonationReceipt& donation);
// ILLEGAL_TRANSITION while it is accepted.
absl::Status CheckDeletable(const v1::DonationReceipt& donation);

// Accepts and names the lots. ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER (before it came in).
absl::Status Accept(v1::DonationReceipt& donation, const Step& step);
absl::Status Reject(v1::DonationReceipt& donation, const Step& step);
// Takes the decision back. ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER (before the decision).
absl::Status Reopen(v1::DonationReceipt& donation, const Step& step);
// One lot for each line of goods of an accepted donation, in stock since the day of the decision.
std::vector<v1::StockLot> LotsOf(const v1::DonationReceipt& donation);

}  // namespace donation_rules
}  // namespace dangjian::welfare
