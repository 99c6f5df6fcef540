#include "common/storage/org_tree.h"

#include <tuple>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::UnorderedElementsAre;

const DayRange kAlways = {Day::Min(), Day::Max()};
const Day kJan = Day::Of(2024, 1, 1);
const Day kJul = Day::Of(2024, 7, 1);

// A community below a street by administration and below a Party committee by Party lines; both below the district.
OrgTree Diamond() {
  OrgTree tree;
  tree.Set("district", {});
  tree.Set("street", {{"district", kAlways}});
  tree.Set("committee", {{"district", kAlways}});
  tree.Set("community", {{"street", kAlways}, {"committee", kAlways}});
  return tree;
}

std::vector<std::tuple<std::string, Day, int64_t>> Tuples(const std::vector<Landing>& landings) {
  std::vector<std::tuple<std::string, Day, int64_t>> tuples;
  for (const Landing& landing : landings) tuples.emplace_back(landing.organization, landing.day, landing.sign);
  return tuples;
}

TEST(OrgTreeTest, TwoParentsShareAnAncestorOnce) {
  EXPECT_THAT(Diamond().SelfAndAncestors("community", kJan),
              UnorderedElementsAre("community", "street", "committee", "district"));
  EXPECT_THAT(Diamond().SelfAndDescendants("district", kAlways),
              ElementsAre("committee", "community", "district", "street"));
}

TEST(OrgTreeTest, AnUnknownOrganizationIsOnlyItself) {
  const OrgTree tree = Diamond();
  EXPECT_FALSE(tree.Contains("elsewhere"));
  EXPECT_EQ(tree.Parents("elsewhere"), nullptr);
  EXPECT_THAT(tree.SelfAndAncestors("elsewhere", kJan), ElementsAre("elsewhere"));
  EXPECT_THAT(tree.SelfAndDescendants("elsewhere", kAlways), ElementsAre("elsewhere"));
}

TEST(OrgTreeTest, EdgesHoldOnTheirDaysOnly) {
  OrgTree tree = Diamond();
  tree.Set("community", {{"street", {Day::Min(), kJul - 1}}, {"committee", {kJul, Day::Max()}}});
  EXPECT_TRUE(tree.IsWithin("community", "street", kJul - 1));
  EXPECT_FALSE(tree.IsWithin("community", "street", kJul));
  EXPECT_TRUE(tree.IsWithin("community", "committee", kJul));
  EXPECT_TRUE(tree.IsWithin("community", "district", kJan));
  EXPECT_THAT(tree.SelfAndDescendants("street", {kJul, kJul + 30}), ElementsAre("street"));
  EXPECT_THAT(tree.SelfAndDescendants("street", {kJul - 1, kJul + 30}), ElementsAre("community", "street"));
}

TEST(OrgTreeTest, DescendantsNeedAWholePathOnOneDay) {
  OrgTree tree;
  tree.Set("top", {});
  tree.Set("middle", {{"top", {kJan, kJan + 10}}});
  tree.Set("bottom", {{"middle", {kJan + 20, kJan + 30}}});
  EXPECT_THAT(tree.SelfAndDescendants("top", kAlways), ElementsAre("middle", "top"));
}

TEST(OrgTreeTest, AFlowLandsOnTheAncestorsOfItsDay) {
  OrgTree tree = Diamond();
  tree.Set("community", {{"street", {Day::Min(), kJul - 1}}, {"committee", {kJul, Day::Max()}}});
  EXPECT_THAT(Tuples(tree.Landings("community", kJan, false)),
              UnorderedElementsAre(std::tuple("community", kJan, 1), std::tuple("street", kJan, 1),
                                   std::tuple("district", kJan, 1)));
}

