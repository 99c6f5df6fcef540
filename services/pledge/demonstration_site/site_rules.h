#pragma once

#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/pledge/v1/demonstration_site.pb.h"

// Demonstration sites and their standard. Pure.

namespace dangjian::pledge {

namespace reasons {
inline constexpr Reason kUnknownCriterion{"UNKNOWN_CRITERION", absl::StatusCode::kInvalidArgument, "标准中没有此条目"};
inline constexpr Reason kDuplicateCriterion{"DUPLICATE_CRITERION", absl::StatusCode::kInvalidArgument,
                                            "标准条目代码重复"};
inline constexpr Reason kCheckedCriterionMissing{"CHECKED_CRITERION_MISSING", absl::StatusCode::kFailedPrecondition,
                                                 "已检查过的标准条目不能删除"};
}  // namespace reasons

namespace site_rules {

// Sets what a new record starts with.
void Initialize(v1::DemonstrationSite& site);
// DUPLICATE_CRITERION, DATE_IN_FUTURE.
void CheckContent(const v1::DemonstrationSite& site, Day today, Violations& violations);
// ILLEGAL_TRANSITION, CHECKED_CRITERION_MISSING.
absl::Status CheckChange(const v1::DemonstrationSite& current, const v1::DemonstrationSite& updated);

absl::Status AddCheck(v1::DemonstrationSite& site, const v1::CriterionCheck& check, const Step& step);
absl::Status Revoke(v1::DemonstrationSite& site, const Step& step);

// A day on which the site began or ceased to meet its standard.
struct StandardChange {
  Day day;
  bool meets;
  bool operator==(const StandardChange&) const = default;
};
// Ascending by day, alternating, beginning with true; from the designation to the day after the revocation at most.
std::vector<StandardChange> StandardChanges(const v1::DemonstrationSite& site);
// Fills `meets_standard` and `meets_standard_since` from the checks.
void DeriveStandard(v1::DemonstrationSite& site);

}  // namespace site_rules
}  // namespace dangjian::pledge
