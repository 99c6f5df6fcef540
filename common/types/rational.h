#pragma once

#include <cstdint>
#include <optional>
#include <string>

// Exact fractions for money: computed with in between, rounded once at the end. No floating point.

namespace dangjian {

__extension__ typedef __int128 Int128;  // NOLINT(modernize-use-using): `using` cannot carry __extension__

// A fraction in lowest terms with a positive denominator, on 128-bit integers. Every operation is exact or says that it
// cannot be: nullopt on overflow and on division by zero, never a wrapped value. A value; immutable.
class Rational {
 public:
  constexpr Rational() = default;
  constexpr Rational(int64_t whole)
      : numerator_(whole) {}  // NOLINT(google-explicit-constructor): 5 is the fraction 5/1
  // `numerator` / `denominator`.
  static std::optional<Rational> Of(Int128 numerator, Int128 denominator);

  Int128 numerator() const { return numerator_; }
  Int128 denominator() const { return denominator_; }
  bool IsNegative() const { return numerator_ < 0; }
  bool IsZero() const { return numerator_ == 0; }

  static std::optional<Rational> Add(const Rational& a, const Rational& b);
  static std::optional<Rational> Sub(const Rational& a, const Rational& b);
  static std::optional<Rational> Mul(const Rational& a, const Rational& b);
  static std::optional<Rational> Div(const Rational& a, const Rational& b);
  // Negative, zero or positive as a <, =, > b. Never overflows.
  static int Compare(const Rational& a, const Rational& b);

  // The nearest integer, a half towards plus infinity: 2.5 → 3, -2.5 → -2. nullopt when it does not fit 64 bits.
  std::optional<int64_t> RoundHalfUp() const;

  // `5`, `-1/3`: for traces.
  std::string ToString() const;

  friend bool operator==(const Rational&, const Rational&) = default;

 private:
  Int128 numerator_ = 0;
  Int128 denominator_ = 1;
};

}  // namespace dangjian
