#include "common/types/enum_name.h"

#include "gtest/gtest.h"

namespace dangjian {
namespace {

TEST(EnumNameTest, PrefixesOfEnumsAreDropped) {
  EXPECT_EQ(StripPrefix("PLEDGE_STATE_DRAFT", "PLEDGE_STATE_"), "DRAFT");
  EXPECT_EQ(StripPrefix("DRAFT", "PLEDGE_STATE_"), "DRAFT");
}

}  // namespace
}  // namespace dangjian
