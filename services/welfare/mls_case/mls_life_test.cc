#include "services/welfare/mls_case/mls_life.h"

#include <functional>
#include <map>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "common/types/month.h"
#include "services/welfare/mls_case/mls_clock.h"
#include "services/welfare/mls_case/mls_decision.h"
#include "services/welfare/reasons.h"

namespace dangjian::welfare::mls {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::Proto;

Step On(Day day) { return {.day = day, .today = Day::Of(2026, 11, 20), .actor = "clerk"}; }
Step On(int month, int day) { return On(Day::Of(2026, month, day)); }

v1::MlsRuleSet Rules() {
  return Proto<v1::MlsRuleSet>(
      "name: 'mlsRuleSets/r' method: MLS_METHOD_DIFFERENCE standard_fen: 68000 stacking: MLS_STACKING_HIGHEST_ONLY "
      "clocks { start_survey: 3 start_check: 3 county_opinion: 10 refusal_notice: 3 whole: 30 whole_special: 45 } "
      "publicity_days: 7 publicity_day_kind: MLS_DAY_KIND_NATURAL review_months_stable: 12 review_months_irregular: 6");
}

// The year 2026 of worked example 7: rest from 1 to 7 October, Saturday 10 October worked.
WorkingDays Year2026() {
  auto calendar = Proto<registry::v1::Calendar>("name: 'calendars/2026' year: 2026");
  for (int day = 1; day <= 7; ++day) *calendar.add_holidays() = DayToProto(Day::Of(2026, 10, day));
  *calendar.add_make_up_days() = DayToProto(Day::Of(2026, 10, 10));
  WorkingDays days;
  days.Add(calendar);
  return days;
}

v1::MlsCase Draft() {
  auto row = Proto<v1::MlsCase>(
      "name: 'mlsCases/c' applicant: 'residents/a' payee_name: '张三' payee_reference: 'token-1' inputs { "
      "family { resident: 'residents/a' relation_code: '01' category: MLS_FAMILY_CATEGORY_COUNTED authorised_on { "
      "year: "
      "2026 month: 1 day: 5 } } family { resident: 'residents/b' category: MLS_FAMILY_CATEGORY_COUNTED minor: true } "
      "}");
  EXPECT_THAT(Initialize(row), IsOk());
  return row;
}

v1::MlsInvestigation Survey() {
  return Proto<v1::MlsInvestigation>("investigators: 'staff/zhao' investigators: 'staff/qian'");
}

v1::RecordMlsPrelimOpinionRequest Opinion() {
  return Proto<v1::RecordMlsPrelimOpinionRequest>("prepared_by: 'staff/zhao' text: '符合条件'");
}

// A case in a state before the decision, its steps on the days from 5 January 2026 on.
v1::MlsCase In(v1::MlsCaseState state) {
  v1::MlsCase row = Draft();
  const WorkingDays days = Year2026();
  const auto reached = [&] { return row.state() == state; };
  if (reached()) return row;
  EXPECT_THAT(Submit(row, On(1, 5)), IsOk());
  if (reached()) return row;
  EXPECT_THAT(Accept(row, false, Rules(), days, On(1, 5)), IsOk());
  if (state == v1::MLS_CASE_STATE_SUPPLEMENT_REQUESTED) {
    EXPECT_THAT(RequestSupplement(row, "户口簿", On(1, 5)), IsOk());
  }
  if (reached()) return row;
  EXPECT_THAT(Investigate(row, Survey(), On(1, 6)), IsOk());
  if (state == v1::MLS_CASE_STATE_CHECK_FAILED) {
    EXPECT_THAT(FailCheck(row, On(1, 6)), IsOk());
  }
  if (reached()) return row;
  EXPECT_THAT(RecordOpinion(row, Opinion(), Rules(), On(1, 7)), IsOk());
  if (reached()) return row;
  EXPECT_THAT(Post(row, "公示栏", Rules(), days, On(1, 7)), IsOk());
  if (reached()) return row;
  if (state == v1::MLS_CASE_STATE_TO_COUNTY) {
    EXPECT_THAT(SendToCounty(row, Rules(), days, On(1, 14)), IsOk());
    return row;
  }
  EXPECT_THAT(Object(row, "有车", true, On(1, 8)), IsOk());
  if (state == v1::MLS_CASE_STATE_RE_INVESTIGATION) {
    EXPECT_THAT(Reinvestigate(row, On(1, 8)), IsOk());
  }
  if (state == v1::MLS_CASE_STATE_DELIBERATION) {
    EXPECT_THAT(Deliberate(row, Proto<v1::DeliberateMlsCaseRequest>("participants: 9 in_favour: 7"), On(1, 8)), IsOk());
  }
  EXPECT_EQ(row.state(), state);
  return row;
}

TEST(MlsLifeTest, EveryStepBeforeTheDecisionIsLegalOrRefused) {
  using S = v1::MlsCaseState;
  const WorkingDays days = Year2026();
  const Step step = On(2, 2);
  const auto deliberation = Proto<v1::DeliberateMlsCaseRequest>("participants: 9 in_favour: 7");
  using Verb = std::function<absl::Status(v1::MlsCase&)>;
  const std::vector<std::pair<Verb, std::map<S, S>>> verbs = {
      {[&](auto& c) { return Submit(c, step); }, {{S::MLS_CASE_STATE_DRAFT, S::MLS_CASE_STATE_SUBMITTED}}},
      {[&](auto& c) { return Accept(c, false, Rules(), days, step); },
       {{S::MLS_CASE_STATE_SUBMITTED, S::MLS_CASE_STATE_ACCEPTED}}},
      {[&](auto& c) { return RequestSupplement(c, "x", step); },
       {{S::MLS_CASE_STATE_ACCEPTED, S::MLS_CASE_STATE_SUPPLEMENT_REQUESTED}}},
      {[&](auto& c) { return ReceiveSupplement(c, step); },
       {{S::MLS_CASE_STATE_SUPPLEMENT_REQUESTED, S::MLS_CASE_STATE_ACCEPTED}}},
      {[&](auto& c) { return Investigate(c, Survey(), step); },
       {{S::MLS_CASE_STATE_ACCEPTED, S::MLS_CASE_STATE_INVESTIGATING},
        {S::MLS_CASE_STATE_INVESTIGATING, S::MLS_CASE_STATE_INVESTIGATING},
        {S::MLS_CASE_STATE_RE_INVESTIGATION, S::MLS_CASE_STATE_INVESTIGATING}}},
      {[&](auto& c) { return FailCheck(c, step); },
       {{S::MLS_CASE_STATE_INVESTIGATING, S::MLS_CASE_STATE_CHECK_FAILED}}},
      {[&](auto& c) { return RebutCheck(c, step); },
       {{S::MLS_CASE_STATE_CHECK_FAILED, S::MLS_CASE_STATE_INVESTIGATING}}},
      {[&](auto& c) { return CloseFailed(c, step); }, {{S::MLS_CASE_STATE_CHECK_FAILED, S::MLS_CASE_STATE_CLOSED}}},
      {[&](auto& c) { return RecordOpinion(c, Opinion(), Rules(), step); },
       {{S::MLS_CASE_STATE_INVESTIGATING, S::MLS_CASE_STATE_PRELIM_OPINION},
        {S::MLS_CASE_STATE_RE_INVESTIGATION, S::MLS_CASE_STATE_PRELIM_OPINION},
        {S::MLS_CASE_STATE_DELIBERATION, S::MLS_CASE_STATE_PRELIM_OPINION}}},
      {[&](auto& c) { return Post(c, "", Rules(), days, step); },
       {{S::MLS_CASE_STATE_PRELIM_OPINION, S::MLS_CASE_STATE_IN_PUBLICITY}}},
      {[&](auto& c) { return Object(c, "x", false, step); },
       {{S::MLS_CASE_STATE_IN_PUBLICITY, S::MLS_CASE_STATE_OBJECTED},
        {S::MLS_CASE_STATE_OBJECTED, S::MLS_CASE_STATE_OBJECTED},
        {S::MLS_CASE_STATE_RE_INVESTIGATION, S::MLS_CASE_STATE_RE_INVESTIGATION},
        {S::MLS_CASE_STATE_DELIBERATION, S::MLS_CASE_STATE_DELIBERATION}}},
      {[&](auto& c) { return Reinvestigate(c, step); },
       {{S::MLS_CASE_STATE_OBJECTED, S::MLS_CASE_STATE_RE_INVESTIGATION}}},
      {[&](auto& c) { return Deliberate(c, deliberation, step); },
       {{S::MLS_CASE_STATE_OBJECTED, S::MLS_CASE_STATE_DELIBERATION},
        {S::MLS_CASE_STATE_RE_INVESTIGATION, S::MLS_CASE_STATE_DELIBERATION}}},
      {[&](auto& c) {
         // The opinion is posted first: see the tests of the publicity.
         return c.state() == S::MLS_CASE_STATE_PRELIM_OPINION ? IllegalTransition(c.name(), "", "")
                                                              : SendToCounty(c, Rules(), days, step);
       },
       {{S::MLS_CASE_STATE_IN_PUBLICITY, S::MLS_CASE_STATE_TO_COUNTY}}},
  };
  for (size_t verb = 0; verb < verbs.size(); ++verb) {
    for (int state = S::MLS_CASE_STATE_DRAFT; state <= S::MLS_CASE_STATE_TO_COUNTY; ++state) {
      SCOPED_TRACE(::testing::Message() << "verb " << verb << " in " << NameOf(static_cast<S>(state)));
      v1::MlsCase row = In(static_cast<S>(state));
      const auto to = verbs[verb].second.find(row.state());
      if (to == verbs[verb].second.end()) {
        EXPECT_THAT(verbs[verb].first(row), HasReason("ILLEGAL_TRANSITION"));
      } else {
        EXPECT_THAT(verbs[verb].first(row), IsOk());
        EXPECT_EQ(row.state(), to->second);
      }
    }
  }
}

TEST(MlsLifeTest, AnyApplicationMayEndEarlyAndThenNothingFollows) {
  for (int state = v1::MLS_CASE_STATE_DRAFT; state <= v1::MLS_CASE_STATE_TO_COUNTY; ++state) {
    v1::MlsCase row = In(static_cast<v1::MlsCaseState>(state));
    v1::MlsCase other = row;
    EXPECT_THAT(Terminate(row, On(2, 2)), IsOk());
    EXPECT_THAT(Withdraw(other, On(2, 2)), IsOk());
    EXPECT_THAT(Withdraw(row, On(2, 3)), HasReason("ILLEGAL_TRANSITION"));
    EXPECT_THAT(Submit(other, On(2, 3)), HasReason("ILLEGAL_TRANSITION"));
  }
}

TEST(MlsLifeTest, StepsAreDatedInOrderAndNotInTheFuture) {
  v1::MlsCase row = In(v1::MLS_CASE_STATE_ACCEPTED);
  EXPECT_THAT(Investigate(row, Survey(), On(1, 4)), HasReason("STEPS_OUT_OF_ORDER"));
  EXPECT_THAT(Investigate(row, Survey(), On(11, 21)), HasReason("DATE_IN_FUTURE"));
}

TEST(MlsLifeTest, EveryCountedAdultAuthorisesTheDataCheck) {
  v1::MlsCase row = Draft();
  row.mutable_inputs()->mutable_family(1)->set_minor(false);
  v1::MlsCase copy = row;
  EXPECT_THAT(Submit(copy, On(1, 5)), HasReason(reasons::kAuthorisationMissing));
  *row.mutable_inputs()->mutable_family(1)->mutable_authorised_on() = DayToProto(Day::Of(2026, 1, 6));
  copy = row;
  EXPECT_THAT(Submit(copy, On(1, 5)), HasReason(reasons::kAuthorisationMissing));
  EXPECT_THAT(Submit(row, On(1, 6)), IsOk());
}

TEST(MlsLifeTest, TheFamilyIsToldOnceWhatIsMissing) {
  v1::MlsCase row = In(v1::MLS_CASE_STATE_SUPPLEMENT_REQUESTED);
  ASSERT_THAT(ReceiveSupplement(row, On(1, 6)), IsOk());
  EXPECT_THAT(RequestSupplement(row, "还有", On(1, 7)), HasReason(reasons::kSupplementAlreadyRequested));
}

TEST(MlsLifeTest, TwoDifferentPersonsInvestigate) {
  v1::MlsCase row = In(v1::MLS_CASE_STATE_ACCEPTED);
  v1::MlsInvestigation survey = Survey();
  survey.set_investigators(1, "staff/zhao");
  EXPECT_THAT(Investigate(row, survey, On(1, 6)), HasReason(reasons::kTooFewInvestigators));
}

TEST(MlsLifeTest, AnInvestigationGrowsAndForgetsNothing) {
  v1::MlsCase row = In(v1::MLS_CASE_STATE_INVESTIGATING);
  ASSERT_THAT(
      Investigate(row, Proto<v1::MlsInvestigation>("check_report_number: '核1' relatives_flag: true"), On(1, 7)),
      IsOk());
  ASSERT_THAT(Investigate(row, Proto<v1::MlsInvestigation>("investigators: 'staff/li' finding: '属实'"), On(1, 8)),
              IsOk());
  EXPECT_THAT(row.investigation().investigators(), ::testing::ElementsAre("staff/zhao", "staff/qian", "staff/li"));
  EXPECT_EQ(row.investigation().check_report_number(), "核1");
  EXPECT_EQ(row.investigation().finding(), "属实");
  EXPECT_TRUE(row.investigation().relatives_flag());
  EXPECT_EQ(DayFromProto(row.investigation().started_on()), Day::Of(2026, 1, 6));
  v1::MlsCase again = In(v1::MLS_CASE_STATE_RE_INVESTIGATION);
  EXPECT_THAT(Investigate(again, Proto<v1::MlsInvestigation>("investigators: 'staff/li'"), On(1, 9)),
              HasReason(reasons::kTooFewInvestigators))
      << "another visit takes two again";
}

TEST(MlsLifeTest, AnInvestigationLiesBetweenTheAcceptanceAndToday) {
  for (const char* field : {"visited_on", "check_started_on"}) {
    const auto with = [&](int month, int day) {
      return Proto<v1::MlsInvestigation>(absl::StrCat("investigators: 'staff/zhao' investigators: 'staff/qian' ", field,
                                                      " { year: 2026 month: ", month, " day: ", day, " }"));
    };
    v1::MlsCase row = In(v1::MLS_CASE_STATE_ACCEPTED);
    EXPECT_THAT(Investigate(row, with(1, 4), On(1, 6)), HasReason("STEPS_OUT_OF_ORDER")) << field;
    row = In(v1::MLS_CASE_STATE_ACCEPTED);
    EXPECT_THAT(Investigate(row, with(11, 21), On(1, 6)), HasReason("DATE_IN_FUTURE")) << field;
    row = In(v1::MLS_CASE_STATE_ACCEPTED);
    EXPECT_THAT(Investigate(row, with(1, 5), On(1, 6)), IsOk()) << field;
  }
}

TEST(MlsLifeTest, AnotherInvestigationLeavesTheDayOnWhichTheCheckBegan) {
  const auto check = [](int day) {
    v1::MlsInvestigation survey = Survey();
    *survey.mutable_check_started_on() = DayToProto(Day::Of(2026, 1, day));
    return survey;
  };
  v1::MlsCase row = In(v1::MLS_CASE_STATE_ACCEPTED);
  ASSERT_THAT(Investigate(row, check(6), On(1, 6)), IsOk());
  ASSERT_THAT(Investigate(row, check(7), On(1, 7)), IsOk());
  EXPECT_EQ(DayFromProto(row.investigation().check_started_on()), Day::Of(2026, 1, 7)) << "a correction";
  row.set_state(v1::MLS_CASE_STATE_RE_INVESTIGATION);
  ASSERT_THAT(Investigate(row, check(20), On(1, 20)), IsOk());
  EXPECT_EQ(DayFromProto(row.investigation().check_started_on()), Day::Of(2026, 1, 7));
  EXPECT_THAT(Overdue(row, Day::Of(2026, 1, 21)), ::testing::IsEmpty()) << "it began in time";
}

TEST(MlsLifeTest, TheDataCheckAndTheOpinionNeedEveryAuthorisation) {
  v1::MlsCase row = In(v1::MLS_CASE_STATE_ACCEPTED);
  v1::MlsFamilyMember& adult = *row.mutable_inputs()->mutable_family(1);
  adult.set_minor(false);
  *adult.mutable_authorised_on() = DayToProto(Day::Of(2026, 1, 8));
  v1::MlsCase early = row;
  EXPECT_THAT(Investigate(early, Survey(), On(1, 7)), HasReason(reasons::kAuthorisationMissing));
  v1::MlsInvestigation survey = Survey();
  *survey.mutable_check_started_on() = DayToProto(Day::Of(2026, 1, 7));
  early = row;
  EXPECT_THAT(Investigate(early, survey, On(1, 8)), HasReason(reasons::kAuthorisationMissing))
      << "the check began before";
  ASSERT_THAT(Investigate(row, Survey(), On(1, 8)), IsOk());
  row.mutable_inputs()->mutable_family(1)->clear_authorised_on();
  v1::MlsCase refused = row;
  EXPECT_THAT(RecordOpinion(row, Opinion(), Rules(), On(1, 9)), HasReason(reasons::kAuthorisationMissing));
  auto refusal = Opinion();
  refusal.set_refuses(true);
  EXPECT_THAT(RecordOpinion(refused, refusal, Rules(), On(1, 9)), IsOk());
}

// A case that was objected to, looked into by others and handed over on 14 January.
v1::MlsCase PreparedTwice() {
  v1::MlsCase row = In(v1::MLS_CASE_STATE_RE_INVESTIGATION);
  row.mutable_opinions(0)->set_prepared_by("staff/zheng");
  const auto others = Proto<v1::MlsInvestigation>("investigators: 'staff/li' investigators: 'staff/wu'");
  EXPECT_THAT(Investigate(row, others, On(1, 9)), IsOk());
  auto opinion = Opinion();
  opinion.set_prepared_by("staff/zhou");
  EXPECT_THAT(RecordOpinion(row, opinion, Rules(), On(1, 12)), IsOk());
  EXPECT_THAT(AnswerObjection(row, Proto<v1::AnswerMlsObjectionRequest>("number: 1 reply: '属实'"), On(1, 12)), IsOk());
  v1::MlsCase early = row;
  EXPECT_THAT(SendToCounty(early, Rules(), Year2026(), On(1, 13)), HasReason(reasons::kPublicityNotOver))
      << "the posting runs until the 14th, whatever became of the opinion";
  EXPECT_THAT(SendToCounty(row, Rules(), Year2026(), On(1, 14)), IsOk());
  return row;
}

absl::Status ConfirmBy(v1::MlsCase row, const std::string& decider, const std::string& caller) {
  v1::ConfirmMlsCaseRequest request;
  request.mutable_note()->set_decided_by(decider);
  Step step = On(1, 20);
  step.actor = caller;
  Awards awards;
  return Confirm(row, awards, request, Rules(), step);
}

TEST(MlsLifeTest, WhoeverPreparedTheCaseAtAnyTimeDoesNotDecide) {
  const v1::MlsCase row = PreparedTwice();
  for (const char* preparer : {"staff/zhao", "staff/qian", "staff/zheng", "staff/li", "staff/wu", "staff/zhou"}) {
    EXPECT_THAT(ConfirmBy(row, preparer, "director"), HasReason(reasons::kApproverIsPreparer)) << preparer;
  }
  EXPECT_THAT(ConfirmBy(row, "staff/sun", "director"), IsOk());
}

TEST(MlsLifeTest, ACallerWhoRecordedThePreparationNamesWhoDecided) {
  const v1::MlsCase row = PreparedTwice();
  EXPECT_THAT(ConfirmBy(row, "", "clerk"), HasReason(reasons::kApproverIsPreparer));
  EXPECT_THAT(ConfirmBy(row, "", "director"), IsOk());
  EXPECT_THAT(ConfirmBy(row, "staff/sun", "clerk"), IsOk()) << "a clerk may record what the county decided";
  v1::MlsCase refused = row;
  EXPECT_THAT(Refuse(refused, Proto<v1::MlsDecisionNote>("reason: '超标'"), Rules(), Year2026(), On(1, 20)),
              HasReason(reasons::kApproverIsPreparer));
}

TEST(MlsLifeTest, ACaseWithoutAPayeeIsCompletedUntilTheDecision) {
  v1::MlsCase row = In(v1::MLS_CASE_STATE_TO_COUNTY);
  row.clear_payee_reference();
  EXPECT_THAT(ConfirmBy(row, "staff/sun", "clerk"), HasReason(reasons::kPayeeMissing));
  const auto payee = Proto<v1::ChangeMlsPayeeRequest>("payee_name: '李四' payee_reference: 'token-2'");
  Awards awards;
  for (int state = v1::MLS_CASE_STATE_PRELIM_OPINION; state <= v1::MLS_CASE_STATE_TO_COUNTY; ++state) {
    v1::MlsCase other = In(static_cast<v1::MlsCaseState>(state));
    EXPECT_THAT(ChangePayee(other, awards, payee, On(1, 20)), IsOk()) << NameOf(other.state());
    EXPECT_EQ(other.state(), state);
  }
  v1::MlsCase early = In(v1::MLS_CASE_STATE_INVESTIGATING);
  EXPECT_THAT(ChangePayee(early, awards, payee, On(1, 20)), HasReason("ILLEGAL_TRANSITION")) << "an update does it";
  ASSERT_THAT(ChangePayee(row, awards, payee, On(1, 20)), IsOk());
  const auto decision = Proto<v1::ConfirmMlsCaseRequest>("note { decided_by: 'staff/sun' }");
  ASSERT_THAT(Confirm(row, awards, decision, Rules(), On(1, 20)), IsOk());
  EXPECT_EQ(awards[0].payee_reference(), "token-2");
}

TEST(MlsLifeTest, AnObjectionIsTakenWheneverSomethingIsPosted) {
  for (const auto state : {v1::MLS_CASE_STATE_RE_INVESTIGATION, v1::MLS_CASE_STATE_DELIBERATION}) {
    v1::MlsCase row = In(state);
    ASSERT_THAT(Object(row, "有房", false, On(1, 9)), IsOk());
    EXPECT_EQ(row.state(), state);
    EXPECT_EQ(row.objections_size(), 2);
    EXPECT_EQ(row.objections(1).state(), v1::MLS_OBJECTION_STATE_OPEN);
  }
  v1::MlsCase row = In(v1::MLS_CASE_STATE_RE_INVESTIGATION);
  ASSERT_THAT(Investigate(row, Survey(), On(1, 9)), IsOk());
  ASSERT_THAT(Object(row, "有房", false, On(1, 9)), IsOk());
  EXPECT_EQ(row.state(), v1::MLS_CASE_STATE_INVESTIGATING);
  ASSERT_THAT(RecordOpinion(row, Opinion(), Rules(), On(1, 10)), IsOk());
  ASSERT_THAT(Object(row, "有店", false, On(1, 11)), IsOk());
  EXPECT_EQ(row.state(), v1::MLS_CASE_STATE_OBJECTED) << "the new opinion does not know of it";
  EXPECT_EQ(row.objections_size(), 3);
  v1::MlsCase unposted = In(v1::MLS_CASE_STATE_PRELIM_OPINION);
  EXPECT_THAT(Object(unposted, "有房", false, On(1, 9)), HasReason("ILLEGAL_TRANSITION"));
}

TEST(MlsLifeTest, ThePostedLastDayStandsOnceItsCalendarWasKnown) {
  v1::MlsRuleSet longer = Rules();
  longer.set_publicity_days(30);
  v1::MlsCase row = In(v1::MLS_CASE_STATE_IN_PUBLICITY);
  ASSERT_FALSE(IsPostingProvisional(row));
  SettlePosting(row, longer, Year2026());
  EXPECT_EQ(DayFromProto(row.publicities(0).ends_on()), Day::Of(2026, 1, 14));
  v1::MlsCase open = In(v1::MLS_CASE_STATE_PRELIM_OPINION);
  ASSERT_THAT(Post(open, "", Rules(), WorkingDays(), On(9, 28)), IsOk());
  EXPECT_TRUE(IsPostingProvisional(open));
  EXPECT_EQ(DayFromProto(open.publicities(0).ends_on()), Day::Of(2026, 10, 5));
  SettlePosting(open, Rules(), Year2026());
  EXPECT_FALSE(IsPostingProvisional(open));
  EXPECT_EQ(DayFromProto(open.publicities(0).ends_on()), Day::Of(2026, 10, 8));
}

TEST(MlsLifeTest, TheHandOverAndTheGrantNeedEveryAuthorisationToo) {
  v1::MlsCase row = In(v1::MLS_CASE_STATE_IN_PUBLICITY);
  row.mutable_inputs()->mutable_family(1)->set_minor(false);
  EXPECT_THAT(SendToCounty(row, Rules(), Year2026(), On(1, 14)), HasReason(reasons::kAuthorisationMissing));
  v1::MlsCase sent = In(v1::MLS_CASE_STATE_TO_COUNTY);
  sent.mutable_inputs()->mutable_family(1)->set_minor(false);
  EXPECT_THAT(ConfirmBy(sent, "staff/sun", "clerk"), HasReason(reasons::kAuthorisationMissing));
}

TEST(MlsLifeTest, BadContentIsNamedFieldByField) {
  v1::MlsCase row = Draft();
  row.set_applicant("residents/x");
  auto& family = *row.mutable_inputs()->mutable_family();
  family[1].set_resident("residents/a");
  family[1].add_top_up_codes("SEVERE_DISABILITY");
  family[1].set_category(v1::MLS_FAMILY_CATEGORY_EXCLUDED);
  row.mutable_inputs()->add_incomes()->set_resident("residents/x");
  row.add_assets()->set_resident("residents/y");
  EXPECT_THAT(testing::ViolationsOf(CheckContent(row)),
              ::testing::ElementsAre("mls_case.inputs.family[1].resident DUPLICATE_FAMILY_MEMBER",
                                     "mls_case.inputs.family[1].exclusion_reason EXCLUSION_REASON_MISSING",
                                     "mls_case.inputs.family[1].top_up_codes SENSITIVE_FIELD_NOT_ACCEPTED",
                                     "mls_case.inputs.incomes[0].resident NOT_IN_FAMILY",
                                     "mls_case.applicant APPLICANT_NOT_IN_FAMILY",
                                     "mls_case.assets[0].resident NOT_IN_FAMILY"));
}

TEST(MlsLifeTest, ATopUpThatTheRuleSetMarksAsHealthIsNotAccepted) {
  v1::MlsCase row = In(v1::MLS_CASE_STATE_INVESTIGATING);
  row.mutable_inputs()->mutable_family(0)->add_top_up_codes("LOCAL_CARE");
  v1::MlsRuleSet rules = Rules();
  *rules.add_top_ups() = Proto<v1::MlsTopUp>("code: 'LOCAL_CARE' fixed_fen: 100 health_fact: true");
  v1::MlsCase copy = row;
  EXPECT_THAT(RecordOpinion(copy, Opinion(), rules, On(1, 7)), HasReason("SENSITIVE_FIELD_NOT_ACCEPTED"));
  rules.mutable_top_ups(0)->set_health_fact(false);
  EXPECT_THAT(RecordOpinion(row, Opinion(), rules, On(1, 7)), IsOk());
  EXPECT_EQ(row.opinions(0).amount_fen(), 2 * 68'000 + 100);
}

TEST(MlsLifeTest, WorkedExample7PublicityByTheCalendar) {
  const Day monday = Day::Of(2026, 9, 28);
  v1::MlsRuleSet rules = Rules();
  EXPECT_EQ(PublicityEnds(rules, Year2026(), monday), (DueDay{Day::Of(2026, 10, 8), false}))
      << "5 October is a holiday";
  rules.set_publicity_day_kind(v1::MLS_DAY_KIND_WORKING);
  rules.set_publicity_days(5);
  EXPECT_EQ(PublicityEnds(rules, Year2026(), monday), (DueDay{Day::Of(2026, 10, 10), false})) << "a Saturday, worked";
  EXPECT_EQ(PublicityEnds(rules, WorkingDays(), monday), (DueDay{Day::Of(2026, 10, 5), true})) << "no calendar yet";
}

TEST(MlsLifeTest, AnOpenObjectionOrARunningPublicityBlocks) {
  const WorkingDays days = Year2026();
  v1::MlsCase early = In(v1::MLS_CASE_STATE_IN_PUBLICITY);
  EXPECT_EQ(DayFromProto(early.publicities(0).ends_on()), Day::Of(2026, 1, 14));
  EXPECT_EQ(early.publicities(0).persons(), 2);
  EXPECT_EQ(early.publicities(0).amount_fen(), 136'000);
  EXPECT_THAT(SendToCounty(early, Rules(), days, On(1, 13)), HasReason(reasons::kPublicityNotOver));

  v1::MlsCase row = In(v1::MLS_CASE_STATE_DELIBERATION);
  ASSERT_THAT(RecordOpinion(row, Opinion(), Rules(), On(1, 15)), IsOk());
  v1::MlsCase open = row;
  EXPECT_THAT(SendToCounty(open, Rules(), days, On(1, 16)), HasReason(reasons::kCaseObjectionOpen));
  const auto answer = Proto<v1::AnswerMlsObjectionRequest>("number: 1 reply: '车已报废'");
  ASSERT_THAT(AnswerObjection(row, answer, On(1, 16)), IsOk());
  EXPECT_THAT(AnswerObjection(row, answer, On(1, 16)), HasReason(reasons::kUnknownCaseObjection));
  v1::MlsRuleSet strict = Rules();
  strict.set_second_publicity_required(true);
  v1::MlsCase again = row;
  EXPECT_THAT(SendToCounty(again, strict, days, On(1, 16)), HasReason(reasons::kPublicityMissing));
  EXPECT_THAT(SendToCounty(row, Rules(), days, On(1, 16)), IsOk());
}

TEST(MlsLifeTest, AnOpinionIsPostedUnlessItIsToRefuse) {
  const WorkingDays days = Year2026();
  v1::MlsCase row = In(v1::MLS_CASE_STATE_PRELIM_OPINION);
  EXPECT_THAT(SendToCounty(row, Rules(), days, On(1, 8)), HasReason(reasons::kPublicityMissing));
  v1::MlsCase refused = In(v1::MLS_CASE_STATE_INVESTIGATING);
  auto opinion = Opinion();
  opinion.set_refuses(true);
  ASSERT_THAT(RecordOpinion(refused, opinion, Rules(), On(1, 7)), IsOk());
  v1::MlsCase posted = refused;
  EXPECT_THAT(Post(posted, "", Rules(), days, On(1, 7)), HasReason(reasons::kOpinionNotInFavour));
  EXPECT_THAT(SendToCounty(refused, Rules(), days, On(1, 8)), IsOk());
}

TEST(MlsLifeTest, WhoIsNotEntitledGetsNoOpinionInFavour) {
  v1::MlsCase row = In(v1::MLS_CASE_STATE_INVESTIGATING);
  *row.mutable_inputs()->add_incomes() =
      Proto<v1::MlsIncomeLine>("kind: MLS_INCOME_KIND_TRANSFER amount_fen: 136000 months: 1");
  EXPECT_THAT(RecordOpinion(row, Opinion(), Rules(), On(1, 7)), HasReason(reasons::kNotEntitled));
}

TEST(MlsLifeTest, ClocksRunInWorkingDaysFromAcceptance) {
  v1::MlsCase row = In(v1::MLS_CASE_STATE_SUBMITTED);
  v1::MlsCase special = row;
  ASSERT_THAT(Accept(row, false, Rules(), Year2026(), On(9, 28)), IsOk());
  EXPECT_EQ(DayFromProto(row.clocks().survey_due()), Day::Of(2026, 10, 8)) << "29, 30 September, 8 October";
  EXPECT_EQ(DayFromProto(row.clocks().whole_due()), Day::Of(2026, 11, 13)) << "30 working days";
  EXPECT_FALSE(row.clocks().provisional());
  ASSERT_THAT(Accept(special, true, Rules(), WorkingDays(), On(9, 28)), IsOk());
  EXPECT_EQ(DayFromProto(special.clocks().whole_due()), Day::Of(2026, 11, 30)) << "45 days, Monday to Friday";
  EXPECT_TRUE(special.clocks().provisional());
  EXPECT_THAT(Overdue(row, Day::Of(2026, 10, 8)), ::testing::IsEmpty());
  EXPECT_THAT(Overdue(row, Day::Of(2026, 10, 9)),
              ::testing::ElementsAre(v1::MLS_CLOCK_KIND_START_SURVEY, v1::MLS_CLOCK_KIND_START_CHECK));
  ASSERT_THAT(Investigate(row, Survey(), On(10, 9)), IsOk());
  EXPECT_THAT(
      Overdue(row, Day::Of(2026, 11, 14)),
      ::testing::ElementsAre(v1::MLS_CLOCK_KIND_START_SURVEY, v1::MLS_CLOCK_KIND_START_CHECK, v1::MLS_CLOCK_KIND_WHOLE))
      << "begun a day late, and not decided in time";
}

TEST(MlsLifeTest, ARefusalIsToldWithinThreeWorkingDays) {
  v1::MlsCase row = In(v1::MLS_CASE_STATE_TO_COUNTY);
  EXPECT_EQ(DayFromProto(row.clocks().county_due()), Day::Of(2026, 1, 28));
  const auto note = Proto<v1::MlsDecisionNote>("decided_by: 'staff/sun' reason: '收入超标'");
  ASSERT_THAT(Refuse(row, note, Rules(), Year2026(), On(1, 23)), IsOk());
  EXPECT_EQ(row.state(), v1::MLS_CASE_STATE_NOT_CONFIRMED);
  EXPECT_EQ(DayFromProto(row.clocks().refusal_notice_due()), Day::Of(2026, 1, 28));
  EXPECT_THAT(Overdue(row, Day::Of(2026, 1, 29)), ::testing::ElementsAre(v1::MLS_CLOCK_KIND_REFUSAL_NOTICE));
  const auto notice = Proto<v1::NotifyMlsDecisionRequest>("number: 1 notice_number: '告1'");
  ASSERT_THAT(NotifyDecision(row, notice, On(1, 28)), IsOk());
  EXPECT_THAT(Overdue(row, Day::Of(2026, 11, 1)), ::testing::IsEmpty());
  EXPECT_THAT(NotifyDecision(row, notice, On(1, 29)), HasReason(reasons::kNoticeAlreadyGiven));
}

TEST(MlsLifeTest, ReviewsFollowTheFamily) {
  v1::MlsCase row = Draft();
  ScheduleReview(row, Rules(), Day::Of(2026, 4, 1));
  EXPECT_EQ(row.review_class(), v1::MLS_REVIEW_CLASS_STABLE);
  EXPECT_EQ(DayFromProto(row.next_review_due()), Day::Of(2027, 4, 30));
  row.mutable_inputs()->mutable_family(0)->set_able_to_work(true);
  ScheduleReview(row, Rules(), Day::Of(2026, 4, 1));
  EXPECT_EQ(row.review_class(), v1::MLS_REVIEW_CLASS_IRREGULAR);
  EXPECT_EQ(DayFromProto(row.next_review_due()), Day::Of(2026, 10, 31));
}

TEST(MlsLifeTest, ANewAmountMovesAReviewNearerButNeverAway) {
  v1::MlsCase row = Draft();
  row.set_irregular_income(true);
  ScheduleReview(row, Rules(), Day::Of(2026, 4, 1));
  row.set_irregular_income(false);
  AdvanceReview(row, Rules(), Day::Of(2026, 10, 1));
  EXPECT_EQ(row.review_class(), v1::MLS_REVIEW_CLASS_STABLE);
  EXPECT_EQ(DayFromProto(row.next_review_due()), Day::Of(2026, 10, 31)) << "still due";
  row.set_irregular_income(true);
  AdvanceReview(row, Rules(), Day::Of(2026, 2, 1));
  EXPECT_EQ(DayFromProto(row.next_review_due()), Day::Of(2026, 8, 31));
}

TEST(MlsLifeTest, CalendarsAreKnownFarEnough) {
  v1::MlsRuleSet rules = Rules();
  rules.mutable_clocks()->set_whole_special(366);
  v1::MlsCase row = In(v1::MLS_CASE_STATE_SUBMITTED);
  ASSERT_THAT(Accept(row, true, rules, Year2026(), On(1, 5)), IsOk());
  EXPECT_GT(LatestDue(rules, Day::Of(2026, 1, 5)), DayOr(row.clocks().whole_due(), Day::Max()));
}

}  // namespace
}  // namespace dangjian::welfare::mls
