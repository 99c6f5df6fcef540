#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/registry/v1/household.pb.h"
#include "dangjian/welfare/v1/home_visit.pb.h"

// Home visits: PLANNED → DONE | NOT_AT_HOME → CLOSED. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kHouseholdNotInArea{"HOUSEHOLD_NOT_IN_AREA", absl::StatusCode::kFailedPrecondition,
                                            "该户当日不在此组织辖区内(未登记、已迁出或已并户),请核对户号和日期"};
inline constexpr Reason kDuplicateVisitReason{"DUPLICATE_VISIT_REASON", absl::StatusCode::kInvalidArgument,
                                              "走访原因重复,请删去重复项"};
inline constexpr Reason kDuplicateVisitor{"DUPLICATE_VISITOR", absl::StatusCode::kInvalidArgument,
                                          "走访人重复,请删去重复项"};
inline constexpr Reason kVisitFindingRequired{"VISIT_FINDING_REQUIRED", absl::StatusCode::kInvalidArgument,
                                              "填写走访日期时须注明是否遇见住户;计划走访不填走访日期"};
}  // namespace reasons

namespace visit_rules {

// Sets what a new record starts with: PLANNED unless it says what was found, and drops what steps alone may set.
void Initialize(v1::HomeVisit& visit);
// What holds for every visit. DUPLICATE_VISIT_REASON, DUPLICATE_VISITOR, VISIT_FINDING_REQUIRED; of a visit that was
// made also FIELD_REQUIRED (day, visitors), DATE_IN_FUTURE, STEPS_OUT_OF_ORDER, DATES_OUT_OF_ORDER.
void CheckContent(const v1::HomeVisit& visit, Day today, Violations& violations);
// HOUSEHOLD_NOT_IN_AREA unless the household counts on `day` and `within`, its area is the visiting organisation's.
absl::Status CheckHousehold(const registry::v1::Household& household, Day day, bool within);
// ILLEGAL_TRANSITION once the visit is closed.
absl::Status CheckEditable(const v1::HomeVisit& visit);
// True once somebody was met: the visit counts, closed or not.
bool Counts(const v1::HomeVisit& visit);

// Notes the first step of a record that has just been checked.
void Begin(v1::HomeVisit& visit, const Step& step);
// PLANNED → DONE or NOT_AT_HOME, by what was found. ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER (before the
// fact that demanded it).
absl::Status Make(v1::HomeVisit& visit, v1::HomeVisitFinding found, const Step& step);
// DONE or NOT_AT_HOME → CLOSED. ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER (before the visit).
absl::Status Close(v1::HomeVisit& visit, std::string_view outcome, const Step& step);

}  // namespace visit_rules
}  // namespace dangjian::welfare
