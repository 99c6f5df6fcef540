#include "services/registry/assignment/assignment_rules.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/step.h"
#include "services/registry/reasons.h"

namespace dangjian::registry {
namespace {

using v1::Assignment;

bool Overlap(DayRange a, DayRange b) { return a.first <= b.last && b.first <= a.last; }

// The reason for which a second holder of a post is refused; nullptr when a post may have many holders.
const Reason* OneHolderReason(v1::AssignmentKind kind) {
  switch (kind) {
    case v1::ASSIGNMENT_KIND_SECRETARY:
      return &reasons::kSecretaryAlreadyAssigned;
    case v1::ASSIGNMENT_KIND_LEADING_GROUP_CHAIR:
      return &reasons::kChairAlreadyAssigned;
    case v1::ASSIGNMENT_KIND_COMMITTEE_LIAISON:
      return &reasons::kLiaisonAlreadyAssigned;
    case v1::ASSIGNMENT_KIND_PARTY_BUILDING_INSTRUCTOR:
      return &reasons::kInstructorAlreadyAssigned;
    case v1::ASSIGNMENT_KIND_LEADING_GROUP_MEMBER:
    case v1::ASSIGNMENT_KIND_UNSPECIFIED:
    case v1::AssignmentKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::AssignmentKind_INT_MAX_SENTINEL_DO_NOT_USE_:
      return nullptr;
  }
  return nullptr;
}

}  // namespace

std::string ShortName(v1::AssignmentKind kind) {
  return v1::AssignmentKind_Name(kind).substr(std::string_view("ASSIGNMENT_KIND_").size());
}

DayRange AssignmentDays(const Assignment& assignment) {
  return {DayOr(assignment.start_date(), Day::Min()), DayOr(assignment.end_date(), Day::Max())};
}

absl::Status CheckDays(const Assignment& created) {
  Violations violations;
  const DayRange days = AssignmentDays(created);
  if (days.last < days.first) {
    violations.Add("assignment.end_date", reasons::kEndBeforeStart, "the assignment ends before it begins");
  }
  return violations.ToStatus();
}

absl::Status CheckPostIsFree(const Assignment& created, std::span<const Assignment> in_organization) {
  const Reason* one_holder = OneHolderReason(created.kind());
  for (const Assignment& other : in_organization) {
    if (other.kind() != created.kind() || !Overlap(AssignmentDays(created), AssignmentDays(other))) continue;
    if (one_holder == nullptr && other.member() != created.member()) continue;
    return Error(one_holder != nullptr ? *one_holder : reasons::kAssignedTwice,
                 absl::StrCat(other.name(), " is ", ShortName(other.kind()), " of ", other.organization(),
                              " in these days; end it first"),
                 {{"assignment", other.name()}});
  }
  return absl::OkStatus();
}

absl::Status CheckLiaisonLoad(const Assignment& created, std::span<const Assignment> of_member) {
  if (created.kind() != v1::ASSIGNMENT_KIND_COMMITTEE_LIAISON) return absl::OkStatus();
  const DayRange days = AssignmentDays(created);
  // The load is highest on the first day of some assignment.
  for (const Assignment& start : of_member) {
    const Day day = std::max(AssignmentDays(start).first, days.first);
    if (!days.Contains(day)) continue;
    const auto held = std::count_if(of_member.begin(), of_member.end(), [&](const Assignment& other) {
      return other.kind() == v1::ASSIGNMENT_KIND_COMMITTEE_LIAISON && AssignmentDays(other).Contains(day);
    });
    if (held >= kMostCommunitiesOfALiaison) {
      return Error(reasons::kLiaisonOverloaded,
                   absl::StrCat("on ", FormatDay(day), " ", created.member(), " looks after ", held,
                                " communities already; the limit is ", kMostCommunitiesOfALiaison),
                   {{"member", created.member()}, {"limit", absl::StrCat(kMostCommunitiesOfALiaison)}});
    }
  }
  return absl::OkStatus();
}

bool HoldsSecretaryPost(const Assignment& chair, std::span<const Assignment> in_organization) {
  const Day first = AssignmentDays(chair).first;
  return std::any_of(in_organization.begin(), in_organization.end(), [&](const Assignment& other) {
    return other.kind() == v1::ASSIGNMENT_KIND_SECRETARY && other.member() == chair.member() &&
           AssignmentDays(other).Contains(first);
  });
}

absl::Status EndAssignment(Assignment& assignment, Day last, const std::string& reason) {
  if (assignment.has_end_date()) return IllegalTransition(assignment.name(), "ENDED", "ENDED");
  if (last < AssignmentDays(assignment).first) {
    Violations violations;
    violations.Add("end_date", reasons::kEndBeforeStart, "the assignment ends before it begins");
    return violations.ToStatus();
  }
  *assignment.mutable_end_date() = DayToProto(last);
  assignment.set_end_reason(reason);
  return absl::OkStatus();
}

}  // namespace dangjian::registry
