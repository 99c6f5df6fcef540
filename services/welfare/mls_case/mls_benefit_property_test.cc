#include <array>
#include <random>

#include "common/testing/matchers.h"
#include "services/welfare/mls_case/mls_benefit.h"

// A million random families against a reference that shares no code with the service: all amounts as integers over one
// denominator that every possible divisor divides.

namespace dangjian::welfare::mls {
namespace {

__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using)

constexpr int kFamilies = 1'000'000;
constexpr int kMostPersons = 6;
// lcm(1…24) months × 10,000 basis points × lcm(1…6) persons, the last for cut shares.
constexpr Wide kScale = Wide{5'354'228'880} * 10'000 * 60;

struct Expected {
  int64_t regular = 0;
  int64_t top_ups = 0;
  int64_t subsidy = 0;
};

int64_t HalfUp(Wide scaled) { return static_cast<int64_t>((2 * scaled + kScale) / (2 * kScale)); }

Wide IncomeOf(const v1::MlsRuleSet& rules, const v1::MlsBenefitInputs& inputs) {
  Wide income = 0;
  for (const v1::MlsIncomeLine& line : inputs.incomes()) {
    bool counts = true;
    for (const auto& member : inputs.family()) {
      if (member.resident() == line.resident()) counts = member.category() == v1::MLS_FAMILY_CATEGORY_COUNTED;
    }
    if (!counts) continue;
    Wide monthly = kScale / line.months() * line.amount_fen();
    if (line.kind() == v1::MLS_INCOME_KIND_WAGE) monthly = monthly / 10'000 * (10'000 - rules.work_cost_bp());
    income += line.kind() == v1::MLS_INCOME_KIND_DEDUCTION ? -monthly : monthly;
  }
  return income < 0 ? 0 : income;
}

Wide TopUpOf(const v1::MlsRuleSet& rules, const v1::MlsFamilyMember& member) {
  Wide sum = 0;
  Wide most = 0;
  const auto add = [&](const std::string& code) {
    for (const auto& top_up : rules.top_ups()) {
      if (top_up.code() != code) continue;
      const Wide amount = top_up.fixed_fen() > 0 ? kScale * top_up.fixed_fen()
                                                 : kScale / 10'000 * top_up.percent_bp() * rules.standard_fen();
      sum += amount;
      if (amount > most) most = amount;
    }
  };
  for (const auto& code : member.top_up_codes()) add(code);
  for (const auto& code : member.health_top_up_codes()) add(code);
  return rules.stacking() == v1::MLS_STACKING_SUM ? sum : most;
}

Expected Reference(const v1::MlsRuleSet& rules, const v1::MlsBenefitInputs& inputs) {
  int persons = 0;
  int cut = 0;
  Wide top_ups = 0;
  for (const auto& member : inputs.family()) {
    if (member.category() != v1::MLS_FAMILY_CATEGORY_COUNTED) continue;
    ++persons;
    if (member.share_cut()) {
      ++cut;
    } else {
      top_ups += TopUpOf(rules, member);
    }
  }
  const Wide limit = kScale * rules.standard_fen() * persons;
  const Wide income = IncomeOf(rules, inputs);
  if (income >= limit) return {};
  Wide regular = limit - income;
  if (rules.method() == v1::MLS_METHOD_TIERS) {
    for (const auto& tier : rules.tiers()) {
      if (tier.code() == inputs.tier_code()) regular = kScale * tier.amount_fen() * persons;
    }
  }
  regular = regular / persons * (persons - cut);
  const int64_t subsidy = rules.price_subsidy_fen() * (persons - cut);
  const int64_t with_top_ups = HalfUp(regular + top_ups);
  return {.regular = HalfUp(regular), .top_ups = with_top_ups - HalfUp(regular), .subsidy = subsidy};
}

class RandomFamilies {
 public:
  int64_t Upto(int64_t most) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(most + 1)); }
  bool OneIn(int64_t n) { return Upto(n - 1) == 0; }

  // Mostly the sizes of everyday life, now and then very large ones.
  int64_t Fen() { return OneIn(50) ? Upto(1'000'000'000'000) : Upto(3'000'000); }

  void NewRules(v1::MlsRuleSet& rules) {
    rules.set_method(OneIn(4) ? v1::MLS_METHOD_TIERS : v1::MLS_METHOD_DIFFERENCE);
    rules.set_stacking(OneIn(2) ? v1::MLS_STACKING_SUM : v1::MLS_STACKING_HIGHEST_ONLY);
    rules.set_standard_fen(1 + (OneIn(20) ? Upto(1'000'000'000'000) : Upto(150'000)));
    rules.set_work_cost_bp(static_cast<int32_t>(Upto(10'000)));
    rules.set_price_subsidy_fen(OneIn(2) ? 0 : Upto(5'000));
    for (auto& tier : *rules.mutable_tiers()) tier.set_amount_fen(Upto(100'000));
    for (auto& top_up : *rules.mutable_top_ups()) {
      const bool fixed = OneIn(3);
      top_up.set_fixed_fen(fixed ? 1 + Upto(50'000) : 0);
      top_up.set_percent_bp(fixed ? 0 : static_cast<int32_t>(1 + Upto(9'999)));
    }
  }

  void NewFamily(v1::MlsBenefitInputs& inputs) {
    static const std::array<std::string, 3> kTiers = {"A", "B", "C"};
    static const std::array<std::string, 3> kCodes = {"ELDERLY", "MINOR", "SEVERE_DISABILITY"};
    static const std::array<std::string, 6> kNames = {"residents/a", "residents/b", "residents/c",
                                                      "residents/d", "residents/e", "residents/f"};
    const int persons = static_cast<int>(1 + Upto(kMostPersons - 1));
    inputs.Clear();
    inputs.set_tier_code(kTiers[static_cast<size_t>(Upto(2))]);
    for (int i = 0; i < persons; ++i) {
      auto& member = *inputs.add_family();
      member.set_resident(kNames[static_cast<size_t>(i)]);
      member.set_category(i > 0 && OneIn(8) ? v1::MLS_FAMILY_CATEGORY_EXCLUDED : v1::MLS_FAMILY_CATEGORY_COUNTED);
      member.set_share_cut(OneIn(20));
      for (size_t code = 0; code < kCodes.size(); ++code) {
        if (!OneIn(4)) continue;
        if (code == 2) {
          member.add_health_top_up_codes(kCodes[code]);
        } else {
          member.add_top_up_codes(kCodes[code]);
        }
      }
    }
    for (int64_t lines = Upto(5); lines > 0; --lines) {
      auto& line = *inputs.add_incomes();
      line.set_kind(static_cast<v1::MlsIncomeKind>(1 + Upto(4)));
      if (!OneIn(5)) line.set_resident(kNames[static_cast<size_t>(Upto(persons - 1))]);
      line.set_amount_fen(Fen());
      line.set_months(static_cast<int32_t>(1 + Upto(23)));
    }
  }

 private:
  std::mt19937_64 random_{20060101};
};

int64_t PartOf(const Benefit& benefit, v1::BenefitComponent component) {
  for (const v1::AwardPart& part : benefit.parts) {
    if (part.component() == component) return part.amount_fen();
  }
  return 0;
}

TEST(MlsBenefitPropertyTest, AMillionFamiliesWithoutADifference) {
  auto rules = testing::Proto<v1::MlsRuleSet>(
      "tiers { code: 'A' } tiers { code: 'B' } tiers { code: 'C' } top_ups { code: 'ELDERLY' } top_ups { code: 'MINOR' "
      "} "
      "top_ups { code: 'SEVERE_DISABILITY' health_fact: true }");
  RandomFamilies random;
  v1::MlsBenefitInputs inputs;
  int paid = 0;
  int fractions = 0;
  for (int i = 0; i < kFamilies; ++i) {
    if (i % 16 == 0) random.NewRules(rules);
    random.NewFamily(inputs);
    const absl::StatusOr<Benefit> benefit = ComputeBenefit(rules, inputs);
    ASSERT_THAT(benefit, testing::IsOk()) << rules.ShortDebugString() << "\n" << inputs.ShortDebugString();
    const Expected expected = Reference(rules, inputs);
    const bool equal = PartOf(*benefit, v1::BENEFIT_COMPONENT_REGULAR) == expected.regular &&
                       PartOf(*benefit, v1::BENEFIT_COMPONENT_TOP_UP) == expected.top_ups &&
                       PartOf(*benefit, v1::BENEFIT_COMPONENT_PRICE_SUBSIDY) == expected.subsidy &&
                       benefit->total_fen == expected.regular + expected.top_ups + expected.subsidy;
    ASSERT_TRUE(equal) << "family " << i << ": " << benefit->total_fen << " " << benefit->exact_total.ToString() << "\n"
                       << rules.ShortDebugString() << "\n"
                       << inputs.ShortDebugString();
    paid += benefit->total_fen > 0 ? 1 : 0;
    fractions += benefit->exact_total.denominator() != 1 ? 1 : 0;
  }
  // The families are of all sorts: entitled or not, with and without a fraction to round.
  EXPECT_GT(paid, kFamilies / 10);
  EXPECT_GT(kFamilies - paid, kFamilies / 20);
  EXPECT_GT(fractions, kFamilies / 20);
}

}  // namespace
}  // namespace dangjian::welfare::mls
