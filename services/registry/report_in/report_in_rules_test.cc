#include "services/registry/report_in/report_in_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using v1::CommunityReportIn;

const Day kToday = Day::Of(2024, 6, 30);

Step On(Day day) { return {.day = day, .today = kToday, .actor = "clerk", .reason = "调离"}; }

CommunityReportIn Active() {
  auto report_in = Proto<CommunityReportIn>(R"(name: 'communityReportIns/r' organization: 'organizations/c'
      person_name: '王五' employer: '某中学' skills: '辅导' reported_on { year: 2024 month: 3 day: 1 })");
  EXPECT_THAT(ReportIn(report_in, kToday), IsOk());
  return report_in;
}

TEST(ReportInRulesTest, NeedsAPersonOrAMember) {
  auto nobody = Proto<CommunityReportIn>("organization: 'organizations/c' reported_on { year: 2024 month: 3 day: 1 }");
  EXPECT_THAT(ReportIn(nobody, kToday), HasReason(reasons::kPersonRequired));
  nobody.set_member("members/m");
  EXPECT_THAT(ReportIn(nobody, kToday), IsOk());
}

TEST(ReportInRulesTest, ReportsInNotInTheFuture) {
  CommunityReportIn report_in = Active();
  *report_in.mutable_reported_on() = DayToProto(kToday + 1);
  EXPECT_THAT(ReportIn(report_in, kToday), HasReason(dangjian::reasons::kDateInFuture));
}

TEST(ReportInRulesTest, EndsOnce) {
  CommunityReportIn report_in = Active();
  EXPECT_THAT(End(report_in, On(Day::Of(2024, 2, 29))), HasReason(dangjian::reasons::kStepsOutOfOrder));
  EXPECT_THAT(End(report_in, On(kToday + 1)), HasReason(dangjian::reasons::kDateInFuture));
  ASSERT_THAT(End(report_in, On(Day::Of(2024, 5, 1))), IsOk());
  EXPECT_EQ(report_in.state(), v1::COMMUNITY_REPORT_IN_STATE_ENDED);
  EXPECT_EQ(report_in.end_reason(), "调离");
  EXPECT_THAT(End(report_in, On(kToday)), HasReason("ILLEGAL_TRANSITION"));
  CommunityReportIn successor;
  EXPECT_THAT(MoveTo(report_in, "organizations/d", On(kToday), successor), HasReason("ILLEGAL_TRANSITION"));
}

TEST(ReportInRulesTest, AMoveEndsHereAndBeginsThere) {
  CommunityReportIn report_in = Active();
  CommunityReportIn successor;
  ASSERT_THAT(MoveTo(report_in, "organizations/d", On(Day::Of(2024, 5, 1)), successor), IsOk());
  EXPECT_EQ(report_in.state(), v1::COMMUNITY_REPORT_IN_STATE_MOVED);
  EXPECT_EQ(successor.state(), v1::COMMUNITY_REPORT_IN_STATE_ACTIVE);
  EXPECT_EQ(successor.organization(), "organizations/d");
  EXPECT_EQ(successor.person_name(), "王五");
  EXPECT_EQ(DayFromProto(successor.reported_on()), DayFromProto(report_in.ended_on()));
}

}  // namespace
}  // namespace dangjian::registry
