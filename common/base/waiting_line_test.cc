#include "common/base/waiting_line.h"

#include "gtest/gtest.h"

namespace dangjian {
namespace {

TEST(NextPaceTest, OneLongPieceSaysLittle) {
  int64_t pace = 1000;
  for (int i = 0; i < 100; ++i) pace = NextPace(pace, 1000);
  EXPECT_EQ(pace, 1000);
  EXPECT_LT(NextPace(pace, 600'000), 1300);
}

TEST(NextPaceTest, FollowsBothWays) {
  int64_t pace = 0;
  for (int i = 0; i < 60; ++i) pace = NextPace(pace, 5000);
  EXPECT_EQ(pace, 5000);
  for (int i = 0; i < 8; ++i) pace = NextPace(pace, 100);
  EXPECT_LE(pace, 101);
}

TEST(ExpectedWaitTest, CountsAgeOnceMoreThanAFewWait) {
  EXPECT_EQ(ExpectedWait(1, 600'000, 50), 50);
  EXPECT_EQ(ExpectedWait(16, 600'000, 50), 600'000);
  EXPECT_EQ(ExpectedWait(16, 100, 300), 300);
  EXPECT_EQ(ExpectedWait(1, 100, 300), 300);
}

}  // namespace
}  // namespace dangjian
