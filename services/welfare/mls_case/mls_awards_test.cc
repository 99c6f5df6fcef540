#include "services/welfare/mls_case/mls_awards.h"

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "common/types/month.h"
#include "services/welfare/mls_case/mls_benefit.h"
#include "services/welfare/mls_case/mls_decision.h"
#include "services/welfare/mls_case/mls_hearing.h"
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

std::string PartsOf(const v1::MlsAward& award) {
  std::string text;
  for (const v1::AwardPart& part : award.parts()) absl::StrAppend(&text, part.component(), ":", part.amount_fen(), " ");
  return text;
}

const v1::MlsAward* In(const Awards& awards, Day month) {
  const v1::MlsAward* found = nullptr;
  for (const v1::MlsAward& award : awards) {
    if (!MonthsOf(award).Contains(month)) continue;
    EXPECT_EQ(found, nullptr) << FormatDay(month) << " is paid twice";
    found = &award;
  }
  return found;
}

constexpr char kNote[] = "prepared_by: 'staff/a' decided_by: 'staff/b'";

TEST(MlsAwardsTest, ARaiseThatLowersAComponentPaysTheRaiseAndNoMore) {
  v1::MlsCase row = ActiveCase();
  Awards awards;
  *row.add_decisions() = DecisionOf(row, 1, 2'000, "r-0");
  AddAward(awards, row, row.decisions(0), {Month(4), Day::Max()});
  // 18.00 yuan of the regular part and 4.00 of price subsidy: more in all, less of the first.
  const std::vector<RulePeriod> periods = {
      {{Month(1), Day::Max()},
       Proto<v1::MlsRuleSet>("name: 'r-1' method: MLS_METHOD_DIFFERENCE standard_fen: 900 price_subsidy_fen: 200")}};
  const auto note = Proto<v1::MlsDecisionNote>(kNote);
  const Step step{.day = Day::Of(2026, 6, 10), .today = Day::Of(2026, 12, 31), .actor = "clerk"};
  ASSERT_THAT(Recalculate(row, awards, note, periods, step), IsOk()) << "more in all: nobody is heard";
  EXPECT_EQ(PartsOf(*In(awards, Month(4))), "1:2000 3:200 ") << "22.00 yuan, and 20.00 of them are paid already";
  EXPECT_EQ(PartsOf(*In(awards, Month(6))), "1:2000 3:200 ");
  EXPECT_EQ(PartsOf(*In(awards, Month(7))), "1:1800 3:400 ");
  EXPECT_THAT(Recalculate(row, awards, note, periods, step), HasReason(reasons::kNothingToRecalculate));
}

TEST(MlsAwardsTest, ALowerAmountNeedsAHearingOnIt) {
  v1::MlsCase row = ActiveCase();
  Awards awards;
  *row.add_decisions() = DecisionOf(row, 1, 2'000, "r-0");
  AddAward(awards, row, row.decisions(0), {Month(4), Day::Max()});
  const std::vector<RulePeriod> periods = {
      {{Month(1), Day::Max()},
       Proto<v1::MlsRuleSet>("name: 'r-1' method: MLS_METHOD_DIFFERENCE standard_fen: 900 price_subsidy_fen: 50")}};
  const auto note = Proto<v1::MlsDecisionNote>(kNote);
  const Step step{.day = Day::Of(2026, 6, 10), .today = Day::Of(2026, 12, 31), .actor = "clerk"};
  v1::MlsHearing& hearing = *row.add_hearings() =
      Proto<v1::MlsHearing>("number: 1 intended: MLS_DECISION_KIND_ADJUST intended_amount_fen: 1901");
  *hearing.mutable_notified_on() = DayToProto(Day::Of(2026, 6, 1));
  *hearing.mutable_held_on() = DayToProto(Day::Of(2026, 6, 1));
  Awards kept = awards;
  v1::MlsCase other = row;
  EXPECT_THAT(Recalculate(other, kept, note, periods, step), HasReason(reasons::kHearingRequired));
  hearing.set_intended_amount_fen(1'900);
  ASSERT_THAT(Recalculate(row, awards, note, periods, step), IsOk());
  EXPECT_EQ(row.hearings(0).decision_number(), 2);
  EXPECT_EQ(PartsOf(*In(awards, Month(6))), "1:2000 ") << "no month that is due is touched";
  EXPECT_EQ(PartsOf(*In(awards, Month(7))), "1:1800 3:100 ");
}

// Random rules against an award of three components: a month that is due gets the higher of both sums and loses
// nothing of any component; later months are as the rules say.
TEST(MlsAwardsTest, NoComponentOfADueMonthIsLowered) {
  std::mt19937 random(7);
  const auto upto = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most + 1)); };
  const auto rules = [&](const std::string& name) {
    return Proto<v1::MlsRuleSet>(absl::StrCat(
        "name: '", name, "' method: MLS_METHOD_DIFFERENCE standard_fen: ", 1 + upto(3), " price_subsidy_fen: ", upto(3),
        " stacking: MLS_STACKING_SUM top_ups { code: 'ELDERLY' fixed_fen: ", 1 + upto(3), " }"));
  };
  const Step step{.day = Day::Of(2026, 6, 10), .today = Day::Of(2026, 12, 31), .actor = "clerk"};
  int mixed = 0;
  for (int round = 0; round < 2'000; ++round) {
    v1::MlsCase row = ActiveCase();
    row.mutable_inputs()->mutable_family(0)->add_top_up_codes("ELDERLY");
    const auto benefit = ComputeBenefit(rules("r-0"), row.inputs());
    v1::MlsDecision& decision = *row.add_decisions() = DecisionOf(row, 1, 1, "r-0");
    decision.mutable_parts()->Assign(benefit->parts.begin(), benefit->parts.end());
    Awards awards;
    const v1::MlsAward old = AddAward(awards, row, decision, {Month(4), Day::Max()});
    *row.add_hearings() = Proto<v1::MlsHearing>(
        "intended: MLS_DECISION_KIND_ADJUST notified_on { year: 2026 month: 5 day: 1 } held_on { year: 2026 month: 5 "
        "day: 1 }");
    const v1::MlsRuleSet newer = rules("r-1");
    const auto due = ComputeBenefit(newer, row.inputs());
    const auto status =
        Recalculate(row, awards, Proto<v1::MlsDecisionNote>(kNote), {{{Month(1), Day::Max()}, newer}}, step);
    if (!status.ok()) continue;  // by chance the same amounts
    for (Day month = Month(4); month < Month(10); month = AddMonths(month, 1)) {
      const v1::MlsAward* award = In(awards, month);
      ASSERT_NE(award, nullptr) << FormatDay(month);
      if (month > step.day) {
        ASSERT_TRUE(std::equal(due->parts.begin(), due->parts.end(), award->parts().begin(), award->parts().end(),
                               [](const auto& a, const auto& b) { return a.amount_fen() == b.amount_fen(); }));
        continue;
      }
      ASSERT_EQ(TotalOf(*award), std::max(TotalOf(old), due->total_fen));
      for (const v1::AwardPart& part : old.parts()) {
        const auto same = [&](const v1::AwardPart& other) { return other.component() == part.component(); };
        const auto now = std::find_if(award->parts().begin(), award->parts().end(), same);
        ASSERT_NE(now, award->parts().end());
        ASSERT_GE(now->amount_fen(), part.amount_fen());
      }
      if (TotalOf(*award) > TotalOf(old) && PartsOf(*award) != PartsOf(*In(awards, Month(7)))) ++mixed;
    }
  }
  EXPECT_GT(mixed, 100);
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