TEST(OrgTreeTest, AStockMovesWithItsOrganization) {
  OrgTree tree = Diamond();
  tree.Set("community", {{"street", {Day::Min(), kJul - 1}}, {"committee", {kJul, Day::Max()}}});
  EXPECT_THAT(Tuples(tree.Landings("community", kJan, true)),
              UnorderedElementsAre(std::tuple("community", kJan, 1), std::tuple("street", kJan, 1),
                                   std::tuple("district", kJan, 1), std::tuple("street", kJul, -1),
                                   std::tuple("committee", kJul, 1)));
  EXPECT_THAT(Tuples(tree.Landings("community", kJul, true)),
              UnorderedElementsAre(std::tuple("community", kJul, 1), std::tuple("committee", kJul, 1),
                                   std::tuple("district", kJul, 1)));
}

TEST(OrgTreeTest, AStockFollowsAMoveOfAnAncestor) {
  OrgTree tree = Diamond();
  tree.Set("street", {{"district", {Day::Min(), kJul - 1}}});
  tree.Set("community", {{"street", kAlways}});
  EXPECT_THAT(Tuples(tree.Landings("community", kJan, true)),
              UnorderedElementsAre(std::tuple("community", kJan, 1), std::tuple("street", kJan, 1),
                                   std::tuple("district", kJan, 1), std::tuple("district", kJul, -1)));
}

TEST(OrgTreeTest, RemovingForgetsAnOrganizationButNotTheEdgesOfItsChildren) {
  OrgTree tree = Diamond();
  tree.Remove("street");
  EXPECT_FALSE(tree.Contains("street"));
  EXPECT_THAT(tree.Organizations(), ElementsAre("committee", "community", "district"));
  EXPECT_TRUE(tree.IsWithin("community", "street", kJan));
  EXPECT_FALSE(tree.IsWithin("street", "district", kJan));
  EXPECT_THAT(tree.SelfAndDescendants("district", kAlways), ElementsAre("committee", "community", "district"));
}

TEST(OrgTreeTest, ACycleIsSeenOnlyOnDaysOnWhichItWouldClose) {
  OrgTree tree = Diamond();
  EXPECT_TRUE(tree.WouldCycle("district", {{"district", kAlways}}));
  EXPECT_TRUE(tree.WouldCycle("district", {{"community", {kJul, kJul}}}));
  EXPECT_FALSE(tree.WouldCycle("community", {{"committee", kAlways}}));
  tree.Set("street", {{"district", {kJul, Day::Max()}}});
  tree.Set("community", {{"street", kAlways}});
  EXPECT_FALSE(tree.WouldCycle("district", {{"community", {kJan, kJul - 1}}}));
  EXPECT_TRUE(tree.WouldCycle("district", {{"community", {kJan, kJul}}}));
}

TEST(OrgTreeTest, AWalkThroughACycleEnds) {
  OrgTree tree;
  tree.Set("a", {{"b", kAlways}});
  tree.Set("b", {{"a", kAlways}});
  EXPECT_THAT(tree.SelfAndAncestors("a", kJan), UnorderedElementsAre("a", "b"));
  EXPECT_THAT(tree.SelfAndDescendants("a", kAlways), ElementsAre("a", "b"));
  EXPECT_THAT(tree.Landings("a", kJan, true).size(), 2);
}

TEST(OrgTreeTest, DifferingDaysIgnoreHowEdgesAreSplit) {
  const std::vector<TreeEdge> whole = {{"street", kAlways}};
  const std::vector<TreeEdge> split = {{"street", {kJul, Day::Max()}}, {"street", {Day::Min(), kJul - 1}}};
  EXPECT_EQ(DifferingDays(whole, split), std::nullopt);
  EXPECT_EQ(DifferingDays({}, {}), std::nullopt);
  EXPECT_THAT(DifferingDays(whole, {}), Optional(kAlways));
  EXPECT_THAT(DifferingDays(whole, {{"street", {Day::Min(), kJul - 1}}}), Optional(DayRange{kJul, Day::Max()}));
  EXPECT_THAT(DifferingDays(split, {{"street", kAlways}, {"committee", {kJan, kJan + 4}}}),
              Optional(DayRange{kJan, kJan + 4}));
}

}  // namespace
}  // namespace dangjian::storage
