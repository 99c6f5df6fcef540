#include "services/welfare/mls_case/mls_awards.h"

#include <random>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "services/welfare/mls_case/mls_decision.h"
#include "services/welfare/mls_case/mls_month.h"
#include "services/welfare/reasons.h"

namespace dangjian::welfare::mls {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::Proto;

Day Month(int month) { return AddMonths(Day::Of(2026, 1, 1), month - 1); }

v1::MlsCase ActiveCase() {
  return Proto<v1::MlsCase>(
      "name: 'mlsCases/c' organization: 'organizations/east' household: 'households/h' state: MLS_CASE_STATE_ACTIVE "
      "inputs { "
      "family { resident: 'residents/a' category: MLS_FAMILY_CATEGORY_COUNTED } family { resident: 'residents/b' "
      "category: "
      "MLS_FAMILY_CATEGORY_COUNTED } }");
}

v1::MlsDecision DecisionOf(const v1::MlsCase& row, int number, int64_t fen, const std::string& rule_set) {
  auto decision =
      Proto<v1::MlsDecision>(absl::StrCat("number: ", number, " rule_set: '", rule_set,
                                          "' parts { component: BENEFIT_COMPONENT_REGULAR amount_fen: ", fen, " }"));
  *decision.mutable_inputs() = row.inputs();
  return decision;
}

std::string TextOf(const Awards& awards) {
  std::string text;
  for (const v1::MlsSpell& spell : SpellsOf(awards)) {
    absl::StrAppend(&text, spell.resident(), " ", spell.first_month().month(), "-",
                    spell.has_last_month() ? absl::StrCat(spell.last_month().month()) : "", ";");
  }
  return text;
}

TEST(MlsAwardsTest, SpellsJoinAwardsThatFollowEachOtherAndLeaveSuspendedMonthsOut) {
  v1::MlsCase row = ActiveCase();
  Awards awards;
  AddAward(awards, row, DecisionOf(row, 1, 100, "r"), {Month(2), Month(4)});
  row.mutable_inputs()->mutable_family(1)->set_share_cut(true);
  v1::MlsAward& second = AddAward(awards, row, DecisionOf(row, 2, 50, "r"), {Month(5), Day::Max()});
  EXPECT_EQ(TextOf(awards), " 2-;residents/a 2-;residents/b 2-4;");
  *second.add_suspended_months() = DayToProto(Month(6));
  EXPECT_EQ(TextOf(awards), " 2-5; 7-;residents/a 2-5;residents/a 7-;residents/b 2-4;");
  EndAwards(awards, Month(3));
  EXPECT_EQ(TextOf(awards), " 2-3;residents/a 2-3;residents/b 2-3;") << "the second never pays";
}

TEST(MlsAwardsTest, AwardsOfOneMonthHaveNamesOfTheirOwn) {
  const v1::MlsCase row = ActiveCase();
  Awards awards;
  for (int i = 1; i <= 3; ++i) AddAward(awards, row, DecisionOf(row, i, 100, "r"), {Month(2), Day::Max()});
  EXPECT_EQ(awards[0].name(), "mlsAwards/c-202602");
  EXPECT_EQ(awards[1].name(), "mlsAwards/c-202602-2");
  EXPECT_EQ(awards[2].name(), "mlsAwards/c-202602-3");
}

TEST(MlsAwardsTest, AnAwardThatLowersAComponentBeginsAfterTheDecision) {
  v1::MlsCase row = ActiveCase();
  Awards awards;
  *row.add_decisions() = DecisionOf(row, 1, 2'000, "r-0");
  AddAward(awards, row, row.decisions(0), {Month(4), Day::Max()});
  // 18.00 yuan of the regular part and 4.00 of price subsidy: more in all, less of the first.
  const std::vector<RulePeriod> periods = {
      {{Month(1), Day::Max()},
       Proto<v1::MlsRuleSet>("name: 'r-1' method: MLS_METHOD_DIFFERENCE standard_fen: 900 price_subsidy_fen: 200")}};
  const auto note = Proto<v1::MlsDecisionNote>("prepared_by: 'staff/a' decided_by: 'staff/b'");
  const Step step{.day = Day::Of(2026, 6, 10), .today = Day::Of(2026, 12, 31), .actor = "clerk"};
  ASSERT_THAT(Recalculate(row, awards, note, periods, step), IsOk()) << "more in all: nobody is heard";
  ASSERT_EQ(awards.size(), 2U);
  EXPECT_EQ(MonthsOf(awards[0]), (DayRange{Month(4), Month(6)}));
  EXPECT_EQ(MonthsOf(awards[1]), (DayRange{Month(7), Day::Max()}));
  EXPECT_EQ(TotalOf(awards[1]), 2'200);
  EXPECT_THAT(Recalculate(row, awards, note, periods, step), HasReason(reasons::kNothingToRecalculate));
}

// Random rises of the standard, applied at random times: each month of the award is paid once, by the rules of that
// month.
TEST(MlsAwardsTest, RecalculationEqualsAMonthByMonthReference) {
  std::mt19937 random(5);
  const auto upto = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most + 1)); };
  for (int round = 0; round < 500; ++round) {
    v1::MlsCase row = ActiveCase();
    Awards awards;
    const Day first = Month(1 + upto(3));
    *row.add_decisions() = DecisionOf(row, 1, 2'000, "r-0");
    AddAward(awards, row, row.decisions(0), {first, Day::Max()});
    std::vector<RulePeriod> periods = {
        {{Month(1), Day::Max()}, Proto<v1::MlsRuleSet>("name: 'r-0' standard_fen: 1000")}};
    Day decided = Day::Of(2026, 2, 10);
    for (int raise = 1; raise <= 4; ++raise) {
      const Day from = AddMonths(periods.back().months.first, 1 + upto(3));
      periods.back().months.last = AddMonths(from, -1);
      v1::MlsRuleSet rules = periods.back().rule_set;
      rules.set_name(absl::StrCat("r-", raise));
      rules.set_standard_fen(rules.standard_fen() + 1 + upto(100));
      periods.push_back({{from, Day::Max()}, rules});
      decided = decided + upto(40);
      if (upto(1) == 0 && raise < 4) continue;
      const auto note = Proto<v1::MlsDecisionNote>("prepared_by: 'staff/a' decided_by: 'staff/b'");
      const Step step{.day = decided, .today = Day::Of(2027, 12, 31), .actor = "clerk"};
      ASSERT_THAT(Recalculate(row, awards, note, periods, step), IsOk());
      EXPECT_THAT(Recalculate(row, awards, note, periods, step), HasReason(reasons::kNothingToRecalculate));
    }
    for (Day month = first; month < Month(30); month = AddMonths(month, 1)) {
      int64_t paid = 0;
      int count = 0;
      for (const v1::MlsAward& award : awards) {
        if (!MonthsOf(award).Contains(month)) continue;
        paid += TotalOf(award);
        ++count;
      }
      int64_t expected = 0;
      for (const RulePeriod& period : periods) {
        if (period.months.Contains(month)) expected = 2 * period.rule_set.standard_fen();
      }
      ASSERT_EQ(count, 1) << FormatDay(month);
      ASSERT_EQ(paid, expected) << FormatDay(month);
    }
  }
}

}  // namespace
}  // namespace dangjian::welfare::mls
