#include "services/pledge/evaluation_round/exact_sum.h"

#include "gtest/gtest.h"

namespace dangjian::pledge {
namespace {

int64_t Rounded(int64_t numerator, int64_t denominator, int64_t divisor = 1) {
  ExactSum sum;
  sum.Add(numerator, denominator);
  return sum.DividedHalfUp(divisor);
}

TEST(ExactSumTest, RoundsHalfUpOnce) {
  EXPECT_EQ(Rounded(5, 2), 3);
  EXPECT_EQ(Rounded(249, 100), 2);
  EXPECT_EQ(Rounded(250, 1, 100), 3);
  EXPECT_EQ(Rounded(-5, 2), -2) << "a half goes up below zero too";
  EXPECT_EQ(Rounded(-251, 100), -3);
  EXPECT_EQ(ExactSum().DividedHalfUp(7), 0);
}

TEST(ExactSumTest, ThirdsAddUpToAWhole) {
  ExactSum sum;
  for (int i = 0; i < 3; ++i) sum.Add(1, 3);
  EXPECT_EQ(sum.DividedHalfUp(1), 1);
  sum.Add(-1, 6);
  sum.Add(1, 4);
  EXPECT_EQ(sum.DividedHalfUp(1), 1);  // 13/12
  sum.Add(5, 12);
  EXPECT_EQ(sum.DividedHalfUp(1), 2);  // 18/12
}

}  // namespace
}  // namespace dangjian::pledge
