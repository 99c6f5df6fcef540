#include "services/activity/team/team_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::activity::team_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

const Day kToday = Day::Of(2026, 11, 20);

v1::Team Team(const std::string& more) {
  auto team = Proto<v1::Team>("name: 'teams/t' formed_on { year: 2026 month: 3 day: 1 } " + more);
  Initialize(team);
  return team;
}

absl::Status Check(const v1::Team& team, Day today = kToday) {
  Violations violations;
  CheckContent(team, today, violations);
  return violations.ToStatus();
}

TEST(TeamRulesTest, OnlyACultureTeamHasAnArt) {
  EXPECT_THAT(Check(Team("kind: TEAM_KIND_CULTURE culture_kind: CULTURE_KIND_CHOIR")), IsOk());
  EXPECT_THAT(Check(Team("kind: TEAM_KIND_PATROL")), IsOk());
  EXPECT_THAT(Check(Team("kind: TEAM_KIND_CULTURE")), HasReason(reasons::kCultureKindMismatch));
  EXPECT_THAT(Check(Team("kind: TEAM_KIND_PATROL culture_kind: CULTURE_KIND_CHOIR")),
              HasReason(reasons::kCultureKindMismatch));
}

TEST(TeamRulesTest, IsNotFormedInTheFuture) {
  EXPECT_THAT(Check(Team("kind: TEAM_KIND_PATROL"), Day::Of(2026, 2, 28)), HasReason(dangjian::reasons::kDateInFuture));
}

TEST(TeamRulesTest, IsDisbandedOnceAndNotBeforeItWasFormed) {
  v1::Team team = Team("kind: TEAM_KIND_PATROL");
  EXPECT_THAT(Disband(team, {.day = Day::Of(2026, 2, 1), .today = kToday}),
              HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(Disband(team, {.day = Day::Of(2026, 6, 30), .today = kToday}), IsOk());
  EXPECT_EQ(DaysOf(team), (DayRange{Day::Of(2026, 3, 1), Day::Of(2026, 6, 30)}));
  EXPECT_EQ(team.transitions(0).state(), "DISBANDED");
  EXPECT_THAT(Disband(team, {.day = Day::Of(2026, 7, 1), .today = kToday}), HasReason("ILLEGAL_TRANSITION"));
}

}  // namespace
}  // namespace dangjian::activity::team_rules
