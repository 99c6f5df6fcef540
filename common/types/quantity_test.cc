#include "common/types/quantity.h"

#include <limits>

#include "gtest/gtest.h"

namespace dangjian {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(QuantityTest, ParsesPlainDecimals) {
  EXPECT_EQ(ParseDecimal("6060", 0).value(), 6060);
  EXPECT_EQ(ParseDecimal("12.5", 2).value(), 1250);
  EXPECT_EQ(ParseDecimal("-12.5", 1).value(), -125);
  EXPECT_EQ(ParseDecimal("0.000001", 6).value(), 1);
  EXPECT_EQ(ParseDecimal("-0", 0).value(), 0);
}

TEST(QuantityTest, AcceptsTrailingZerosBeyondTheScale) { EXPECT_EQ(ParseDecimal("12.500", 1).value(), 125); }

TEST(QuantityTest, RefusesToRound) {
  EXPECT_EQ(ParseDecimal("12.55", 1).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ParseDecimal("0.1", 0).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(QuantityTest, RefusesOtherForms) {
  for (const char* text : {"", "-", ".", "1.", ".5", "+1", "1e3", "1,000", " 1", "1 ", "0x1", "1.2.3", "--1", "12-",
                           "1234567890123456", "1.1234567", "一"}) {
    EXPECT_EQ(ParseDecimal(text, 2).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(ParseDecimal("1", -1).ok());
  EXPECT_FALSE(ParseDecimal("1", 7).ok());
}

TEST(QuantityTest, RefusesWhatDoesNotFit) {
  EXPECT_EQ(ParseDecimal("999999999999999", 6).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(ParseDecimal("999999999999999", 3).value(), 999'999'999'999'999'000);
}

TEST(QuantityTest, Formats) {
  EXPECT_EQ(FormatDecimal(6060, 0), "6060");
  EXPECT_EQ(FormatDecimal(1250, 2), "12.50");
  EXPECT_EQ(FormatDecimal(-5, 2), "-0.05");
  EXPECT_EQ(FormatDecimal(0, 3), "0.000");
  EXPECT_EQ(FormatDecimal(kMin, 2), "-92233720368547758.08");
  EXPECT_EQ(FormatDecimal(kMax, 6), "9223372036854.775807");
}

TEST(QuantityTest, ChecksArithmetic) {
  EXPECT_EQ(CheckedAdd(2, 3), 5);
  EXPECT_EQ(CheckedAdd(kMax, 1), std::nullopt);
  EXPECT_EQ(CheckedAdd(kMin, -1), std::nullopt);
  EXPECT_EQ(CheckedMultiply(590, 500), 295'000);
  EXPECT_EQ(CheckedMultiply(kMin, -1), std::nullopt);
}

TEST(QuantityTest, Rescales) {
  EXPECT_EQ(Rescale(125, 1, 3), 12'500);
  EXPECT_EQ(Rescale(12'500, 3, 1), 125);
  EXPECT_EQ(Rescale(-12'500, 3, 1), -125);
  EXPECT_EQ(Rescale(12'501, 3, 1), std::nullopt);
  EXPECT_EQ(Rescale(kMax, 0, 1), std::nullopt);
  EXPECT_EQ(Rescale(1, 0, 7), std::nullopt);
}

}  // namespace
}  // namespace dangjian
