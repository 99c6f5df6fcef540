#include "services/welfare/mls_case/mls_benefit.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/testing/matchers.h"
#include "services/welfare/reasons.h"

namespace dangjian::welfare::mls {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::Proto;

constexpr char kCounted[] = "category: MLS_FAMILY_CATEGORY_COUNTED ";

v1::MlsRuleSet Rules(const std::string& more = "") {
  return Proto<v1::MlsRuleSet>(
      "name: 'mlsRuleSets/r' method: MLS_METHOD_DIFFERENCE standard_fen: 68000 work_cost_bp: 1000 stacking: "
      "MLS_STACKING_HIGHEST_ONLY top_ups { code: 'MINOR' percent_bp: 1000 } top_ups { code: 'ELDERLY' fixed_fen: 5000 "
      "} "
      "top_ups { code: 'SEVERE_DISABILITY' percent_bp: 2000 health_fact: true } " +
      more);
}

v1::MlsBenefitInputs Persons(int count) {
  v1::MlsBenefitInputs inputs;
  for (int i = 1; i <= count; ++i) {
    *inputs.add_family() =
        Proto<v1::MlsFamilyMember>(absl::StrCat(kCounted, "resident: 'residents/p-", i, "' relation_code: '0", i, "'"));
  }
  return inputs;
}

// The family of worked example 1 of the domain rules.
v1::MlsBenefitInputs ExampleFamily() {
  v1::MlsBenefitInputs inputs = Persons(3);
  inputs.MergeFrom(
      Proto<v1::MlsBenefitInputs>("incomes { kind: MLS_INCOME_KIND_WAGE amount_fen: 1440000 months: 12 } "
                                  "incomes { kind: MLS_INCOME_KIND_BUSINESS amount_fen: 60000 months: 12 } "
                                  "incomes { kind: MLS_INCOME_KIND_TRANSFER amount_fen: 240000 months: 12 } "
                                  "incomes { kind: MLS_INCOME_KIND_DEDUCTION amount_fen: 320000 months: 12 }"));
  return inputs;
}

int64_t TotalOf(const v1::MlsRuleSet& rules, const v1::MlsBenefitInputs& inputs) {
  return testing::ValueOrDie(ComputeBenefit(rules, inputs)).total_fen;
}

TEST(MlsBenefitTest, WorkedExample1YearlyTruthRoundOnce) {
  v1::MlsBenefitInputs inputs = ExampleFamily();
  const Benefit base = testing::ValueOrDie(ComputeBenefit(Rules(), inputs));
  EXPECT_EQ(base.total_fen, 97'667) << "rounding the income per head first would give 97,668";
  EXPECT_EQ(base.exact_total.ToString(), "293000/3");
  inputs.mutable_family(0)->add_health_top_up_codes("SEVERE_DISABILITY");
  inputs.mutable_family(2)->add_top_up_codes("MINOR");
  std::vector<std::string> trace;
  const Benefit with = testing::ValueOrDie(ComputeBenefit(Rules(), inputs, &trace));
  EXPECT_EQ(with.total_fen, 118'067);
  ASSERT_EQ(with.parts.size(), 2);
  EXPECT_EQ(with.parts[0].amount_fen(), 97'667);
  EXPECT_EQ(with.parts[1].component(), v1::BENEFIT_COMPONENT_TOP_UP);
  EXPECT_EQ(with.parts[1].amount_fen(), 20'400);
  const std::string text = absl::StrJoin(trace, "\n");
  EXPECT_THAT(text, HasSubstr("标准 680.00 元 × 3 人 = 2040.00 元"));
  EXPECT_THAT(text, HasSubstr("家庭月收入 约 1063.33 元(319000/3 分)"));
  EXPECT_THAT(text, HasSubstr("四舍五入一次为 1180.67 元"));
}

TEST(MlsBenefitTest, PartsAddUpToTheTotalThatWasRoundedOnce) {
  // 0.5 fen of top-up on top of a third of a fen: each part rounded by itself would give a fen more or less.
  auto rules = Rules();
  rules.set_standard_fen(5);
  v1::MlsBenefitInputs inputs = Persons(1);
  inputs.mutable_family(0)->add_top_up_codes("MINOR");
  *inputs.add_incomes() = Proto<v1::MlsIncomeLine>("kind: MLS_INCOME_KIND_TRANSFER amount_fen: 2 months: 3");
  const Benefit benefit = testing::ValueOrDie(ComputeBenefit(rules, inputs));
  EXPECT_EQ(benefit.exact_total.ToString(), "29/6") << "5 - 2/3 + 1/2";
  EXPECT_EQ(benefit.total_fen, 5);
  int64_t sum = 0;
  for (const v1::AwardPart& part : benefit.parts) sum += part.amount_fen();
  EXPECT_EQ(sum, 5);
}

TEST(MlsBenefitTest, IncomeAtTheStandardGivesNothingNotEvenTopUps) {
  v1::MlsBenefitInputs inputs = Persons(1);
  inputs.mutable_family(0)->add_top_up_codes("MINOR");
  auto& line = *inputs.add_incomes();
  line = Proto<v1::MlsIncomeLine>("kind: MLS_INCOME_KIND_TRANSFER amount_fen: 68000 months: 1");
  EXPECT_EQ(TotalOf(Rules(), inputs), 0);
  line.set_amount_fen(67'999);
  EXPECT_EQ(TotalOf(Rules(), inputs), 1 + 6'800);
}

TEST(MlsBenefitTest, DeductionsDoNotRaiseTheBenefitAboveTheStandard) {
  v1::MlsBenefitInputs inputs = Persons(1);
  *inputs.add_incomes() = Proto<v1::MlsIncomeLine>("kind: MLS_INCOME_KIND_DEDUCTION amount_fen: 100000 months: 1");
  EXPECT_EQ(TotalOf(Rules(), inputs), 68'000);
}

TEST(MlsBenefitTest, ExcludedPersonsAndTheirIncomeDoNotCount) {
  v1::MlsBenefitInputs inputs = Persons(2);
  inputs.mutable_family(1)->set_category(v1::MLS_FAMILY_CATEGORY_EXCLUDED);
  inputs.mutable_family(1)->add_top_up_codes("ELDERLY");
  *inputs.add_incomes() =
      Proto<v1::MlsIncomeLine>("kind: MLS_INCOME_KIND_WAGE resident: 'residents/p-2' amount_fen: 900000 months: 1");
  EXPECT_EQ(TotalOf(Rules(), inputs), 68'000);
  EXPECT_THAT(PaidPersons(inputs), ::testing::ElementsAre("residents/p-1"));
}

TEST(MlsBenefitTest, StackingIsTheRuleSets) {
  v1::MlsBenefitInputs inputs = Persons(1);
  inputs.mutable_family(0)->add_top_up_codes("MINOR");
  inputs.mutable_family(0)->add_top_up_codes("ELDERLY");
  EXPECT_EQ(TotalOf(Rules(), inputs), 68'000 + 6'800);
  auto sum = Rules();
  sum.set_stacking(v1::MLS_STACKING_SUM);
  EXPECT_EQ(TotalOf(sum, inputs), 68'000 + 6'800 + 5'000);
}

TEST(MlsBenefitTest, TiersPayTheTierOfTheFamily) {
  auto rules =
      Rules("tiers { code: 'A' amount_fen: 50000 } tiers { code: 'B' amount_fen: 30000 } price_subsidy_fen: 700");
  rules.set_method(v1::MLS_METHOD_TIERS);
  v1::MlsBenefitInputs inputs = ExampleFamily();
  inputs.set_tier_code("B");
  EXPECT_EQ(TotalOf(rules, inputs), 3 * 30'000 + 3 * 700);
  inputs.set_tier_code("C");
  EXPECT_THAT(ComputeBenefit(rules, inputs), HasReason(reasons::kUnknownTier));
}

TEST(MlsBenefitTest, AnUnknownTopUpIsNamed) {
  v1::MlsBenefitInputs inputs = Persons(1);
  inputs.mutable_family(0)->add_top_up_codes("VETERAN");
  EXPECT_THAT(ComputeBenefit(Rules(), inputs), HasReason(reasons::kUnknownTopUp));
}

TEST(MlsBenefitTest, ACutShareIsOnePersonsOnly) {
  v1::MlsBenefitInputs inputs = ExampleFamily();
  inputs.mutable_family(1)->add_top_up_codes("ELDERLY");
  inputs.mutable_family(1)->set_share_cut(true);
  EXPECT_EQ(TotalOf(Rules("price_subsidy_fen: 1000"), inputs), 65'111 + 2'000) << "2/3 of 97,666.67";
  EXPECT_THAT(PaidPersons(inputs), ::testing::ElementsAre("residents/p-1", "residents/p-3"));
  EXPECT_EQ(CountedPersons(inputs).size(), 3);
}

TEST(MlsBenefitTest, AmountsThatOverflowAreRefused) {
  auto rules = Rules();
  rules.set_standard_fen(std::numeric_limits<int64_t>::max());
  EXPECT_THAT(ComputeBenefit(rules, Persons(1)), IsOk());
  EXPECT_THAT(ComputeBenefit(rules, Persons(2)), HasReason(reasons::kAmountOverflow));
  v1::MlsBenefitInputs inputs = Persons(1);
  for (int prime : {101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157}) {
    auto& line = *inputs.add_incomes();
    line.set_kind(v1::MLS_INCOME_KIND_TRANSFER);
    line.set_amount_fen(std::numeric_limits<int64_t>::max());
    line.set_months(prime);
  }
  EXPECT_THAT(ComputeBenefit(Rules(), inputs), HasReason(reasons::kAmountOverflow));
}

}  // namespace
}  // namespace dangjian::welfare::mls
