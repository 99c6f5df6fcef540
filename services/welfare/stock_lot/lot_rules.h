#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/stock_lot.pb.h"

// Stock lots of a charity store. For each lot and day: opening + in − out − loss ± count = closing ≥ 0. Amounts are
// thousandths of the lot's unit. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kGoodsQuantityInvalid{"GOODS_QUANTITY_INVALID", absl::StatusCode::kInvalidArgument,
                                              "物品数量应大于零、最多三位小数;盘点差异可为负但不能为零"};
inline constexpr Reason kStockBelowZero{"STOCK_BELOW_ZERO", absl::StatusCode::kFailedPrecondition,
                                        "该批次库存不足,当日或之后结存将为负,请核对数量和日期"};
inline constexpr Reason kStockLotInUse{"STOCK_LOT_IN_USE", absl::StatusCode::kFailedPrecondition,
                                       "该批次已有发放或调整记录,请先撤销"};
}  // namespace reasons

namespace lot_rules {

// Decimal places of every amount in stock.
inline constexpr int32_t kScale = 3;

// The thousandths of a decimal; GOODS_QUANTITY_INVALID when it has more decimals, does not fit, or is not more than 0.
absl::StatusOr<int64_t> ParseAmount(const std::string& decimal);
// The thousandths of a stored decimal; 0 when it is empty.
int64_t AmountOf(const std::string& decimal);

// What is booked on a lot on one day; less than 0 takes a booking back.
struct Booking {
  int64_t issued = 0;
  int64_t lost = 0;
  int64_t counted = 0;
  int64_t Net() const { return counted - issued - lost; }
};

// The change of stock on one day.
struct DayChange {
  Day day;
  int64_t net;
  bool operator==(const DayChange&) const = default;
};
// Ascending, beginning with what came in.
std::vector<DayChange> Changes(const v1::StockLot& lot);

// What may leave on `day` so that no closing from then on is below 0; 0 before the lot is in stock.
int64_t AvailableFrom(const v1::StockLot& lot, Day day);
// FOOD and MEDICINE after the last day of use.
bool IsExpired(const v1::StockLot& lot, Day day);
// True when nothing is booked on it.
bool IsUntouched(const v1::StockLot& lot);

// Books and fills on_hand. STOCK_BELOW_ZERO, STEPS_OUT_OF_ORDER (before the lot was in stock), GOODS_QUANTITY_INVALID
// (too large).
absl::Status Book(v1::StockLot& lot, Day day, const Booking& booking);
// A loss or the difference of a count. The errors of Book, DATE_IN_FUTURE.
absl::Status Adjust(v1::StockLot& lot, v1::StockAdjustmentKind kind, const std::string& quantity, const Step& step);

}  // namespace lot_rules
}  // namespace dangjian::welfare
