#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/status/reason.h"
#include "common/types/rational.h"
#include "dangjian/welfare/v1/mls_case_types.pb.h"
#include "dangjian/welfare/v1/mls_rule_set.pb.h"

// What a family is entitled to a month. Pure; every number comes from the rule set or the family.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kUnknownTier{"UNKNOWN_TIER", absl::StatusCode::kFailedPrecondition, "标准中没有该档次"};
inline constexpr Reason kUnknownTopUp{"UNKNOWN_TOP_UP", absl::StatusCode::kFailedPrecondition,
                                      "标准中没有该分类施保项目"};
inline constexpr Reason kNotEntitled{"NOT_ENTITLED", absl::StatusCode::kFailedPrecondition,
                                     "家庭人均月收入不低于低保标准,不能给予低保"};
}  // namespace reasons

namespace mls {

// Fen a month.
struct Benefit {
  std::vector<v1::AwardPart> parts;  // those above 0, in the order of BenefitComponent
  int64_t total_fen = 0;             // their sum: the exact total rounded once, half up
  Rational exact_total;
};

// Difference (补差): max(0, standard × n − monthly income); tiers (分档): tier × n while the income is below standard ×
// n. Monthly income is the sum of line ÷ months, wages less the necessary cost of work, deductions subtracted, never
// below 0. One whose share is cut (art. 34) takes an equal part, 1/n, of the regular amount along, and gets neither
// top-up nor subsidy. A family that is not entitled gets no top-ups either: total 0. All exact until the one rounding;
// a part is the difference of two rounded running sums, so that the parts add up to the total to the fen. `trace`, when
// given, receives the computation in lines that a person can read. UNKNOWN_TIER, UNKNOWN_TOP_UP; AMOUNT_OVERFLOW when
// an amount does not fit.
absl::StatusOr<Benefit> ComputeBenefit(const v1::MlsRuleSet& rule_set, const v1::MlsBenefitInputs& inputs,
                                       std::vector<std::string>* trace = nullptr);

// The persons whom the benefit pays for: counted, and their share not cut.
std::vector<std::string> PaidPersons(const v1::MlsBenefitInputs& inputs);
// Those who count as family.
std::vector<std::string> CountedPersons(const v1::MlsBenefitInputs& inputs);

}  // namespace mls
}  // namespace dangjian::welfare
