#pragma once

#include <span>
#include <string>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "dangjian/registry/v1/assignment.pb.h"

// The rules of assignments. Pure: no storage, no gRPC.

namespace dangjian::registry {

namespace reasons {
inline constexpr Reason kSecretaryAlreadyAssigned{"SECRETARY_ALREADY_ASSIGNED", absl::StatusCode::kFailedPrecondition,
                                                  "该组织在此期间已有书记"};
inline constexpr Reason kChairAlreadyAssigned{"CHAIR_ALREADY_ASSIGNED", absl::StatusCode::kFailedPrecondition,
                                              "该组织的领导小组在此期间已有组长"};
inline constexpr Reason kLiaisonAlreadyAssigned{"LIAISON_ALREADY_ASSIGNED", absl::StatusCode::kFailedPrecondition,
                                                "该社区在此期间已有联系包抓的委员"};
inline constexpr Reason kInstructorAlreadyAssigned{"INSTRUCTOR_ALREADY_ASSIGNED", absl::StatusCode::kFailedPrecondition,
                                                   "该社区在此期间已有党建指导员"};
inline constexpr Reason kAssignedTwice{"ASSIGNED_TWICE", absl::StatusCode::kFailedPrecondition,
                                       "该党员在此期间已担任同一职务"};
inline constexpr Reason kLiaisonOverloaded{"LIAISON_OVERLOADED", absl::StatusCode::kFailedPrecondition,
                                           "每名委员最多联系包抓三个社区"};
}  // namespace reasons

// 每名委员包抓 2–3 个社区.
inline constexpr int kMostCommunitiesOfALiaison = 3;

// `SECRETARY`.
std::string ShortName(v1::AssignmentKind kind);

// The days of the post, both ends included; `last` is Day::Max() while it is open.
DayRange AssignmentDays(const v1::Assignment& assignment);

// END_BEFORE_START.
absl::Status CheckDays(const v1::Assignment& created);

// Whether the post is free. `in_organization`: all assignments in the same organisation.
// SECRETARY_ALREADY_ASSIGNED, CHAIR_…, LIAISON_…, INSTRUCTOR_ALREADY_ASSIGNED, ASSIGNED_TWICE.
absl::Status CheckPostIsFree(const v1::Assignment& created, std::span<const v1::Assignment> in_organization);

// Whether a liaison may take another community. `of_member`: all assignments of the same member. LIAISON_OVERLOADED.
absl::Status CheckLiaisonLoad(const v1::Assignment& created, std::span<const v1::Assignment> of_member);

// Whether the member is secretary of the organisation on the first day of `chair`.
bool HoldsSecretaryPost(const v1::Assignment& chair, std::span<const v1::Assignment> in_organization);

// Ends an open assignment. ILLEGAL_TRANSITION when it has an end, END_BEFORE_START.
absl::Status EndAssignment(v1::Assignment& assignment, Day last, const std::string& reason);

}  // namespace dangjian::registry
