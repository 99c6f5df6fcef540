#include "services/welfare/mls_case/mls_benefit.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/quantity.h"
#include "services/welfare/reasons.h"

namespace dangjian::welfare::mls {
namespace {

constexpr int32_t kBasisPoints = 10'000;

template <class T>
absl::StatusOr<T> Exact(const std::optional<T>& value) {
  if (value) return *value;
  return Error(reasons::kAmountOverflow, "an amount of the benefit does not fit");
}

std::string Yuan(int64_t fen) { return FormatDecimal(fen, 2) + " 元"; }

// Exact amounts as they are, others with their fraction.
std::string Yuan(const Rational& fen) {
  const std::optional<int64_t> rounded = fen.RoundHalfUp();
  if (!rounded) return fen.ToString() + " 分";
  if (fen.denominator() == 1) return Yuan(*rounded);
  return absl::StrCat("约 ", Yuan(*rounded), "(", fen.ToString(), " 分)");
}

class Computation {
 public:
  Computation(const v1::MlsRuleSet& rule_set, const v1::MlsBenefitInputs& inputs, std::vector<std::string>* trace)
      : rule_set_(rule_set), inputs_(inputs), trace_(trace) {
    for (const v1::MlsFamilyMember& member : inputs.family()) {
      if (member.category() != v1::MLS_FAMILY_CATEGORY_COUNTED) continue;
      ++persons_;
      if (member.share_cut()) ++cut_;
    }
  }

  absl::StatusOr<Benefit> Run() {
    ASSIGN_OR_RETURN(const Rational limit,
                     Exact(Rational::Mul(Rational(rule_set_.standard_fen()), Rational(persons_))));
    ASSIGN_OR_RETURN(const Rational income, MonthlyIncome());
    if (trace_ != nullptr) {
      Say(absl::StrCat("标准 ", Yuan(rule_set_.standard_fen()), " × ", persons_, " 人 = ", Yuan(limit)));
      Say(absl::StrCat("家庭月收入 ", Yuan(income)));
    }
    if (Rational::Compare(income, limit) >= 0) {
      Say("月收入不低于标准,不予救助");
      return Benefit();
    }
    ASSIGN_OR_RETURN(const Rational regular, Regular(limit, income));
    ASSIGN_OR_RETURN(const Rational top_ups, TopUps());
    ASSIGN_OR_RETURN(const Rational subsidy,
                     Exact(Rational::Mul(Rational(rule_set_.price_subsidy_fen()), Rational(persons_ - cut_))));
    return Rounded(regular, top_ups, subsidy);
  }

 private:
  void Say(std::string line) {
    if (trace_ != nullptr) trace_->push_back(std::move(line));
  }

  bool IsExcluded(const std::string& resident) const {
    for (const v1::MlsFamilyMember& member : inputs_.family()) {
      if (member.resident() == resident) return member.category() != v1::MLS_FAMILY_CATEGORY_COUNTED;
    }
    return false;
  }

  absl::StatusOr<Rational> MonthlyIncome() {
    Rational sum;
    for (const v1::MlsIncomeLine& line : inputs_.incomes()) {
      if (IsExcluded(line.resident())) continue;
      const int32_t kept =
          line.kind() == v1::MLS_INCOME_KIND_WAGE ? kBasisPoints - rule_set_.work_cost_bp() : kBasisPoints;
      ASSIGN_OR_RETURN(const Rational monthly,
                       Exact(Rational::Of(Int128{line.amount_fen()} * kept, Int128{kBasisPoints} * line.months())));
      const bool deduction = line.kind() == v1::MLS_INCOME_KIND_DEDUCTION;
      ASSIGN_OR_RETURN(sum, Exact(deduction ? Rational::Sub(sum, monthly) : Rational::Add(sum, monthly)));
      if (trace_ != nullptr) SayLine(line, monthly);
    }
    return sum.IsNegative() ? Rational() : sum;
  }

  void SayLine(const v1::MlsIncomeLine& line, const Rational& monthly) {
    static constexpr const char* kLabels[] = {"收入", "工资", "经营净收入", "财产净收入", "转移净收入", "刚性支出扣减"};
    const auto kind = static_cast<size_t>(line.kind());
    const bool wage = line.kind() == v1::MLS_INCOME_KIND_WAGE && rule_set_.work_cost_bp() > 0;
    Say(absl::StrCat(kLabels[kind < std::size(kLabels) ? kind : 0], " ", Yuan(line.amount_fen()), " ÷ ", line.months(),
                     " 个月",
                     wage ? absl::StrCat(",扣除就业成本 ", FormatDecimal(rule_set_.work_cost_bp(), 2), "%") : "", " = ",
                     line.kind() == v1::MLS_INCOME_KIND_DEDUCTION ? "-" : "", Yuan(monthly)));
  }

  absl::StatusOr<Rational> Regular(const Rational& limit, const Rational& income) {
    Rational amount;
    if (rule_set_.method() == v1::MLS_METHOD_TIERS) {
      const auto tier = std::find_if(rule_set_.tiers().begin(), rule_set_.tiers().end(),
                                     [&](const v1::MlsTier& t) { return t.code() == inputs_.tier_code(); });
      if (tier == rule_set_.tiers().end()) {
        return Error(reasons::kUnknownTier, absl::StrCat("the rule set has no tier `", inputs_.tier_code(), "`"),
                     {{"rule_set", rule_set_.name()}, {"tier", inputs_.tier_code()}});
      }
      ASSIGN_OR_RETURN(amount, Exact(Rational::Mul(Rational(tier->amount_fen()), Rational(persons_))));
      if (trace_ != nullptr)
        Say(absl::StrCat("档次 ", tier->code(), ": ", Yuan(tier->amount_fen()), " × ", persons_, " 人"));
    } else {
      ASSIGN_OR_RETURN(amount, Exact(Rational::Sub(limit, income)));
    }
    if (cut_ > 0) {
      ASSIGN_OR_RETURN(const Rational paid, Exact(Rational::Of(persons_ - cut_, persons_)));
      ASSIGN_OR_RETURN(amount, Exact(Rational::Mul(amount, paid)));
      Say(absl::StrCat("减发本人份额 ", cut_, " 人"));
    }
    if (trace_ != nullptr) Say(absl::StrCat("低保金 ", Yuan(amount)));
    return amount;
  }

