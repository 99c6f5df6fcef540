#include "common/types/age.h"

#include "gtest/gtest.h"

namespace dangjian {
namespace {

TEST(AgeTest, AnAgeIsReachedOnTheBirthday) {
  const Day born = Day::Of(2008, 5, 20);
  EXPECT_TRUE(IsMinor(born, Day::Of(2026, 5, 19)));
  EXPECT_FALSE(IsMinor(born, Day::Of(2026, 5, 20)));
  EXPECT_TRUE(HasReachedAge(born, 16, Day::Of(2024, 5, 20)));
  EXPECT_FALSE(HasReachedAge(born, 16, Day::Of(2024, 5, 19)));
  EXPECT_TRUE(IsMinor(born, Day::Of(2000, 1, 1))) << "not born yet";
}

TEST(AgeTest, ALeapDayIsTheLastOfFebruaryInOtherYears) {
  const Day born = Day::Of(2008, 2, 29);
  EXPECT_TRUE(IsMinor(born, Day::Of(2026, 2, 27)));
  EXPECT_FALSE(IsMinor(born, Day::Of(2026, 2, 28)));
  EXPECT_FALSE(HasReachedAge(born, 20, Day::Of(2028, 2, 28)));
  EXPECT_TRUE(HasReachedAge(born, 20, Day::Of(2028, 2, 29)));
}

}  // namespace
}  // namespace dangjian
