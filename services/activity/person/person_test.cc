#include "services/activity/person/person.h"

#include "common/testing/matchers.h"
#include "gtest/gtest.h"

namespace dangjian::activity {
namespace {

using ::dangjian::testing::Proto;
using registry::v1::Resident;

TEST(PersonTest, AResidentWhoIsAMemberIsThatMember) {
  EXPECT_EQ(PersonOf(Proto<Resident>("name: 'residents/a'")), "residents/a");
  EXPECT_EQ(PersonOf(Proto<Resident>("name: 'residents/a' member: 'members/b'")), "members/b");
}

TEST(PersonTest, ADuplicateIsTheRecordThatStays) {
  EXPECT_EQ(PersonOf(Proto<Resident>("name: 'residents/a' merged_into: 'residents/c'")), "residents/c");
}

}  // namespace
}  // namespace dangjian::activity
