#include "services/welfare/points/points_rules.h"

#include "common/testing/matchers.h"

namespace dangjian::welfare::points_rules {
namespace {

using ::dangjian::testing::Proto;
using ::dangjian::testing::ViolationsOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Day At(int month, int day) { return Day::Of(2026, month, day); }

std::vector<std::string> Checked(const std::string& text) {
  Violations violations;
  CheckEntry(Proto<v1::PointsEntry>(text), At(11, 20), violations);
  return ViolationsOf(violations.ToStatus());
}

TEST(PointsRulesTest, OnlyEarnedAndCorrectedPointsAreEntered) {
  EXPECT_THAT(Checked("kind: POINTS_KIND_EARNED points: 5"), IsEmpty());
  EXPECT_THAT(Checked("kind: POINTS_KIND_CORRECTION points: -5"), IsEmpty());
  EXPECT_THAT(Checked("kind: POINTS_KIND_SPENT points: -5"), ElementsAre("points_entry.kind POINTS_KIND_NOT_ALLOWED"));
  EXPECT_THAT(Checked("kind: POINTS_KIND_RETURNED points: 5"),
              ElementsAre("points_entry.kind POINTS_KIND_NOT_ALLOWED"));
  EXPECT_THAT(Checked("kind: POINTS_KIND_EARNED points: -5"), ElementsAre("points_entry.points POINTS_AMOUNT_INVALID"));
  EXPECT_THAT(Checked("kind: POINTS_KIND_CORRECTION occurred_on { year: 2026 month: 11 day: 21 }"),
              ElementsAre("points_entry.points POINTS_AMOUNT_INVALID", "points_entry.occurred_on DATE_IN_FUTURE"));
}

TEST(PointsRulesTest, TheLowestBalanceLooksAtEveryLaterDay) {
  const std::vector<Movement> movements = {{At(3, 1), 10}, {At(4, 1), -6}, {At(4, 1), 1}, {At(5, 1), 20}};
  EXPECT_EQ(LowestBalanceFrom(movements, At(2, 1)), 0);
  EXPECT_EQ(LowestBalanceFrom(movements, At(3, 1)), 5) << "the balance at the end of 1 April";
  EXPECT_EQ(LowestBalanceFrom(movements, At(4, 1)), 5);
  EXPECT_EQ(LowestBalanceFrom(movements, At(4, 30)), 5);
  EXPECT_EQ(LowestBalanceFrom(movements, At(5, 1)), 25);
  EXPECT_EQ(LowestBalanceFrom({}, At(5, 1)), 0);
}

}  // namespace
}  // namespace dangjian::welfare::points_rules
