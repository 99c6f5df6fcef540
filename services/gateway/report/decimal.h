#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/numeric/int128.h"

// Exact arithmetic of figures: scaled integers and fractions of them, never floating point. Pure functions.

namespace dangjian::gateway {

// units / 10^scale. 295000 at scale 2 is 2950.00.
struct Decimal {
  absl::int128 units = 0;
  int32_t scale = 0;  // 0 to 6
  bool operator==(const Decimal&) const = default;
};

// Decimals of every percentage.
inline constexpr int32_t kPercentScale = 2;

// A plain decimal: `-12.50`. Keeps trailing zeros when `fixed`, else drops them and an empty fraction: `6060`.
std::string FormatDecimal(Decimal value, bool fixed);

// a - b. The scales must be equal.
Decimal Difference(Decimal a, Decimal b);

// A fraction numerator / denominator x factor, the denominator greater than 0.
struct Ratio {
  Decimal numerator;
  Decimal denominator;
  int32_t factor = 100;
};

// The fraction rounded once, half away from zero, to kPercentScale decimals.
Decimal Percent(const Ratio& ratio);

// Exact comparison of a and b; both have the same scales and factor.
bool LessThan(const Ratio& a, const Ratio& b);

// change / previous x 100, rounded like Percent; nullopt when `previous` is 0. For a negative `previous` the sign tells
// the direction of the change. The scales must be equal.
std::optional<Decimal> ChangePercent(Decimal change, Decimal previous);

}  // namespace dangjian::gateway
