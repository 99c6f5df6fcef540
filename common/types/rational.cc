#include "common/types/rational.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace dangjian {
namespace {

__extension__ typedef unsigned __int128 Uint128;  // NOLINT(modernize-use-using)

constexpr Int128 kMax = static_cast<Int128>(~Uint128{0} >> 1);
constexpr Int128 kMin = -kMax - 1;

Uint128 Magnitude(Int128 value) {
  return value < 0 ? Uint128{0} - static_cast<Uint128>(value) : static_cast<Uint128>(value);
}

Uint128 Gcd(Uint128 a, Uint128 b) {
  constexpr Uint128 kSmall = std::numeric_limits<uint64_t>::max();
  while (b != 0) {
    // Amounts nearly always fit 64 bits, where division is many times faster.
    if (a <= kSmall && b <= kSmall) return std::gcd(static_cast<uint64_t>(a), static_cast<uint64_t>(b));
    const Uint128 rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

std::optional<Int128> Multiply(Int128 a, Int128 b) {
  Int128 product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

// The largest integer not above the fraction; `denominator` is positive.
Int128 Floor(Int128 numerator, Int128 denominator) {
  const Int128 quotient = numerator / denominator;
  return numerator % denominator < 0 ? quotient - 1 : quotient;
}

void AppendDecimal(Uint128 value, std::string& text) {
  const size_t start = text.size();
  do {
    text.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  std::reverse(text.begin() + static_cast<std::ptrdiff_t>(start), text.end());
}

}  // namespace

std::optional<Rational> Rational::Of(Int128 numerator, Int128 denominator) {
  if (denominator == 0 || numerator == kMin || denominator == kMin) return std::nullopt;
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  const Int128 divisor = static_cast<Int128>(Gcd(Magnitude(numerator), Magnitude(denominator)));
  Rational result;
  result.numerator_ = numerator / divisor;
  result.denominator_ = denominator / divisor;
  return result;
}

std::optional<Rational> Rational::Add(const Rational& a, const Rational& b) {
  // Over the least common denominator: smaller intermediate values than the product of the two.
  const Int128 common = static_cast<Int128>(Gcd(Magnitude(a.denominator_), Magnitude(b.denominator_)));
  const std::optional<Int128> left = Multiply(a.numerator_, b.denominator_ / common);
  const std::optional<Int128> right = Multiply(b.numerator_, a.denominator_ / common);
  const std::optional<Int128> denominator = Multiply(a.denominator_ / common, b.denominator_);
  if (!left || !right || !denominator) return std::nullopt;
  Int128 sum = 0;
  if (__builtin_add_overflow(*left, *right, &sum)) return std::nullopt;
  return Of(sum, *denominator);
}

std::optional<Rational> Rational::Sub(const Rational& a, const Rational& b) {
  Rational negated = b;
  negated.numerator_ = -negated.numerator_;  // Of() keeps the one value out that has no opposite
  return Add(a, negated);
}

std::optional<Rational> Rational::Mul(const Rational& a, const Rational& b) {
  // Crosswise reduced first: the product is then in lowest terms and overflows only when the result does not fit.
  const Int128 first = static_cast<Int128>(Gcd(Magnitude(a.numerator_), Magnitude(b.denominator_)));
  const Int128 second = static_cast<Int128>(Gcd(Magnitude(b.numerator_), Magnitude(a.denominator_)));
  const std::optional<Int128> numerator = Multiply(a.numerator_ / first, b.numerator_ / second);
  const std::optional<Int128> denominator = Multiply(a.denominator_ / second, b.denominator_ / first);
  if (!numerator || !denominator) return std::nullopt;
  return Of(*numerator, *denominator);
}

std::optional<Rational> Rational::Div(const Rational& a, const Rational& b) {
  const std::optional<Rational> inverse = Of(b.denominator_, b.numerator_);
  if (!inverse) return std::nullopt;
  return Mul(a, *inverse);
}

int Rational::Compare(const Rational& a, const Rational& b) {
  // By continued fractions: whole parts first, then the inverses of what is left. Nothing grows, so nothing overflows.
  Int128 an = a.numerator_;
  Int128 ad = a.denominator_;
  Int128 bn = b.numerator_;
  Int128 bd = b.denominator_;
  for (int sign = 1;; sign = -sign) {
    const Int128 a_whole = Floor(an, ad);
    const Int128 b_whole = Floor(bn, bd);
    if (a_whole != b_whole) return a_whole < b_whole ? -sign : sign;
    const Int128 a_rest = an - a_whole * ad;
    const Int128 b_rest = bn - b_whole * bd;
    if (a_rest == 0 || b_rest == 0) {
      if (a_rest == b_rest) return 0;
      return a_rest == 0 ? -sign : sign;
    }
    an = ad;
    ad = a_rest;
    bn = bd;
    bd = b_rest;
  }
}

std::optional<int64_t> Rational::RoundHalfUp() const {
  Int128 rounded = Floor(numerator_, denominator_);
  const Int128 rest = numerator_ - rounded * denominator_;
  if (rest >= denominator_ - rest) ++rounded;
  if (rounded < std::numeric_limits<int64_t>::min() || rounded > std::numeric_limits<int64_t>::max()) {
    return std::nullopt;
  }
  return static_cast<int64_t>(rounded);
}

std::string Rational::ToString() const {
  std::string text = numerator_ < 0 ? "-" : "";
  AppendDecimal(Magnitude(numerator_), text);
  if (denominator_ == 1) return text;
  text.push_back('/');
  AppendDecimal(Magnitude(denominator_), text);
  return text;
}

}  // namespace dangjian
