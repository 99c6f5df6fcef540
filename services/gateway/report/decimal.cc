#include "services/gateway/report/decimal.h"

#include "absl/strings/str_cat.h"

namespace dangjian::gateway {
namespace {

absl::int128 PowerOfTen(int32_t exponent) {
  absl::int128 power = 1;
  for (int32_t i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// Half away from zero; the divisor is greater than 0.
absl::int128 DivideRounded(absl::int128 dividend, absl::int128 divisor) {
  const absl::int128 magnitude = dividend < 0 ? -dividend : dividend;
  const absl::int128 rounded = (magnitude * 2 + divisor) / (divisor * 2);
  return dividend < 0 ? -rounded : rounded;
}

std::string Digits(absl::int128 value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value > 0);
  return digits;
}

}  // namespace

std::string FormatDecimal(Decimal value, bool fixed) {
  const absl::int128 magnitude = value.units < 0 ? -value.units : value.units;
  const absl::int128 one = PowerOfTen(value.scale);
  std::string fraction = Digits(magnitude % one + one).substr(1);
  while (!fixed && !fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return absl::StrCat(value.units < 0 ? "-" : "", Digits(magnitude / one), fraction.empty() ? "" : ".", fraction);
}

Decimal Difference(Decimal a, Decimal b) { return {a.units - b.units, a.scale}; }

Decimal Percent(const Ratio& ratio) {
  const absl::int128 dividend =
      ratio.numerator.units * PowerOfTen(ratio.denominator.scale) * ratio.factor * PowerOfTen(kPercentScale);
  const absl::int128 divisor = ratio.denominator.units * PowerOfTen(ratio.numerator.scale);
  return {DivideRounded(dividend, divisor), kPercentScale};
}

bool LessThan(const Ratio& a, const Ratio& b) {
  return a.numerator.units * b.denominator.units < b.numerator.units * a.denominator.units;
}

std::optional<Decimal> ChangePercent(Decimal change, Decimal previous) {
  if (previous.units == 0) return std::nullopt;
  const absl::int128 base = previous.units < 0 ? -previous.units : previous.units;
  return Percent({.numerator = change, .denominator = {base, previous.scale}, .factor = 100});
}

}  // namespace dangjian::gateway
