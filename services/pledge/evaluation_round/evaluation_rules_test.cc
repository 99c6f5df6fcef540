#include "services/pledge/evaluation_round/evaluation_rules.h"

#include <functional>
#include <map>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"

namespace dangjian::pledge::evaluation_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

constexpr char kGrades[] =
    "grades { code: 'GOOD' label: '好' points: 100 } grades { code: 'FAIR' label: '较好' points: 80 } "
    "grades { code: 'SO_SO' label: '一般' points: 60 } grades { code: 'POOR' label: '差' points: 0 } ";
constexpr char kResidents[] = "groups { code: 'RESIDENTS' label: '居民' weight_bps: 10000 minimum_ballots: 10 } ";
constexpr char kBallots[] =
    "group: 'RESIDENTS' issued: 110 returned: 105 valid: 100 blank: 3 spoiled: 2 "
    "grades { grade: 'GOOD' ballots: 60 } grades { grade: 'FAIR' ballots: 25 } grades { grade: 'SO_SO' ballots: 10 } "
    "grades { grade: 'POOR' ballots: 5 }";

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 11, 20)}; }

v1::EvaluationRound Round(const std::string& groups = kResidents, const std::string& more = "") {
  auto round = Proto<v1::EvaluationRound>(
      "name: 'evaluationRounds/r' direction: EVALUATION_DIRECTION_COMMITTEES ratees: 'organizations/east-branch' "
      "held_on { year: 2026 month: 6 day: 20 } scheme { " +
      std::string(kGrades) + groups + "} " + more);
  Initialize(round);
  return round;
}

google::protobuf::RepeatedPtrField<v1::TallySheet> Sheets(const std::vector<std::string>& texts) {
  google::protobuf::RepeatedPtrField<v1::TallySheet> sheets;
  for (const std::string& text : texts) *sheets.Add() = Proto<v1::TallySheet>(text);
  return sheets;
}

v1::EvaluationRound Tallied(v1::EvaluationRound round, const std::vector<std::string>& sheets) {
  EXPECT_THAT(Open(round, On(6, 20)), IsOk());
  EXPECT_THAT(AddTallySheets(round, Sheets(sheets)), IsOk());
  EXPECT_THAT(Close(round, On(6, 20)), IsOk());
  EXPECT_THAT(Tally(round, On(6, 21)), IsOk());
  return round;
}

TEST(EvaluationRulesTest, WorkedExample9) {
  const v1::EvaluationRound round = Tallied(Round(), {kBallots});
  EXPECT_EQ(round.state(), v1::EVALUATION_STATE_TALLIED);
  ASSERT_EQ(round.scores_size(), 1);
  EXPECT_EQ(round.scores(0).score_hundredths(), 8600) << "100 valid ballots decide, not 105 returned";
  EXPECT_FALSE(round.scores(0).incomplete());
}

TEST(EvaluationRulesTest, AGroupBelowItsMinimumMakesTheRoundIncomplete) {
  const v1::EvaluationRound round =
      Tallied(Round("groups { code: 'RESIDENTS' label: '居民' weight_bps: 4000 minimum_ballots: 10 } "
                    "groups { code: 'MEMBERS' label: '党员' weight_bps: 6000 minimum_ballots: 5 } "),
              {"group: 'RESIDENTS' issued: 12 returned: 8 valid: 8 grades { grade: 'GOOD' ballots: 8 }",
               "group: 'MEMBERS' issued: 20 returned: 20 valid: 20 grades { grade: 'GOOD' ballots: 20 }"});
  EXPECT_EQ(round.state(), v1::EVALUATION_STATE_INCOMPLETE);
  EXPECT_TRUE(round.scores(0).incomplete());
  EXPECT_EQ(round.scores(0).score_hundredths(), 0);
  EXPECT_THAT(round.scores(0).missing_groups(), ::testing::ElementsAre("RESIDENTS"));
}

TEST(EvaluationRulesTest, AMissingSheetMakesTheRoundIncomplete) {
  EXPECT_EQ(Tallied(Round(), {}).state(), v1::EVALUATION_STATE_INCOMPLETE);
}

