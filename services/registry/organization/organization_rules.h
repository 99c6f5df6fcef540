#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/registry/v1/organization.pb.h"

// The rules of organisations. Pure: no storage, no gRPC.

namespace dangjian::registry {

namespace reasons {
inline constexpr Reason kOrganizationCycle{"ORGANIZATION_CYCLE", absl::StatusCode::kFailedPrecondition,
                                           "上级关系形成循环:该组织不能隶属于自己或自己的下级"};
inline constexpr Reason kOverlappingParents{"OVERLAPPING_PARENTS", absl::StatusCode::kInvalidArgument,
                                            "同一天只能有一个行政上级和一个党组织上级"};
inline constexpr Reason kOrganizationDissolved{"ORGANIZATION_DISSOLVED", absl::StatusCode::kFailedPrecondition,
                                               "该组织已撤销"};
inline constexpr Reason kOrganizationHasMembers{"ORGANIZATION_HAS_MEMBERS", absl::StatusCode::kFailedPrecondition,
                                                "该组织尚有党员,请先转出组织关系再撤销"};
inline constexpr Reason kOrganizationHasChildren{"ORGANIZATION_HAS_CHILDREN", absl::StatusCode::kFailedPrecondition,
                                                 "该组织尚有下级组织,请先调整隶属关系再撤销"};
inline constexpr Reason kSettingNotApplicable{"SETTING_NOT_APPLICABLE", absl::StatusCode::kInvalidArgument,
                                              "只有党支部和党总支可以填写支部类型"};
inline constexpr Reason kAddressesOutOfOrder{"ADDRESSES_OUT_OF_ORDER", absl::StatusCode::kFailedPrecondition,
                                             "新址启用日期应晚于原址启用日期"};
inline constexpr Reason kAreasOutOfOrder{"AREAS_OUT_OF_ORDER", absl::StatusCode::kInvalidArgument,
                                         "面积记录应按启用日期由先到后填写,同一天只填一条"};
}  // namespace reasons

// Warnings in Organization.warnings.
inline constexpr std::string_view kUnusualParent = "UNUSUAL_PARENT";

// `COMMUNITY`, `RESIDENTIAL` (`NONE` when not classified), `ACTIVE`: as dimensions and transitions have them.
std::string ShortName(v1::OrganizationKind kind);
std::string ShortName(v1::BranchSetting setting);
std::string ShortName(v1::OrganizationState state);

// The days on which an edge holds.
DayRange EdgeDays(const v1::ParentEdge& edge);

// Completes a new organisation and derives its state from the dates that a back-entry gives. All violations at once:
// OVERLAPPING_PARENTS, END_BEFORE_START, SETTING_NOT_APPLICABLE, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER,
// ADDRESSES_OUT_OF_ORDER, AREAS_OUT_OF_ORDER.
absl::Status Propose(v1::Organization& created, const Step& step);
// Checks a corrected organisation: SETTING_NOT_APPLICABLE, AREAS_OUT_OF_ORDER, DATE_IN_FUTURE.
absl::Status CheckCorrection(const v1::Organization& updated, Day today);

// Decimal places of AreaOf.
inline constexpr int32_t kAreaScale = 6;
// Square kilometres of a validated entry at kAreaScale.
int64_t AreaOf(const v1::OrganizationArea& area);

// The steps of its life. ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status Approve(v1::Organization& organization, const Step& step);
absl::Status Activate(v1::Organization& organization, const Step& step);
absl::Status Suspend(v1::Organization& organization, const Step& step);
absl::Status Resume(v1::Organization& organization, const Step& step);
absl::Status Dissolve(v1::Organization& organization, const Step& step);

// ORGANIZATION_DISSOLVED when it is.
absl::Status CheckNotDissolved(const v1::Organization& organization);

// Puts it under `parent` (empty: under none) from a day on: the edge of that kind which holds then ends the day before,
// later ones go.
void Move(v1::Organization& organization, const std::string& parent, v1::EdgeKind kind, Day from);

// Adds an address; the move counts as a relocation. DATE_IN_FUTURE, ADDRESSES_OUT_OF_ORDER.
absl::Status Relocate(v1::Organization& organization, const std::string& address, const Step& step);

// Gives a new full name; the old one becomes an alias up to the day before. DATE_IN_FUTURE.
absl::Status Rename(v1::Organization& organization, const std::string& display_name, const Step& step);

// True when a body of kind `child` normally stands under one of kind `parent` in that tree. Practice, not law: whoever
// deviates is warned, never refused.
bool IsUsualParent(v1::OrganizationKind child, v1::OrganizationKind parent, v1::EdgeKind tree);

}  // namespace dangjian::registry
