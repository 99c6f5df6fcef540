#include "services/pledge/disclosure/disclosure_rules.h"

#include <functional>
#include <map>

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::pledge::disclosure_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

Step On(Day day) { return {.day = day, .today = Day::Of(2026, 11, 20), .actor = "clerk"}; }

// The year 2026 of worked example 7: rest from 1 to 7 October, Saturday 10 October worked.
WorkingDays Year2026() {
  auto calendar = Proto<registry::v1::Calendar>("name: 'calendars/2026' year: 2026");
  for (int day = 1; day <= 7; ++day) *calendar.add_holidays() = DayToProto(Day::Of(2026, 10, day));
  *calendar.add_make_up_days() = DayToProto(Day::Of(2026, 10, 10));
  WorkingDays days;
  days.Add(calendar);
  return days;
}

v1::Disclosure Draft(const std::string& period = "days: 5 day_kind: DAY_KIND_WORKING") {
  auto disclosure = Proto<v1::Disclosure>(
      "name: 'disclosures/d' category: DISCLOSURE_CATEGORY_PARTY_AFFAIRS period { " + period + " }");
  Initialize(disclosure);
  return disclosure;
}

v1::Disclosure Posted(const std::string& period, Day day) {
  v1::Disclosure disclosure = Draft(period);
  EXPECT_THAT(ReviewSecrecy(disclosure, On(day)), IsOk());
  EXPECT_THAT(Approve(disclosure, On(day)), IsOk());
  EXPECT_THAT(Post(disclosure, Year2026(), On(day)), IsOk());
  return disclosure;
}

TEST(DisclosureRulesTest, WorkedExample7) {
  const Day monday = Day::Of(2026, 9, 28);
  const v1::Disclosure working = Posted("days: 5 day_kind: DAY_KIND_WORKING", monday);
  EXPECT_EQ(DayFromProto(working.closes_on()), Day::Of(2026, 10, 10)) << "Saturday, a make-up working day";
  EXPECT_FALSE(working.provisional());
  const v1::Disclosure counted = Posted("days: 5 day_kind: DAY_KIND_WORKING count_first_day: true", monday);
  EXPECT_EQ(DayFromProto(counted.closes_on()), Day::Of(2026, 10, 9));
  const v1::Disclosure natural = Posted("days: 7 day_kind: DAY_KIND_NATURAL", monday);
  EXPECT_EQ(DayFromProto(natural.closes_on()), Day::Of(2026, 10, 8)) << "5 October is a holiday";
}

TEST(DisclosureRulesTest, AMissingCalendarMakesThePeriodProvisional) {
  v1::Disclosure disclosure = Draft();
  ASSERT_THAT(ReviewSecrecy(disclosure, On(Day::Of(2026, 9, 28))), IsOk());
  ASSERT_THAT(Approve(disclosure, On(Day::Of(2026, 9, 28))), IsOk());
  ASSERT_THAT(Post(disclosure, WorkingDays(), On(Day::Of(2026, 9, 28))), IsOk());
  EXPECT_TRUE(disclosure.provisional());
  EXPECT_EQ(DayFromProto(disclosure.closes_on()), Day::Of(2026, 10, 5)) << "Monday to Friday";
  // By the time of closing the notice of holidays has come.
  EXPECT_THAT(Close(disclosure, Year2026(), On(Day::Of(2026, 10, 5))), HasReason(reasons::kPeriodNotOver));
}

TEST(DisclosureRulesTest, DoesNotCloseBeforeThePeriodIsOver) {
  const Day monday = Day::Of(2026, 9, 28);
  v1::Disclosure early = Posted("days: 5 day_kind: DAY_KIND_WORKING", monday);
  EXPECT_THAT(Close(early, Year2026(), On(Day::Of(2026, 10, 9))), HasReason(reasons::kPeriodNotOver));
  v1::Disclosure on_time = Posted("days: 5 day_kind: DAY_KIND_WORKING", monday);
  EXPECT_THAT(Close(on_time, Year2026(), On(Day::Of(2026, 10, 10))), IsOk());
  EXPECT_EQ(DayFromProto(on_time.closed_on()), Day::Of(2026, 10, 10));
}

