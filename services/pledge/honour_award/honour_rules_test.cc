#include "services/pledge/honour_award/honour_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::pledge::honour_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

const Day kToday = Day::Of(2026, 11, 20);

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = kToday}; }

v1::HonourAward Award(const std::string& awardee, int year = 2026) {
  auto award = Proto<v1::HonourAward>(
      "name: 'honourAwards/a' title_code: 'STAR_BRANCH' level: HONOUR_LEVEL_DISTRICT "
      "awarded_on { year: 2026 month: 3 day: 1 } awardee { " +
      awardee + " }");
  award.set_year(year);
  Initialize(award);
  return award;
}

absl::Status Checked(const v1::HonourAward& award, Day today = kToday) {
  Violations violations;
  CheckContent(award, today, violations);
  return violations.ToStatus();
}

TEST(HonourRulesTest, ExactlyOneAwardee) {
  EXPECT_THAT(Checked(Award("member: 'members/wang'")), IsOk());
  EXPECT_THAT(Checked(Award("")), HasReason(reasons::kAwardeeNotOne));
  EXPECT_THAT(Checked(Award("member: 'members/wang' household: 'households/h-1'")), HasReason(reasons::kAwardeeNotOne));
  EXPECT_THAT(Checked(Award("member: 'members/wang' office_name: '民政科'")),
              HasReason(reasons::kOfficeWithoutOrganization));
}

TEST(HonourRulesTest, TheKindFollowsFromTheAwardee) {
  EXPECT_EQ(Award("member: 'members/wang'").awardee_kind(), v1::AWARDEE_KIND_MEMBER);
  EXPECT_EQ(Award("resident: 'residents/zhang-1'").awardee_kind(), v1::AWARDEE_KIND_RESIDENT);
  EXPECT_EQ(Award("household: 'households/h-1'").awardee_kind(), v1::AWARDEE_KIND_HOUSEHOLD);
  EXPECT_EQ(Award("organization: 'organizations/east'").awardee_kind(), v1::AWARDEE_KIND_ORGANIZATION);
  EXPECT_EQ(Award("organization: 'organizations/east' office_name: '民政科'").awardee_kind(), v1::AWARDEE_KIND_OFFICE);
  EXPECT_EQ(AwardeeName(Award("household: 'households/h-1'").awardee()), "households/h-1");
}

TEST(HonourRulesTest, TheDayLiesInTheYearAndNotAhead) {
  EXPECT_THAT(Checked(Award("member: 'members/wang'", 2025)), HasReason(reasons::kAwardYearMismatch));
  EXPECT_THAT(Checked(Award("member: 'members/wang'"), Day::Of(2026, 2, 28)),
              HasReason(dangjian::reasons::kDateInFuture));
}

TEST(HonourRulesTest, AnAwardIsTakenBackOnce) {
  v1::HonourAward award = Award("member: 'members/wang'");
  EXPECT_THAT(CheckEditable(award), IsOk());
  EXPECT_THAT(Revoke(award, On(2, 28)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  EXPECT_THAT(Revoke(award, On(12, 1)), HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_EQ(award.state(), v1::HONOUR_AWARD_STATE_AWARDED);
  ASSERT_THAT(Revoke(award, On(6, 1)), IsOk());
  EXPECT_EQ(DayFromProto(award.revoked_on()), Day::Of(2026, 6, 1));
  EXPECT_EQ(award.transitions(0).state(), "REVOKED");
  EXPECT_THAT(Revoke(award, On(6, 2)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CheckEditable(award), HasReason("ILLEGAL_TRANSITION"));
}

}  // namespace
}  // namespace dangjian::pledge::honour_rules
