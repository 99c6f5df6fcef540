#include "services/gateway/report/decimal.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace dangjian::gateway {
namespace {

std::string PercentText(int64_t numerator, int64_t denominator, int32_t factor = 100) {
  return FormatDecimal(Percent({{numerator, 0}, {denominator, 0}, factor}), true);
}

TEST(DecimalTest, PrintsPlainDecimals) {
  EXPECT_EQ(FormatDecimal({117, 0}, true), "117");
  EXPECT_EQ(FormatDecimal({0, 0}, true), "0");
  EXPECT_EQ(FormatDecimal({295000, 2}, true), "2950.00");
  EXPECT_EQ(FormatDecimal({5, 2}, true), "0.05");
  EXPECT_EQ(FormatDecimal({-5, 2}, true), "-0.05");
  EXPECT_EQ(FormatDecimal({6060000000, 6}, false), "6060");
  EXPECT_EQ(FormatDecimal({12500000, 6}, false), "12.5");
  EXPECT_EQ(FormatDecimal({-1250, 2}, false), "-12.5");
}

TEST(DecimalTest, PrintsTheEdgesOf64Bits) {
  EXPECT_EQ(FormatDecimal({std::numeric_limits<int64_t>::max(), 2}, true), "92233720368547758.07");
  EXPECT_EQ(FormatDecimal({std::numeric_limits<int64_t>::min(), 0}, true), "-9223372036854775808");
}

TEST(DecimalTest, PercentRoundsHalfUpOnce) {
  EXPECT_EQ(PercentText(1, 3), "33.33");
  EXPECT_EQ(PercentText(2, 3), "66.67");
  EXPECT_EQ(PercentText(1, 1), "100.00");
  EXPECT_EQ(PercentText(0, 7), "0.00");
  EXPECT_EQ(PercentText(1, 800), "0.13");            // 0.125 exactly: up
  EXPECT_EQ(PercentText(-1, 800), "-0.13");          // away from zero
  EXPECT_EQ(PercentText(100449, 10000000), "1.00");  // 1.00449, not first to 1.0045 and then to 1.01
}

TEST(DecimalTest, PercentHonoursScalesAndFactor) {
  // 52.00 percent over one target.
  EXPECT_EQ(FormatDecimal(Percent({{5200, 2}, {1, 0}, 1}), true), "52.00");
  // 2.5 of 10.00.
  EXPECT_EQ(FormatDecimal(Percent({{25, 1}, {1000, 2}, 100}), true), "25.00");
}

TEST(DecimalTest, LargestAmountsDoNotOverflow) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(FormatDecimal(Percent({{most, 0}, {most, 6}, 100}), true), "100000000.00");
  EXPECT_TRUE(LessThan({{most - 1, 0}, {most, 0}}, {{most, 0}, {most, 0}}));
}

TEST(DecimalTest, ComparesFractionsExactly) {
  EXPECT_TRUE(LessThan({{1, 0}, {3, 0}}, {{333334, 0}, {1000000, 0}}));
  EXPECT_FALSE(LessThan({{1, 0}, {2, 0}}, {{2, 0}, {4, 0}}));
}

TEST(DecimalTest, ChangeInPercentOfThePrevious) {
  EXPECT_EQ(ChangePercent({20, 0}, {80, 0}), (Decimal{2500, 2}));
  EXPECT_EQ(ChangePercent({-20, 0}, {80, 0}), (Decimal{-2500, 2}));
  EXPECT_EQ(ChangePercent({20, 0}, {-80, 0}), (Decimal{2500, 2}));
  EXPECT_EQ(ChangePercent({20, 0}, {0, 0}), std::nullopt);
}

}  // namespace
}  // namespace dangjian::gateway
