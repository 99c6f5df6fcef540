#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

// Decimal numbers as scaled integers: 295000 at scale 2 stands for 2950.00. No floating point, no silent rounding.

namespace dangjian {

// The largest scale, in decimal places.
inline constexpr int32_t kMaxScale = 6;

// `12.5` at scale 2 → 1250. Accepts an optional minus, 1 to 15 digits and, after a point, 1 to 6 decimals.
// INVALID_ARGUMENT when the text has another form or more decimals (trailing zeros aside) than the scale keeps;
// OUT_OF_RANGE when the result does not fit 64 bits.
absl::StatusOr<int64_t> ParseDecimal(std::string_view text, int32_t scale);

// 1250 at scale 2 → `12.50`; scale 0 has no point. `scale` is 0 to kMaxScale.
std::string FormatDecimal(int64_t value, int32_t scale);

// nullopt on overflow.
std::optional<int64_t> CheckedAdd(int64_t a, int64_t b);
std::optional<int64_t> CheckedMultiply(int64_t a, int64_t b);

// `value` expressed at another scale; nullopt on overflow or when decimals would be lost.
std::optional<int64_t> Rescale(int64_t value, int32_t from_scale, int32_t to_scale);

}  // namespace dangjian
