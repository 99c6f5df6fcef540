#include "common/types/rational.h"

#include <limits>
#include <random>

#include "gtest/gtest.h"

namespace dangjian {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
const Int128 kHuge = static_cast<Int128>(kMax) * kMax;  // about 2^126

Rational Of(Int128 numerator, Int128 denominator) {
  const std::optional<Rational> value = Rational::Of(numerator, denominator);
  EXPECT_TRUE(value.has_value());
  return value.value_or(Rational());
}

TEST(RationalTest, IsKeptInLowestTermsWithAPositiveDenominator) {
  EXPECT_EQ(Of(6, -4).ToString(), "-3/2");
  EXPECT_EQ(Of(-6, -4).ToString(), "3/2");
  EXPECT_EQ(Of(0, -7), Rational());
  EXPECT_EQ(Of(8, 4), Rational(2));
  EXPECT_FALSE(Rational::Of(1, 0).has_value());
}

TEST(RationalTest, AddsSubtractsMultipliesAndDividesExactly) {
  EXPECT_EQ(*Rational::Add(Of(1, 3), Of(1, 6)), Of(1, 2));
  EXPECT_EQ(*Rational::Sub(Of(1, 3), Of(1, 2)), Of(-1, 6));
  EXPECT_EQ(*Rational::Mul(Of(2, 3), Of(9, 4)), Of(3, 2));
  EXPECT_EQ(*Rational::Div(Of(2, 3), Of(-4, 9)), Of(-3, 2));
  EXPECT_FALSE(Rational::Div(Of(2, 3), Rational()).has_value());
}

TEST(RationalTest, OverflowIsRefusedAndNeverWrapped) {
  const Rational huge = Of(kHuge, 1);
  EXPECT_FALSE(Rational::Mul(huge, Rational(4)).has_value());
  EXPECT_FALSE(Rational::Add(*Rational::Add(huge, huge), huge).has_value());
  EXPECT_FALSE(Rational::Sub(*Rational::Sub(Rational(-2), huge), *Rational::Add(huge, huge)).has_value());
  EXPECT_FALSE(Rational::Mul(Of(1, kHuge), Of(1, 5)).has_value());
  // What fits is found even when a naive product would not: (h/3) × (3/h) = 1.
  EXPECT_EQ(*Rational::Mul(Of(kHuge, 2), Of(2, kHuge)), Rational(1));
}

TEST(RationalTest, ComparesWithoutOverflow) {
  EXPECT_LT(Rational::Compare(Of(1, 3), Of(1, 2)), 0);
  EXPECT_GT(Rational::Compare(Of(-1, 3), Of(-1, 2)), 0);
  EXPECT_EQ(Rational::Compare(Of(2, 4), Of(1, 2)), 0);
  EXPECT_LT(Rational::Compare(Of(kHuge - 1, kHuge), Of(kHuge, kHuge - 1)), 0);
  EXPECT_GT(Rational::Compare(Of(kHuge, kHuge - 2), Of(kHuge - 1, kHuge - 2)), 0);
}

TEST(RationalTest, AgreesWithCrossMultiplicationWhereThatFits) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<int64_t> number(-1000, 1000);
  std::uniform_int_distribution<int64_t> denominator(1, 1000);
  for (int i = 0; i < 20'000; ++i) {
    const int64_t an = number(random), ad = denominator(random), bn = number(random), bd = denominator(random);
    const int64_t cross = an * bd - bn * ad;
    ASSERT_EQ(Rational::Compare(Of(an, ad), Of(bn, bd)), (cross > 0) - (cross < 0))
        << an << "/" << ad << " " << bn << "/" << bd;
    ASSERT_EQ(*Rational::Sub(Of(an, ad), Of(bn, bd)), Of(cross, ad * bd));
  }
}

TEST(RationalTest, RoundsAHalfUp) {
  EXPECT_EQ(Of(5, 2).RoundHalfUp(), 3);
  EXPECT_EQ(Of(-5, 2).RoundHalfUp(), -2);
  EXPECT_EQ(Of(7, 3).RoundHalfUp(), 2);
  EXPECT_EQ(Of(8, 3).RoundHalfUp(), 3);
  EXPECT_EQ(Of(-8, 3).RoundHalfUp(), -3);
  EXPECT_EQ(Rational(kMin).RoundHalfUp(), kMin);
  EXPECT_EQ(Of(Int128{kMax} * 2 + 1, 2).RoundHalfUp(), std::nullopt) << "half above the greatest 64-bit integer";
  EXPECT_EQ(Of(Int128{kMax} * 3 + 1, 3).RoundHalfUp(), kMax);
}

}  // namespace
}  // namespace dangjian