  absl::StatusOr<Rational> OfTopUp(const std::string& code) {
    for (const v1::MlsTopUp& top_up : rule_set_.top_ups()) {
      if (top_up.code() != code) continue;
      if (top_up.fixed_fen() > 0) return Rational(top_up.fixed_fen());
      return Exact(Rational::Of(Int128{rule_set_.standard_fen()} * top_up.percent_bp(), kBasisPoints));
    }
    return Error(reasons::kUnknownTopUp, absl::StrCat("the rule set has no top-up `", code, "`"),
                 {{"rule_set", rule_set_.name()}, {"top_up", code}});
  }

  absl::StatusOr<Rational> TopUpsOf(const v1::MlsFamilyMember& member) {
    Rational result;
    const bool highest = rule_set_.stacking() != v1::MLS_STACKING_SUM;
    for (const auto* codes : {&member.top_up_codes(), &member.health_top_up_codes()}) {
      for (const std::string& code : *codes) {
        ASSIGN_OR_RETURN(const Rational amount, OfTopUp(code));
        if (highest) {
          if (Rational::Compare(amount, result) > 0) result = amount;
        } else {
          ASSIGN_OR_RETURN(result, Exact(Rational::Add(result, amount)));
        }
      }
    }
    return result;
  }

  absl::StatusOr<Rational> TopUps() {
    Rational sum;
    for (const v1::MlsFamilyMember& member : inputs_.family()) {
      if (member.category() != v1::MLS_FAMILY_CATEGORY_COUNTED || member.share_cut()) continue;
      ASSIGN_OR_RETURN(const Rational amount, TopUpsOf(member));
      if (amount.IsZero()) continue;
      ASSIGN_OR_RETURN(sum, Exact(Rational::Add(sum, amount)));
      if (trace_ != nullptr) Say(absl::StrCat("分类施保 ", member.resident(), " ", Yuan(amount)));
    }
    return sum;
  }

  absl::StatusOr<Benefit> Rounded(const Rational& regular, const Rational& top_ups, const Rational& subsidy) {
    Benefit benefit;
    ASSIGN_OR_RETURN(const Rational with_top_ups, Exact(Rational::Add(regular, top_ups)));
    ASSIGN_OR_RETURN(benefit.exact_total, Exact(Rational::Add(with_top_ups, subsidy)));
    ASSIGN_OR_RETURN(benefit.total_fen, Exact(benefit.exact_total.RoundHalfUp()));
    ASSIGN_OR_RETURN(const int64_t first, Exact(regular.RoundHalfUp()));
    ASSIGN_OR_RETURN(const int64_t second, Exact(with_top_ups.RoundHalfUp()));
    AddPart(benefit, v1::BENEFIT_COMPONENT_REGULAR, first);
    AddPart(benefit, v1::BENEFIT_COMPONENT_TOP_UP, second - first);
    AddPart(benefit, v1::BENEFIT_COMPONENT_PRICE_SUBSIDY, benefit.total_fen - second);
    if (trace_ != nullptr) {
      if (!subsidy.IsZero()) Say(absl::StrCat("物价补贴 ", Yuan(subsidy)));
      Say(absl::StrCat("合计 ", Yuan(benefit.exact_total), ",四舍五入一次为 ", Yuan(benefit.total_fen)));
    }
    return benefit;
  }

  static void AddPart(Benefit& benefit, v1::BenefitComponent component, int64_t amount_fen) {
    if (amount_fen == 0) return;
    v1::AwardPart& part = benefit.parts.emplace_back();
    part.set_component(component);
    part.set_amount_fen(amount_fen);
  }

  const v1::MlsRuleSet& rule_set_;
  const v1::MlsBenefitInputs& inputs_;
  std::vector<std::string>* const trace_;
  int32_t persons_ = 0;
  int32_t cut_ = 0;
};

}  // namespace

absl::StatusOr<Benefit> ComputeBenefit(const v1::MlsRuleSet& rule_set, const v1::MlsBenefitInputs& inputs,
                                       std::vector<std::string>* trace) {
  return Computation(rule_set, inputs, trace).Run();
}

std::vector<std::string> PaidPersons(const v1::MlsBenefitInputs& inputs) {
  std::vector<std::string> persons;
  for (const v1::MlsFamilyMember& member : inputs.family()) {
    if (member.category() == v1::MLS_FAMILY_CATEGORY_COUNTED && !member.share_cut())
      persons.push_back(member.resident());
  }
  return persons;
}

std::vector<std::string> CountedPersons(const v1::MlsBenefitInputs& inputs) {
  std::vector<std::string> persons;
  for (const v1::MlsFamilyMember& member : inputs.family()) {
    if (member.category() == v1::MLS_FAMILY_CATEGORY_COUNTED) persons.push_back(member.resident());
  }
  return persons;
}

}  // namespace dangjian::welfare::mls
