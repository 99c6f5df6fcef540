#include "common/base/id.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace dangjian {
namespace {

TEST(IdTest, NewIdsAreResourceIdsOf26Characters) {
  for (int i = 0; i < 100; ++i) {
    const std::string id = NewId(1'720'000'000'000'000 + i);
    EXPECT_EQ(id.size(), 26u);
    EXPECT_TRUE(IsResourceId(id)) << id;
  }
}

TEST(IdTest, IdsOfOneInstantDiffer) {
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.insert(NewId(1'720'000'000'000'000));
  EXPECT_EQ(ids.size(), 10'000u);
}

TEST(IdTest, LaterMillisecondsSortLater) {
  int64_t now = 1'720'000'000'000'000;
  std::string before = NewId(now);
  for (const int64_t step : {int64_t{1'000}, int64_t{32'000}, int64_t{86'400'000'000}}) {
    now += step;
    std::string after = NewId(now);
    EXPECT_LT(before, after) << step;
    before = std::move(after);
  }
}

TEST(IdTest, ResourceIdsAreLowerCaseDigitsAndInnerHyphens) {
  EXPECT_TRUE(IsResourceId("a"));
  EXPECT_TRUE(IsResourceId("0"));
  EXPECT_TRUE(IsResourceId("p-0001"));
  EXPECT_TRUE(IsResourceId(std::string(63, 'z')));
  for (const std::string& id :
       {std::string(), std::string("-a"), std::string("A"), std::string("a_b"), std::string("a/b"), std::string("a b"),
        std::string("党"), std::string("a\0b", 3), std::string(64, 'z')}) {
    EXPECT_FALSE(IsResourceId(id)) << id;
  }
}

TEST(IdTest, RandomBitsVary) {
  std::set<uint64_t> seen;
  for (int i = 0; i < 100; ++i) seen.insert(RandomBits());
  EXPECT_EQ(seen.size(), 100u);
}

}  // namespace
}  // namespace dangjian
