#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/status/reason.h"
#include "dangjian/welfare/v1/ledger_entry.pb.h"

// Double entry. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kLedgerNotBalanced{"LEDGER_NOT_BALANCED", absl::StatusCode::kInternal,
                                           "分录借贷不平,未予记账,请联系管理员"};
inline constexpr Reason kPaymentSumOverflow{"PAYMENT_SUM_OVERFLOW", absl::StatusCode::kOutOfRange,
                                            "金额合计超出可表示的范围,请核对金额"};
}  // namespace reasons

namespace ledger_rules {

// Fen by account, indexed by LedgerAccount.
using Balances = std::array<int64_t, v1::LedgerAccount_ARRAYSIZE>;

// Adds a posting unless it is zero.
void AddPosting(v1::LedgerEntry& entry, v1::LedgerAccount account, int64_t amount_fen);
// Every account once, no zero amounts, and a sum of zero: LEDGER_NOT_BALANCED, PAYMENT_SUM_OVERFLOW.
absl::Status CheckBalanced(const v1::LedgerEntry& entry);
// Adds the entry's postings to `balances`: PAYMENT_SUM_OVERFLOW.
absl::Status Accumulate(const v1::LedgerEntry& entry, Balances& balances);

}  // namespace ledger_rules
}  // namespace dangjian::welfare
