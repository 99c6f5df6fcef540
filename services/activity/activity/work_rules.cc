#include "services/activity/activity/work_rules.h"

#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/types/quantity.h"
#include "common/types/quantity_reasons.h"

namespace dangjian::activity::work_rules {
namespace {

// The amount at kScale; nullopt after a violation.
std::optional<int64_t> AmountOf(const std::string& path, const common::v1::Quantity& quantity, Violations& violations) {
  const absl::StatusOr<int64_t> amount = ParseDecimal(quantity.value(), kScale);
  if (!amount.ok()) {
    const bool fits = absl::IsInvalidArgument(amount.status());
    violations.Add(absl::StrCat(path, ".value"),
                   fits ? reasons::kQuantityTooFine : dangjian::reasons::kAmountOutOfRange,
                   fits ? "at most 3 decimals" : "the amount does not fit");
    return std::nullopt;
  }
  if (*amount > kMaxAmount) {
    violations.Add(absl::StrCat(path, ".value"), dangjian::reasons::kAmountOutOfRange, "larger than 10^12");
    return std::nullopt;
  }
  if (*amount <= 0) {
    violations.Add(absl::StrCat(path, ".value"), reasons::kQuantityNotPositive, "must be above zero");
    return std::nullopt;
  }
  return *amount;
}

}  // namespace

std::string_view ActorKindOf(std::string_view actor) {
  if (actor.starts_with("residentUnits/")) return "RESIDENT_UNIT";
  if (actor.starts_with("teams/")) return "TEAM";
  return actor.starts_with("members/") ? "MEMBER" : "ORGANIZATION";
}

common::v1::Qualifier QualifierOf(const v1::WorkOutput& output) {
  const common::v1::Qualifier given = output.quantity().qualifier();
  const bool exact = given == common::v1::QUALIFIER_UNSPECIFIED || given == common::v1::QUALIFIER_EXACT;
  if (!exact) return given;
  return output.estimated() ? common::v1::QUALIFIER_ABOUT : common::v1::QUALIFIER_EXACT;
}

void CheckOutput(std::string_view path, const v1::WorkOutput& output, Violations& violations) {
  const std::optional<int64_t> total = AmountOf(absl::StrCat(ToAbsl(path), ".quantity"), output.quantity(), violations);
  absl::flat_hash_set<std::string> actors;
  int64_t sum = 0;  // at most 50 shares of at most kMaxAmount
  for (int i = 0; i < output.shares_size(); ++i) {
    const v1::WorkShare& share = output.shares(i);
    const std::string share_path = absl::StrCat(ToAbsl(path), ".shares[", i, "]");
    if (!actors.insert(share.actor()).second) {
      violations.Add(absl::StrCat(share_path, ".actor"), reasons::kDuplicateShare,
                     absl::StrCat(share.actor(), " has two shares"));
    }
    if (share.quantity().unit() != output.quantity().unit()) {
      violations.Add(absl::StrCat(share_path, ".quantity.unit"), dangjian::reasons::kUnlikeUnits,
                     absl::StrCat(share.quantity().unit(), " is not ", output.quantity().unit()));
      continue;
    }
    sum += AmountOf(absl::StrCat(share_path, ".quantity"), share.quantity(), violations).value_or(0);
  }
  if (total.has_value() && sum > *total) {
    violations.Add(absl::StrCat(ToAbsl(path), ".shares"), reasons::kSharesExceedTotal,
                   "the shares come to more than the whole");
  }
}

}  // namespace dangjian::activity::work_rules
