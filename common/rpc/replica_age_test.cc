#include "common/rpc/replica_age.h"

#include <chrono>
#include <thread>

#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using std::chrono::milliseconds;

TEST(ReplicaAgeTest, IsStaleUntilItWasCompleteOnce) {
  ReplicaAge age(milliseconds(60'000));
  EXPECT_TRUE(age.Now().stale);
  EXPECT_FALSE(age.Now().age.has_value());
  age.Reached(40, "e");  // as stored by an earlier process: how old it is nobody knows
  EXPECT_TRUE(age.Now().stale);
  age.Heard(100);
  EXPECT_EQ(age.Now().missing, 60);
  age.Reached(99, "e");
  EXPECT_TRUE(age.Now().stale);
  age.Reached(100, "e");
  EXPECT_FALSE(age.Now().stale);
  EXPECT_EQ(age.Now().revision, 100);
  EXPECT_EQ(age.Now().epoch, "e");
  EXPECT_EQ(age.Now().missing, 0);
}

TEST(ReplicaAgeTest, GrowsOldInSilence) {
  ReplicaAge age(milliseconds(20));
  age.Heard(1);
  age.Reached(1, "e");
  std::this_thread::sleep_for(milliseconds(30));
  EXPECT_TRUE(age.Now().stale);
  EXPECT_GE(*age.Now().age, milliseconds(30));
  age.Heard(1);
  EXPECT_FALSE(age.Now().stale);
}

// Under steady writing the source is always a little ahead of what it sends.
TEST(ReplicaAgeTest, IsAsOldAsTheNewestWordThatItHasReached) {
  ReplicaAge age(milliseconds(60'000));
  for (int64_t revision = 0; revision < 300; ++revision) {
    age.Heard(revision + 2);
    age.Reached(revision + 1, "e");
    std::this_thread::sleep_for(milliseconds(1));
  }
  ASSERT_TRUE(age.Now().age.has_value());
  EXPECT_LT(*age.Now().age, milliseconds(250)) << "it was complete a moment ago";
  EXPECT_EQ(age.Now().missing, 1);
}

TEST(ReplicaAgeTest, ForgetsWithTheSource) {
  ReplicaAge age(milliseconds(60'000));
  age.Heard(5);
  age.Reached(5, "e");
  age.Forget();
  EXPECT_TRUE(age.Now().stale);
  EXPECT_EQ(age.Now().revision, 0);
}

}  // namespace
}  // namespace dangjian::rpc
