#include "services/welfare/mls_rule_set/rule_set_rules.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/errors.h"
#include "common/types/date.h"

namespace dangjian::welfare::mls {
namespace {

constexpr std::array<std::string_view, 4> kHealthCodes = {"DISABILITY", "SEVERE_DISABILITY", "SERIOUS_ILLNESS",
                                                          "PREGNANCY"};

void CheckTiers(const v1::MlsRuleSet& rule_set, Violations& violations) {
  const bool by_tiers = rule_set.method() == v1::MLS_METHOD_TIERS;
  if (by_tiers == (rule_set.tiers_size() == 0)) {
    violations.Add("mls_rule_set.tiers", reasons::kRuleSetIncomplete, "tiers belong to the method TIERS");
  }
  std::set<std::string> codes;
  for (int i = 0; i < rule_set.tiers_size(); ++i) {
    if (codes.insert(rule_set.tiers(i).code()).second) continue;
    violations.Add(absl::StrCat("mls_rule_set.tiers[", i, "].code"), reasons::kDuplicateTier, "the code is taken");
  }
}

void CheckTopUps(const v1::MlsRuleSet& rule_set, Violations& violations) {
  std::set<std::string> codes;
  for (int i = 0; i < rule_set.top_ups_size(); ++i) {
    const v1::MlsTopUp& top_up = rule_set.top_ups(i);
    const std::string field = absl::StrCat("mls_rule_set.top_ups[", i, "]");
    if (!codes.insert(top_up.code()).second) {
      violations.Add(field + ".code", reasons::kDuplicateTopUp, "the code is taken");
    }
    if ((top_up.percent_bp() > 0) == (top_up.fixed_fen() > 0)) {
      violations.Add(field, reasons::kRuleSetIncomplete, "exactly one of percent_bp and fixed_fen is set");
    }
    if (top_up.below_age() > 0 && top_up.below_age() <= top_up.from_age()) {
      violations.Add(field + ".below_age", reasons::kTopUpForNoAge, "nobody is of that age");
    }
    if (IsHealthCode(top_up.code()) && !top_up.health_fact()) {
      violations.Add(field + ".health_fact", reasons::kHealthTopUpNotMarked, "the code says something of health");
    }
  }
}

}  // namespace

bool IsHealthCode(std::string_view code) {
  return std::find(kHealthCodes.begin(), kHealthCodes.end(), code) != kHealthCodes.end();
}

absl::Status CheckRuleSet(v1::MlsRuleSet& rule_set) {
  Violations violations;
  if (rule_set.version() == 0) rule_set.set_version(1);
  if (rule_set.effective_from().day() != 1) {
    violations.Add("mls_rule_set.effective_from", reasons::kNotFirstOfMonth, "a rule set begins with a month");
  }
  CheckTiers(rule_set, violations);
  CheckTopUps(rule_set, violations);
  return violations.ToStatus();
}

absl::Status CheckUnused(const v1::MlsRuleSet& rule_set) {
  if (!rule_set.used()) return absl::OkStatus();
  return Error(reasons::kRuleSetInUse, "a case has used the rule set: create a higher version",
               {{"resource", rule_set.name()}});
}

const v1::MlsRuleSet* InForce(const std::vector<v1::MlsRuleSet>& rule_sets, Day day) {
  const v1::MlsRuleSet* newest = nullptr;
  const auto order = [](const v1::MlsRuleSet& row) {
    return std::pair(DayOr(row.effective_from(), Day::Min()), row.version());
  };
  for (const v1::MlsRuleSet& row : rule_sets) {
    if (DayOr(row.effective_from(), Day::Max()) > day) continue;
    if (newest == nullptr || order(*newest) < order(row)) newest = &row;
  }
  return newest;
}

}  // namespace dangjian::welfare::mls
