#include "services/welfare/home_visit/visit_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::visit_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::dangjian::testing::ViolationsOf;
using ::testing::ElementsAre;

const Day kToday = Day::Of(2026, 11, 20);

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = kToday}; }

v1::HomeVisit Planned() {
  auto visit =
      Proto<v1::HomeVisit>("name: 'homeVisits/v' visitors: 'members/wang' reasons: HOME_VISIT_REASON_INCIDENT");
  Initialize(visit);
  *visit.mutable_fact_on() = DayToProto(Day::Of(2026, 5, 1));
  return visit;
}

absl::Status ContentOf(const v1::HomeVisit& visit) {
  Violations violations;
  CheckContent(visit, kToday, violations);
  return violations.ToStatus();
}

TEST(VisitRulesTest, IsMadeOnceAndThenClosed) {
  v1::HomeVisit visit = Planned();
  EXPECT_THAT(Close(visit, "", On(5, 2)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Make(visit, v1::HOME_VISIT_FINDING_HOME, On(4, 30)), HasReason("STEPS_OUT_OF_ORDER"));
  EXPECT_THAT(Make(visit, v1::HOME_VISIT_FINDING_HOME, On(11, 21)), HasReason("DATE_IN_FUTURE"));
  EXPECT_FALSE(Counts(visit));
  ASSERT_THAT(Make(visit, v1::HOME_VISIT_FINDING_HOME, On(5, 3)), IsOk());
  EXPECT_TRUE(Counts(visit));
  EXPECT_THAT(Make(visit, v1::HOME_VISIT_FINDING_NOT_AT_HOME, On(5, 4)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Close(visit, "", On(5, 2)), HasReason("STEPS_OUT_OF_ORDER"));
  EXPECT_THAT(CheckEditable(visit), IsOk());
  ASSERT_THAT(Close(visit, "已调解", On(5, 10)), IsOk());
  EXPECT_TRUE(Counts(visit)) << "a closed visit was made";
  EXPECT_EQ(visit.outcome(), "已调解");
  EXPECT_THAT(Close(visit, "", On(5, 11)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CheckEditable(visit), HasReason("ILLEGAL_TRANSITION"));
}

TEST(VisitRulesTest, NobodyAtHomeNeverCounts) {
  v1::HomeVisit visit = Planned();
  ASSERT_THAT(Make(visit, v1::HOME_VISIT_FINDING_NOT_AT_HOME, On(5, 3)), IsOk());
  EXPECT_EQ(visit.found(), v1::HOME_VISIT_FINDING_NOT_AT_HOME);
  EXPECT_FALSE(Counts(visit));
  ASSERT_THAT(Close(visit, "", On(5, 3)), IsOk());
  EXPECT_FALSE(Counts(visit));
}

TEST(VisitRulesTest, AMadeVisitSaysWhoAndWhen) {
  auto visit = Proto<v1::HomeVisit>("found: HOME_VISIT_FINDING_HOME reasons: HOME_VISIT_REASON_ROUTINE");
  Initialize(visit);
  EXPECT_THAT(ViolationsOf(ContentOf(visit)),
              ElementsAre("home_visit.visitors FIELD_REQUIRED", "home_visit.occurred_on FIELD_REQUIRED"));
  visit.add_visitors("members/li");
  *visit.mutable_occurred_on() = DayToProto(kToday + 1);
  *visit.mutable_follow_up_due() = DayToProto(kToday);
  EXPECT_THAT(ViolationsOf(ContentOf(visit)),
              ElementsAre("home_visit.occurred_on DATE_IN_FUTURE", "home_visit.follow_up_due DATES_OUT_OF_ORDER"));
  *visit.mutable_occurred_on() = DayToProto(kToday);
  EXPECT_THAT(ContentOf(visit), IsOk());
}

TEST(VisitRulesTest, ReasonsAndVisitorsAreNamedOnce) {
  v1::HomeVisit visit = Planned();
  visit.add_reasons(v1::HOME_VISIT_REASON_INCIDENT);
  visit.add_reasons(v1::HOME_VISIT_REASON_UNSPECIFIED);
  visit.add_visitors("members/wang");
  EXPECT_THAT(ViolationsOf(ContentOf(visit)),
              ElementsAre("home_visit.reasons[1] DUPLICATE_VISIT_REASON", "home_visit.reasons[2] FIELD_REQUIRED",
                          "home_visit.visitors[1] DUPLICATE_VISITOR"));
}

TEST(VisitRulesTest, WhatWasFoundDecidesHowARecordBegins) {
  auto missed = Proto<v1::HomeVisit>("found: HOME_VISIT_FINDING_NOT_AT_HOME state: HOME_VISIT_STATE_CLOSED");
  Initialize(missed);
  EXPECT_EQ(missed.state(), v1::HOME_VISIT_STATE_NOT_AT_HOME);
  v1::HomeVisit planned = Planned();
  EXPECT_EQ(planned.state(), v1::HOME_VISIT_STATE_PLANNED);
  *planned.mutable_due_on() = DayToProto(Day::Of(2026, 4, 30));
  EXPECT_THAT(ContentOf(planned), HasReason("DATES_OUT_OF_ORDER"));
  planned.clear_due_on();
  *planned.mutable_occurred_on() = DayToProto(kToday);
  EXPECT_THAT(ContentOf(planned), HasReason(reasons::kVisitFindingRequired));
}

TEST(VisitRulesTest, TheHouseholdCountsOnTheDay) {
  auto household = Proto<registry::v1::Household>(
      "name: 'households/h' state: HOUSEHOLD_STATE_MOVED_OUT registered_on { year: 2026 month: 2 day: 1 } "
      "ended_on { year: 2026 month: 6 day: 1 }");
  EXPECT_THAT(CheckHousehold(household, Day::Of(2026, 1, 31), true), HasReason(reasons::kHouseholdNotInArea));
  EXPECT_THAT(CheckHousehold(household, Day::Of(2026, 2, 1), true), IsOk());
  EXPECT_THAT(CheckHousehold(household, Day::Of(2026, 5, 31), true), IsOk());
  EXPECT_THAT(CheckHousehold(household, Day::Of(2026, 5, 31), false), HasReason(reasons::kHouseholdNotInArea));
  EXPECT_THAT(CheckHousehold(household, Day::Of(2026, 6, 1), true), HasReason(reasons::kHouseholdNotInArea));
  household.set_state(registry::v1::HOUSEHOLD_STATE_MERGED_DUPLICATE);
  EXPECT_THAT(CheckHousehold(household, Day::Of(2026, 2, 1), true), HasReason(reasons::kHouseholdNotInArea));
}

}  // namespace
}  // namespace dangjian::welfare::visit_rules