TEST(EvaluationRulesTest, ScoresAreExactAndRoundedOnceHalfUp) {
  EXPECT_EQ(WeightedScore({{10'000, 200, 3}}), 6667);  // 66.666…
  EXPECT_EQ(WeightedScore({{10'000, 100, 3}}), 3333);  // 33.333…
  // 0.5 × 1/3 + 0.5 × 2/3 of 100 is 50 exactly; rounding the groups first would not give it.
  EXPECT_EQ(WeightedScore({{5'000, 100, 3}, {5'000, 200, 3}}), 5000);
  EXPECT_EQ(WeightedScore({{1, 5'000, 100}, {9'999, 0, 100}}), 1);  // 0.005 → 0.01
  EXPECT_EQ(WeightedScore({{1, 4'999, 100}, {9'999, 0, 100}}), 0);  // 0.004999 → 0.00
  // The largest numbers that the contract lets in, with denominators that share no factor.
  EXPECT_EQ(WeightedScore({{2'000, 99'999'100, 999'991},
                           {2'000, 99'998'300, 999'983},
                           {2'000, 99'997'900, 999'979},
                           {2'000, 99'996'100, 999'961},
                           {2'000, 99'995'900, 999'959}}),
            10'000);
}

TEST(EvaluationRulesTest, ASheetMustAddUp) {
  const auto record = [](const std::string& sheet) {
    v1::EvaluationRound round = Round();
    EXPECT_THAT(Open(round, On(6, 20)), IsOk());
    const absl::Status status = AddTallySheets(round, Sheets({sheet}));
    EXPECT_EQ(round.tally_sheets_size(), status.ok() ? 1 : 0);
    return status;
  };
  EXPECT_THAT(record(kBallots), IsOk());
  EXPECT_THAT(record("group: 'RESIDENTS' issued: 10 returned: 11 valid: 11 grades { grade: 'GOOD' ballots: 11 }"),
              HasReason(reasons::kReturnedExceedsIssued));
  EXPECT_THAT(
      record("group: 'RESIDENTS' issued: 10 returned: 10 valid: 8 blank: 1 grades { grade: 'GOOD' ballots: 8 }"),
      HasReason(reasons::kBallotsDoNotAddUp));
  EXPECT_THAT(record("group: 'RESIDENTS' issued: 10 returned: 10 valid: 10 grades { grade: 'GOOD' ballots: 9 }"),
              HasReason(reasons::kBallotsDoNotAddUp));
  EXPECT_THAT(record("group: 'NOBODY' issued: 1 returned: 0"), HasReason(reasons::kUnknownGroup));
  EXPECT_THAT(record("group: 'RESIDENTS' issued: 1 returned: 1 valid: 1 grades { grade: 'SUPER' ballots: 1 }"),
              HasReason(reasons::kUnknownGrade));
  EXPECT_THAT(record("group: 'RESIDENTS' issued: 2 returned: 2 valid: 2 grades { grade: 'GOOD' ballots: 1 } grades { "
                     "grade: 'GOOD' ballots: 1 }"),
              HasReason(reasons::kDuplicateCode));
  EXPECT_THAT(record("group: 'RESIDENTS' ratee: 'members/li' issued: 1 returned: 0"),
              HasReason(reasons::kUnknownRatee));
}

TEST(EvaluationRulesTest, ALaterSheetOfTheSameBoxReplacesTheEarlier) {
  v1::EvaluationRound round = Round();
  ASSERT_THAT(Open(round, On(6, 20)), IsOk());
  ASSERT_THAT(AddTallySheets(round, Sheets({kBallots})), IsOk());
  ASSERT_THAT(AddTallySheets(round, Sheets({"group: 'RESIDENTS' issued: 20 returned: 20 valid: 20 grades { grade: "
                                            "'GOOD' ballots: 20 }"})),
              IsOk());
  ASSERT_EQ(round.tally_sheets_size(), 1);
  EXPECT_EQ(round.tally_sheets(0).issued(), 20);
}

TEST(EvaluationRulesTest, TheSchemeMustHoldTogether) {
  const auto check = [](const v1::EvaluationRound& round) {
    Violations violations;
    CheckContent(round, violations);
    return violations.ToStatus();
  };
  EXPECT_THAT(check(Round()), IsOk());
  EXPECT_THAT(check(Round("groups { code: 'RESIDENTS' label: 'x' weight_bps: 9999 minimum_ballots: 1 } ")),
              HasReason(reasons::kWeightsDoNotAddUp));
  EXPECT_THAT(check(Round("groups { code: 'A' label: 'x' weight_bps: 5000 } groups { code: 'A' label: 'y' weight_bps: "
                          "5000 } ")),
              HasReason(reasons::kDuplicateCode));
  EXPECT_THAT(check(Round(kResidents, "ratees: 'members/li'")), HasReason(reasons::kRateeKindMismatch));
  EXPECT_THAT(check(Round(kResidents, "ratees: 'organizations/east-branch'")), HasReason(reasons::kDuplicateRatee));
}

v1::EvaluationRound OfMembers() {
  v1::EvaluationRound round = Round();
  round.set_direction(v1::EVALUATION_DIRECTION_MEMBERS);
  round.clear_ratees();
  round.add_ratees("members/li");
  round.add_ratees("members/wang");
  return round;
}

constexpr char kLi[] =
    "ratee: 'members/li' group: 'RESIDENTS' issued: 10 returned: 10 valid: 10 grades { grade: 'GOOD' "
    "ballots: 10 }";
constexpr char kWang[] =
    "ratee: 'members/wang' group: 'RESIDENTS' issued: 10 returned: 10 valid: 10 grades { grade: "
    "'FAIR' ballots: 10 }";

google::protobuf::RepeatedPtrField<v1::MemberResult> Results(const std::vector<std::string>& texts) {
  google::protobuf::RepeatedPtrField<v1::MemberResult> results;
  for (const std::string& text : texts) *results.Add() = Proto<v1::MemberResult>(text);
  return results;
}

// domain.md, section 6, example 8: 优秀 in a branch of 37 is floor(37/3) = 12.
TEST(EvaluationRulesTest, WorkedExample8AThirdOf37Is12) {
  std::string ratees;
  for (int i = 1; i <= 37; ++i) absl::StrAppend(&ratees, "ratees: 'members/m-", i, "' ");
  auto round = Proto<v1::EvaluationRound>(
      "name: 'evaluationRounds/r' direction: EVALUATION_DIRECTION_MEMBERS state: EVALUATION_STATE_TALLIED "
      "scheme { grades { code: 'EXCELLENT' label: '优秀' points: 100 at_most_one_in: 3 } "
      "grades { code: 'GOOD' label: '合格' points: 80 } } " +
      ratees);
  const auto grade = [&](int excellent) {
    std::vector<std::string> texts;
    for (int i = 1; i <= 37; ++i) {
      texts.push_back(absl::StrCat("member: 'members/m-", i, "' grade: '", i <= excellent ? "EXCELLENT" : "GOOD", "'"));
    }
    ASSERT_THAT(SetMemberResults(round, Results(texts)), IsOk());
  };
  grade(13);
  EXPECT_THAT(Confirm(round, On(6, 25)), HasReason(reasons::kGradeLimitExceeded));
  EXPECT_EQ(round.state(), v1::EVALUATION_STATE_TALLIED);
  grade(12);
  EXPECT_THAT(Confirm(round, On(6, 25)), IsOk());
}

TEST(EvaluationRulesTest, MembersGetAScoreEachAndADecisionBeforeConfirmation) {
  v1::EvaluationRound round = Tallied(OfMembers(), {kLi, kWang});
  ASSERT_EQ(round.scores_size(), 2);
  EXPECT_EQ(round.scores(0).score_hundredths(), 10'000);
  EXPECT_EQ(round.scores(1).score_hundredths(), 8'000);
  EXPECT_THAT(Confirm(round, On(6, 25)), HasReason(reasons::kResultsMissing));
  EXPECT_THAT(SetMemberResults(round, Results({"member: 'members/zhao' grade: 'GOOD'"})),
              HasReason(reasons::kUnknownRatee));
  EXPECT_THAT(SetMemberResults(round, Results({"member: 'members/li' grade: 'SUPER'"})),
              HasReason(reasons::kUnknownGrade));
  ASSERT_THAT(SetMemberResults(round, Results({"member: 'members/li' grade: 'GOOD'"})), IsOk());
  EXPECT_THAT(Confirm(round, On(6, 25)), HasReason(reasons::kResultsMissing));
  ASSERT_THAT(
      SetMemberResults(round, Results({"member: 'members/li' grade: 'FAIR'", "member: 'members/wang' grade: 'FAIR'"})),
      IsOk());
  EXPECT_EQ(round.member_results_size(), 2);
  EXPECT_EQ(round.member_results(0).grade(), "FAIR");
  EXPECT_THAT(Confirm(round, On(6, 25)), IsOk());
}

TEST(EvaluationRulesTest, AMemberWithoutBallotsMakesTheRoundIncomplete) {
  const v1::EvaluationRound round = Tallied(OfMembers(), {kLi});
  EXPECT_EQ(round.state(), v1::EVALUATION_STATE_INCOMPLETE);
  EXPECT_FALSE(round.scores(0).incomplete());
  EXPECT_TRUE(round.scores(1).incomplete());
}

TEST(EvaluationRulesTest, CommitteesHaveNoMemberResults) {
  v1::EvaluationRound round = Tallied(Round(), {kBallots});
  EXPECT_THAT(SetMemberResults(round, Results({"member: 'members/li' grade: 'GOOD'"})),
              HasReason(reasons::kWrongDirection));
}

TEST(EvaluationRulesTest, ARoundClosesOnItsDayAtTheEarliest) {
  v1::EvaluationRound round = Round();
  ASSERT_THAT(Open(round, On(6, 1)), IsOk());
  EXPECT_THAT(Close(round, On(6, 19)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  EXPECT_THAT(Close(round, On(6, 20)), IsOk());
}

TEST(EvaluationRulesTest, EveryTransitionIsLegalOrRefused) {
  const auto in = [](v1::EvaluationState state) {
    v1::EvaluationRound round = Round();
    if (state == v1::EVALUATION_STATE_DRAFT) return round;
    EXPECT_THAT(Open(round, On(6, 20)), IsOk());
    if (state == v1::EVALUATION_STATE_OPEN) return round;
    if (state != v1::EVALUATION_STATE_INCOMPLETE) {
      EXPECT_THAT(AddTallySheets(round, Sheets({kBallots})), IsOk());
    }
    EXPECT_THAT(Close(round, On(6, 20)), IsOk());
    if (state == v1::EVALUATION_STATE_CLOSED) return round;
    EXPECT_THAT(Tally(round, On(6, 20)), IsOk());
    if (state == v1::EVALUATION_STATE_TALLIED || state == v1::EVALUATION_STATE_INCOMPLETE) return round;
    EXPECT_THAT(Confirm(round, On(6, 20)), IsOk());
    if (state == v1::EVALUATION_STATE_CONFIRMED) return round;
    EXPECT_THAT(Notify(round, On(6, 20)), IsOk());
    return round;
  };
  const Step step = On(7, 1);
  using Verb = std::function<absl::Status(v1::EvaluationRound&)>;
  using v1::EVALUATION_STATE_CLOSED, v1::EVALUATION_STATE_CONFIRMED, v1::EVALUATION_STATE_DRAFT,
      v1::EVALUATION_STATE_INCOMPLETE, v1::EVALUATION_STATE_NOTIFIED, v1::EVALUATION_STATE_OPEN,
      v1::EVALUATION_STATE_TALLIED;
  const std::vector<std::pair<Verb, std::map<v1::EvaluationState, v1::EvaluationState>>> verbs = {
      {[&](v1::EvaluationRound& r) { return Open(r, step); }, {{EVALUATION_STATE_DRAFT, EVALUATION_STATE_OPEN}}},
      {[&](v1::EvaluationRound& r) { return AddTallySheets(r, Sheets({kBallots})); },
       {{EVALUATION_STATE_OPEN, EVALUATION_STATE_OPEN}}},
      {[&](v1::EvaluationRound& r) { return Close(r, step); }, {{EVALUATION_STATE_OPEN, EVALUATION_STATE_CLOSED}}},
      {[&](v1::EvaluationRound& r) { return Tally(r, step); }, {{EVALUATION_STATE_CLOSED, EVALUATION_STATE_TALLIED}}},
      {[&](v1::EvaluationRound& r) { return Confirm(r, step); },
       {{EVALUATION_STATE_TALLIED, EVALUATION_STATE_CONFIRMED}}},
      {[&](v1::EvaluationRound& r) { return Notify(r, step); },
       {{EVALUATION_STATE_CONFIRMED, EVALUATION_STATE_NOTIFIED}}},
      {[&](v1::EvaluationRound& r) { return Reopen(r, step); },
       {{EVALUATION_STATE_CLOSED, EVALUATION_STATE_OPEN},
        {EVALUATION_STATE_TALLIED, EVALUATION_STATE_OPEN},
        {EVALUATION_STATE_INCOMPLETE, EVALUATION_STATE_OPEN},
        {EVALUATION_STATE_CONFIRMED, EVALUATION_STATE_OPEN},
        {EVALUATION_STATE_NOTIFIED, EVALUATION_STATE_OPEN}}},
      {[&](v1::EvaluationRound& r) { return CheckEditable(r); }, {{EVALUATION_STATE_DRAFT, EVALUATION_STATE_DRAFT}}},
  };
  for (size_t verb = 0; verb < verbs.size(); ++verb) {
    for (const v1::EvaluationState state :
         {EVALUATION_STATE_DRAFT, EVALUATION_STATE_OPEN, EVALUATION_STATE_CLOSED, EVALUATION_STATE_TALLIED,
          EVALUATION_STATE_INCOMPLETE, EVALUATION_STATE_CONFIRMED, EVALUATION_STATE_NOTIFIED}) {
      SCOPED_TRACE(::testing::Message() << "verb " << verb << " in " << v1::EvaluationState_Name(state));
      v1::EvaluationRound round = in(state);
      ASSERT_EQ(round.state(), state);
      const auto to = verbs[verb].second.find(state);
      if (to == verbs[verb].second.end()) {
        EXPECT_THAT(verbs[verb].first(round), HasReason("ILLEGAL_TRANSITION"));
      } else {
        EXPECT_THAT(verbs[verb].first(round), IsOk());
        EXPECT_EQ(round.state(), to->second);
      }
    }
  }
}

}  // namespace
}  // namespace dangjian::pledge::evaluation_rules
