#include "services/pledge/demonstration_site/site_rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::pledge::site_rules {
namespace {

std::string_view NameOf(v1::DemonstrationSiteState state) {
  return StripPrefix(v1::DemonstrationSiteState_Name(state), "DEMONSTRATION_SITE_STATE_");
}

absl::Status RequireDesignated(const v1::DemonstrationSite& site, std::string_view verb) {
  if (site.state() == v1::DEMONSTRATION_SITE_STATE_DESIGNATED) return absl::OkStatus();
  return IllegalTransition(site.name(), NameOf(site.state()), verb);
}

bool HasCriterion(const v1::DemonstrationSite& site, std::string_view code) {
  return std::any_of(site.criteria().begin(), site.criteria().end(),
                     [code](const v1::Criterion& criterion) { return criterion.code() == code; });
}

Day DayOfCheck(const v1::CriterionCheck& check) { return DayOr(check.checked_on(), Day::Min()); }

}  // namespace

void Initialize(v1::DemonstrationSite& site) {
  site.set_state(v1::DEMONSTRATION_SITE_STATE_DESIGNATED);
  site.clear_checks();
  site.clear_revoked_on();
  site.clear_transitions();
  DeriveStandard(site);
}

void CheckContent(const v1::DemonstrationSite& site, Day today, Violations& violations) {
  if (DayOr(site.designated_on(), today) > today) {
    violations.Add("demonstration_site.designated_on", dangjian::reasons::kDateInFuture, "designated after today");
  }
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < site.criteria_size(); ++i) {
    if (seen.insert(site.criteria(i).code()).second) continue;
    violations.Add(absl::StrCat("demonstration_site.criteria[", i, "].code"), reasons::kDuplicateCriterion,
                   absl::StrCat(site.criteria(i).code(), " is used twice"));
  }
}

absl::Status CheckChange(const v1::DemonstrationSite& current, const v1::DemonstrationSite& updated) {
  RETURN_IF_ERROR(RequireDesignated(current, "an update"));
  for (const v1::CriterionCheck& check : current.checks()) {
    if (HasCriterion(updated, check.criterion())) continue;
    return Error(reasons::kCheckedCriterionMissing, absl::StrCat(check.criterion(), " has been checked and must stay"),
                 {{"resource", current.name()}, {"criterion", check.criterion()}});
  }
  return absl::OkStatus();
}

absl::Status AddCheck(v1::DemonstrationSite& site, const v1::CriterionCheck& check, const Step& step) {
  RETURN_IF_ERROR(RequireDesignated(site, "a check"));
  if (!HasCriterion(site, check.criterion())) {
    Violations violations;
    violations.Add("check.criterion", reasons::kUnknownCriterion,
                   absl::StrCat("the standard has no criterion ", check.criterion()));
    return violations.ToStatus();
  }
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  auto& checks = *site.mutable_checks();
  *checks.Add() = check;
  // Stable: of two checks on one day the one recorded later holds.
  std::stable_sort(checks.begin(), checks.end(), [](const v1::CriterionCheck& a, const v1::CriterionCheck& b) {
    return DayOfCheck(a) < DayOfCheck(b);
  });
  AddTransition(*site.mutable_transitions(), absl::StrCat(check.criterion(), ":", check.passed() ? "PASSED" : "FAILED"),
                step);
  DeriveStandard(site);
  return absl::OkStatus();
}

absl::Status Revoke(v1::DemonstrationSite& site, const Step& step) {
  RETURN_IF_ERROR(RequireDesignated(site, "a revocation"));
  RETURN_IF_ERROR(CheckStep(step, DayOr(site.designated_on(), Day::Min())));
  site.set_state(v1::DEMONSTRATION_SITE_STATE_REVOKED);
  *site.mutable_revoked_on() = DayToProto(step.day);
  AddTransition(*site.mutable_transitions(), NameOf(site.state()), step);
  DeriveStandard(site);
  return absl::OkStatus();
}

std::vector<StandardChange> StandardChanges(const v1::DemonstrationSite& site) {
  const Day designated = DayOr(site.designated_on(), Day::Min());
  const Day over = site.has_revoked_on() ? DayOr(site.revoked_on(), Day::Max() - 1) + 1 : Day::Max();
  std::vector<StandardChange> changes;
  absl::flat_hash_set<std::string> passed;
  for (int i = 0; i < site.checks_size(); ++i) {
    const v1::CriterionCheck& check = site.checks(i);
    if (check.passed()) {
      passed.insert(check.criterion());
    } else {
      passed.erase(check.criterion());
    }
    // The outcome of a day is known after its last check.
    if (i + 1 < site.checks_size() && DayOfCheck(site.checks(i + 1)) == DayOfCheck(check)) continue;
    const Day day = std::max(DayOfCheck(check), designated);
    if (day >= over) break;
    const bool meets = static_cast<int>(passed.size()) == site.criteria_size();
    // Checks before the designation all count from it: only the last of them shows.
    if (!changes.empty() && changes.back().day == day) changes.pop_back();
    if (meets != (!changes.empty() && changes.back().meets)) changes.push_back({day, meets});
  }
  if (over != Day::Max() && !changes.empty() && changes.back().meets) changes.push_back({over, false});
  return changes;
}

void DeriveStandard(v1::DemonstrationSite& site) {
  const std::vector<StandardChange> changes = StandardChanges(site);
  const bool meets = !changes.empty() && changes.back().meets;
  site.set_meets_standard(meets);
  if (meets) {
    *site.mutable_meets_standard_since() = DayToProto(changes.back().day);
  } else {
    site.clear_meets_standard_since();
  }
}

}  // namespace dangjian::pledge::site_rules