TEST(DisclosureRulesTest, ResidentsAffairsStandForFifteenDaysUnderTheNewLaw) {
  v1::Disclosure disclosure = Draft("days: 14 day_kind: DAY_KIND_NATURAL");
  disclosure.set_category(v1::DISCLOSURE_CATEGORY_RESIDENTS_AFFAIRS);
  const Day old_law = Day::Of(2025, 12, 31);
  ASSERT_THAT(ReviewSecrecy(disclosure, On(old_law)), IsOk());
  ASSERT_THAT(Approve(disclosure, On(old_law)), IsOk());
  v1::Disclosure under_old_law = disclosure;
  EXPECT_THAT(Post(under_old_law, Year2026(), On(old_law)), IsOk());
  EXPECT_THAT(Post(disclosure, Year2026(), On(Day::Of(2026, 1, 1))), HasReason(reasons::kPeriodTooShort));
  disclosure.mutable_period()->set_days(15);
  EXPECT_THAT(Post(disclosure, Year2026(), On(Day::Of(2026, 1, 1))), IsOk());
}

TEST(DisclosureRulesTest, EveryTransitionIsLegalOrRefused) {
  const Day start = Day::Of(2026, 3, 2);
  const auto in = [&](v1::DisclosureState state) {
    v1::Disclosure disclosure = Draft("days: 1 day_kind: DAY_KIND_NATURAL count_first_day: true");
    if (state == v1::DISCLOSURE_STATE_DRAFT) return disclosure;
    if (state == v1::DISCLOSURE_STATE_WITHDRAWN) {
      EXPECT_THAT(Withdraw(disclosure, On(start)), IsOk());
      return disclosure;
    }
    EXPECT_THAT(ReviewSecrecy(disclosure, On(start)), IsOk());
    if (state == v1::DISCLOSURE_STATE_SECRECY_REVIEWED) return disclosure;
    EXPECT_THAT(Approve(disclosure, On(start)), IsOk());
    if (state == v1::DISCLOSURE_STATE_APPROVED) return disclosure;
    EXPECT_THAT(Post(disclosure, Year2026(), On(start)), IsOk());
    if (state == v1::DISCLOSURE_STATE_POSTED) return disclosure;
    EXPECT_THAT(Close(disclosure, Year2026(), On(start)), IsOk());
    return disclosure;
  };
  const Step step = On(start);
  using Verb = std::function<absl::Status(v1::Disclosure&)>;
  const std::vector<std::pair<Verb, std::map<v1::DisclosureState, v1::DisclosureState>>> verbs = {
      {[&](v1::Disclosure& d) { return ReviewSecrecy(d, step); },
       {{v1::DISCLOSURE_STATE_DRAFT, v1::DISCLOSURE_STATE_SECRECY_REVIEWED}}},
      {[&](v1::Disclosure& d) { return Approve(d, step); },
       {{v1::DISCLOSURE_STATE_SECRECY_REVIEWED, v1::DISCLOSURE_STATE_APPROVED}}},
      {[&](v1::Disclosure& d) { return Post(d, Year2026(), step); },
       {{v1::DISCLOSURE_STATE_APPROVED, v1::DISCLOSURE_STATE_POSTED}}},
      {[&](v1::Disclosure& d) { return Close(d, Year2026(), step); },
       {{v1::DISCLOSURE_STATE_POSTED, v1::DISCLOSURE_STATE_CLOSED}}},
      {[&](v1::Disclosure& d) { return Withdraw(d, step); },
       {{v1::DISCLOSURE_STATE_DRAFT, v1::DISCLOSURE_STATE_WITHDRAWN},
        {v1::DISCLOSURE_STATE_SECRECY_REVIEWED, v1::DISCLOSURE_STATE_WITHDRAWN},
        {v1::DISCLOSURE_STATE_APPROVED, v1::DISCLOSURE_STATE_WITHDRAWN},
        {v1::DISCLOSURE_STATE_POSTED, v1::DISCLOSURE_STATE_WITHDRAWN}}},
      {[&](v1::Disclosure& d) { return Redraft(d, step); },
       {{v1::DISCLOSURE_STATE_WITHDRAWN, v1::DISCLOSURE_STATE_DRAFT}}},
      {[&](v1::Disclosure& d) { return AddObjection(d, Proto<v1::Objection>("text: 'x'"), step); },
       {{v1::DISCLOSURE_STATE_POSTED, v1::DISCLOSURE_STATE_POSTED}}},
      {[&](v1::Disclosure& d) { return CheckEditable(d); }, {{v1::DISCLOSURE_STATE_DRAFT, v1::DISCLOSURE_STATE_DRAFT}}},
  };
  const std::vector<v1::DisclosureState> states = {v1::DISCLOSURE_STATE_DRAFT,    v1::DISCLOSURE_STATE_SECRECY_REVIEWED,
                                                   v1::DISCLOSURE_STATE_APPROVED, v1::DISCLOSURE_STATE_POSTED,
                                                   v1::DISCLOSURE_STATE_CLOSED,   v1::DISCLOSURE_STATE_WITHDRAWN};
  for (size_t verb = 0; verb < verbs.size(); ++verb) {
    for (const v1::DisclosureState state : states) {
      SCOPED_TRACE(::testing::Message() << "verb " << verb << " in " << v1::DisclosureState_Name(state));
      v1::Disclosure disclosure = in(state);
      ASSERT_EQ(disclosure.state(), state);
      const auto to = verbs[verb].second.find(state);
      if (to == verbs[verb].second.end()) {
        EXPECT_THAT(verbs[verb].first(disclosure), HasReason("ILLEGAL_TRANSITION"));
      } else {
        EXPECT_THAT(verbs[verb].first(disclosure), IsOk());
        EXPECT_EQ(disclosure.state(), to->second);
      }
    }
  }
}

