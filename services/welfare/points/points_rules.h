#pragma once

#include <cstdint>
#include <vector>

#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "dangjian/welfare/v1/points_entry.pb.h"

// Points of a charity store: an append-only ledger beside the stock, without any way to pay points out. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kPointsKindNotAllowed{"POINTS_KIND_NOT_ALLOWED", absl::StatusCode::kInvalidArgument,
                                              "积分只能登记获得或更正;兑换由发放单记账,积分不能兑现"};
inline constexpr Reason kPointsAmountInvalid{"POINTS_AMOUNT_INVALID", absl::StatusCode::kInvalidArgument,
                                             "获得的积分应大于零,更正不能为零"};
inline constexpr Reason kPointsBelowZero{"POINTS_BELOW_ZERO", absl::StatusCode::kFailedPrecondition,
                                         "积分余额不足,当日或之后余额将为负"};
}  // namespace reasons

namespace points_rules {

// Of an entry that a caller adds: POINTS_KIND_NOT_ALLOWED, POINTS_AMOUNT_INVALID, DATE_IN_FUTURE.
void CheckEntry(const v1::PointsEntry& entry, Day today, Violations& violations);

// What one entry moves.
struct Movement {
  Day day;
  int64_t points;
};
// The lowest balance at the end of `day` or of any day after it. `movements` ascend by day.
int64_t LowestBalanceFrom(const std::vector<Movement>& movements, Day day);

}  // namespace points_rules
}  // namespace dangjian::welfare
