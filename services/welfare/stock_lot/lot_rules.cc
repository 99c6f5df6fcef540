#include "services/welfare/stock_lot/lot_rules.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/quantity.h"

namespace dangjian::welfare::lot_rules {
namespace {

// Decimals have at most 15 digits before the point.
constexpr int64_t kLargest = 999'999'999'999'999'999;

absl::Status InvalidAmount(const std::string& decimal) {
  return Error(reasons::kGoodsQuantityInvalid,
               absl::StrCat(decimal, " is no amount of stock: more than 0, at most ", kScale, " decimals"));
}

absl::Status TooLarge(const v1::StockLot& lot) {
  return Error(reasons::kGoodsQuantityInvalid, "the amounts of the lot become too large", {{"resource", lot.name()}});
}

// The entry of a day, made in its place when there is none.
v1::StockDay& DayOf(v1::StockLot& lot, Day day) {
  auto& days = *lot.mutable_days();
  int at = 0;
  while (at < days.size() && DayOr(days[at].occurred_on(), Day::Min()) < day) ++at;
  if (at < days.size() && DayOr(days[at].occurred_on(), Day::Min()) == day) return days[at];
  *days.Add()->mutable_occurred_on() = DayToProto(day);
  for (int i = days.size() - 1; i > at; --i) days.SwapElements(i, i - 1);
  return days[at];
}

bool Fits(const std::optional<int64_t>& amount) {
  return amount.has_value() && -kLargest <= *amount && *amount <= kLargest;
}

// Every closing is at most what a decimal holds. Before the newest booking it was, so the sums stay within 64 bits.
bool ClosingsFit(const v1::StockLot& lot) {
  int64_t closing = 0;
  for (const DayChange& change : Changes(lot)) {
    closing += change.net;
    if (closing > kLargest) return false;
  }
  return true;
}

bool IsEmpty(const v1::StockDay& day) {
  return AmountOf(day.issued()) == 0 && AmountOf(day.lost()) == 0 && AmountOf(day.count_difference()) == 0;
}

void DropEmptyDays(v1::StockLot& lot) {
  auto& days = *lot.mutable_days();
  days.erase(std::remove_if(days.begin(), days.end(), IsEmpty), days.end());
}

}  // namespace

absl::StatusOr<int64_t> ParseAmount(const std::string& decimal) {
  const absl::StatusOr<int64_t> amount = ParseDecimal(decimal, kScale);
  if (!amount.ok() || *amount <= 0) return InvalidAmount(decimal);
  return *amount;
}

int64_t AmountOf(const std::string& decimal) {
  const absl::StatusOr<int64_t> amount = ParseDecimal(decimal, kScale);
  return amount.ok() ? *amount : 0;
}

std::vector<DayChange> Changes(const v1::StockLot& lot) {
  std::vector<DayChange> changes = {{DayOr(lot.in_stock_on(), Day::Min()), AmountOf(lot.received())}};
  for (const v1::StockDay& day : lot.days()) {
    const Booking booked{AmountOf(day.issued()), AmountOf(day.lost()), AmountOf(day.count_difference())};
    changes.push_back({DayOr(day.occurred_on(), Day::Min()), booked.Net()});
  }
  return changes;
}

int64_t AvailableFrom(const v1::StockLot& lot, Day day) {
  if (day < DayOr(lot.in_stock_on(), Day::Max())) return 0;
  int64_t closing = 0;
  std::optional<int64_t> lowest;
  for (const DayChange& change : Changes(lot)) {
    // The closing before a later day is that of the days since the last change.
    if (change.day > day) lowest = std::min(lowest.value_or(closing), closing);
    closing += change.net;
  }
  return std::min(lowest.value_or(closing), closing);
}

bool IsExpired(const v1::StockLot& lot, Day day) {
  const bool perishable = lot.category() == v1::GOODS_CATEGORY_FOOD || lot.category() == v1::GOODS_CATEGORY_MEDICINE;
  return perishable && DayOr(lot.expires_on(), Day::Max()) < day;
}

bool IsUntouched(const v1::StockLot& lot) { return lot.days().empty(); }

absl::Status Book(v1::StockLot& lot, Day day, const Booking& booking) {
  if (day < DayOr(lot.in_stock_on(), Day::Max())) {
    return Error(dangjian::reasons::kStepsOutOfOrder, "the lot was not in stock yet", {{"resource", lot.name()}});
  }
  const std::optional<int64_t> left = CheckedAdd(AvailableFrom(lot, day), booking.Net());
  const std::optional<int64_t> on_hand = CheckedAdd(AmountOf(lot.on_hand()), booking.Net());
  if (!left.has_value() || !Fits(on_hand)) return TooLarge(lot);
  if (*left < 0) {
    return Error(reasons::kStockBelowZero, absl::StrCat("the lot would close below 0 on or after ", FormatDay(day)),
                 {{"resource", lot.name()}});
  }
  v1::StockDay& entry = DayOf(lot, day);
  const auto add = [](const std::string& decimal, int64_t amount) { return CheckedAdd(AmountOf(decimal), amount); };
  const std::optional<int64_t> issued = add(entry.issued(), booking.issued);
  const std::optional<int64_t> lost = add(entry.lost(), booking.lost);
  const std::optional<int64_t> counted = add(entry.count_difference(), booking.counted);
  if (!Fits(issued) || !Fits(lost) || !Fits(counted)) return TooLarge(lot);
  entry.set_issued(FormatDecimal(*issued, kScale));
  entry.set_lost(FormatDecimal(*lost, kScale));
  entry.set_count_difference(FormatDecimal(*counted, kScale));
  lot.set_on_hand(FormatDecimal(*on_hand, kScale));
  DropEmptyDays(lot);
  return ClosingsFit(lot) ? absl::OkStatus() : TooLarge(lot);
}

absl::Status Adjust(v1::StockLot& lot, v1::StockAdjustmentKind kind, const std::string& quantity, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  const absl::StatusOr<int64_t> amount = ParseDecimal(quantity, kScale);
  const bool loss = kind == v1::STOCK_ADJUSTMENT_KIND_LOSS;
  if (!amount.ok() || *amount == 0 || (loss && *amount < 0)) return InvalidAmount(quantity);
  RETURN_IF_ERROR(Book(lot, step.day, loss ? Booking{.lost = *amount} : Booking{.counted = *amount}));
  AddTransition(*lot.mutable_transitions(), absl::StrCat(loss ? "LOSS:" : "COUNT_DIFFERENCE:", quantity), step);
  return absl::OkStatus();
}

}  // namespace dangjian::welfare::lot_rules