TEST(DisclosureRulesTest, AnObjectionGoesItsWayAndBlocksClosingUntilItIsAnswered) {
  const Day start = Day::Of(2026, 3, 2);
  const Step later = On(Day::Of(2026, 4, 1));
  v1::Disclosure disclosure = Posted("days: 7 day_kind: DAY_KIND_NATURAL", start);
  ASSERT_THAT(AddObjection(disclosure, Proto<v1::Objection>("text: '名单有误'"), later), IsOk());
  EXPECT_EQ(disclosure.objections(0).objection_id(), "1");
  EXPECT_THAT(AddObjection(disclosure, Proto<v1::Objection>("objection_id: '1' text: 'x'"), later),
              HasReason(reasons::kDuplicateObjection));
  const auto closes = [&] {
    v1::Disclosure copy = disclosure;
    return Close(copy, Year2026(), later);
  };
  EXPECT_THAT(closes(), HasReason(reasons::kObjectionOpen));
  EXPECT_THAT(InvestigateObjection(disclosure, "1", "属实", later), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(AssignObjection(disclosure, "9", "members/li", later), HasReason(reasons::kUnknownObjection));
  ASSERT_THAT(AssignObjection(disclosure, "1", "members/li", later), IsOk());
  EXPECT_THAT(DecideObjection(disclosure, "1", true, later), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(InvestigateObjection(disclosure, "1", "属实", later), IsOk());
  EXPECT_THAT(ReplyObjection(disclosure, "1", "已更正", later), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(DecideObjection(disclosure, "1", true, later), IsOk());
  EXPECT_EQ(disclosure.objections(0).state(), v1::OBJECTION_STATE_UPHELD);
  EXPECT_THAT(closes(), HasReason(reasons::kObjectionOpen));
  ASSERT_THAT(ReplyObjection(disclosure, "1", "已更正", later), IsOk());
  EXPECT_THAT(closes(), IsOk());
  EXPECT_EQ(disclosure.objections(0).transitions_size(), 5);
}

TEST(DisclosureRulesTest, AWithdrawnNoticeStartsItsPeriodAnew) {
  v1::Disclosure disclosure = Posted("days: 7 day_kind: DAY_KIND_NATURAL", Day::Of(2026, 3, 2));
  ASSERT_THAT(Withdraw(disclosure, On(Day::Of(2026, 3, 4))), IsOk());
  ASSERT_THAT(Redraft(disclosure, On(Day::Of(2026, 3, 5))), IsOk());
  EXPECT_FALSE(disclosure.has_posted_on());
  ASSERT_THAT(ReviewSecrecy(disclosure, On(Day::Of(2026, 3, 5))), IsOk());
  ASSERT_THAT(Approve(disclosure, On(Day::Of(2026, 3, 5))), IsOk());
  ASSERT_THAT(Post(disclosure, Year2026(), On(Day::Of(2026, 3, 9))), IsOk());
  EXPECT_EQ(DayFromProto(disclosure.closes_on()), Day::Of(2026, 3, 16));
}

TEST(DisclosureRulesTest, CalendarsAreKnownFarEnough) {
  // Even when every second day were a day of rest, the period ends within the bound.
  const auto period = Proto<v1::PublicityPeriod>("days: 366 day_kind: DAY_KIND_WORKING");
  EXPECT_GT(LatestClosing(period, Day::Of(2026, 1, 1)), ClosesOn(period, Day::Of(2026, 1, 1), Year2026()).day);
}

}  // namespace
}  // namespace dangjian::pledge::disclosure_rules
