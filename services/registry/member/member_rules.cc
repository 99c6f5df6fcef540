#include "services/registry/member/member_rules.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/month.h"
#include "services/registry/reasons.h"

namespace dangjian::registry {
namespace {

using v1::Member;

constexpr std::string_view kStatusPrefix = "MEMBER_STATUS_";

// Admissions before the constitution of 1977-08-18 knew other probations or none: entered as the register has them.
Day ProbationRuleSince() { return Day::Of(1977, 8, 18); }

void Enter(Member& member, v1::MemberStatus status, Day day, const Step& step) {
  member.set_status(status);
  member.set_category(CategoryOf(status));
  Step entry = step;
  entry.day = day;
  AddTransition(*member.mutable_transitions(), ShortName(status), entry);
}

absl::Status CheckStep(const Member& member, v1::MemberStatus to, const Step& step) {
  if (!IsLegal(member.status(), to)) return IllegalTransition(member.name(), ShortName(member.status()), ShortName(to));
  return dangjian::CheckStep(step, LastStepDay(member.transitions()));
}

absl::Status ChangeStatus(Member& member, v1::MemberStatus to, const Step& step) {
  RETURN_IF_ERROR(CheckStep(member, to, step));
  Enter(member, to, step.day, step);
  return absl::OkStatus();
}

// A status that ends membership; the relation ends with it.
absl::Status EndMembership(Member& member, v1::MemberStatus to, const Step& step) {
  const bool live = IsLive(member.status());
  RETURN_IF_ERROR(CheckStep(member, to, step));
  if (live) {
    v1::OrganizationalRelation& last = *member.mutable_relations()->rbegin();
    if (step.day < DayOr(last.start_date(), Day::Min())) {
      return Error(dangjian::reasons::kStepsOutOfOrder,
                   absl::StrCat("the relation of ", member.name(), " with ", last.organization(), " began later"));
    }
    *last.mutable_end_date() = DayToProto(step.day);
    member.clear_organization();
  }
  Enter(member, to, step.day, step);
  return absl::OkStatus();
}

void CheckRelations(const Member& member, Day admitted, Day today, Violations& violations) {
  for (int i = 0; i < member.relations_size(); ++i) {
    const v1::OrganizationalRelation& relation = member.relations(i);
    const std::string field = absl::StrCat("member.relations[", i, "]");
    const Day start = DayOr(relation.start_date(), admitted);
    const bool is_last = i + 1 == member.relations_size();
    if (start < admitted) violations.Add(field, reasons::kRelationBeforeAdmission, "begins before the admission");
    if (start > today) violations.Add(field, dangjian::reasons::kDateInFuture, "begins in the future");
    if (relation.has_end_date() && DayOr(relation.end_date(), start) < start) {
      violations.Add(field, reasons::kEndBeforeStart, "ends before it begins");
    }
    if (is_last && relation.has_end_date()) violations.Add(field, reasons::kRelationGap, "the last relation is open");
    if (is_last) continue;
    const Day next = DayOr(member.relations(i + 1).start_date(), admitted);
    const Day end = relation.has_end_date() ? DayOr(relation.end_date(), Day::Max()) : Day::Max();
    if (end >= next) {
      violations.Add(absl::StrCat("member.relations[", i + 1, "]"), reasons::kSecondRelation,
                     absl::StrCat("begins before relations[", i, "] has ended"));
    } else if (end + 1 < next) {
      violations.Add(absl::StrCat("member.relations[", i + 1, "]"), reasons::kRelationGap,
                     absl::StrCat("does not follow relations[", i, "] on the next day"));
    }
  }
}

// The end of the probation of a new member; checks `full_on` against it.
Day CheckProbation(const Member& member, Day admitted, Day today, Violations& violations) {
  const Day due = AddMonths(admitted, kProbationMonths);
  if (!member.has_full_on()) return due;
  const Day full = DayOr(member.full_on(), due);
  if (full > today) violations.Add("member.full_on", dangjian::reasons::kDateInFuture, "lies in the future");
  if (admitted < ProbationRuleSince()) {
    if (full < admitted)
      violations.Add("member.full_on", dangjian::reasons::kStepsOutOfOrder, "lies before the admission");
    return std::min(due, full);
  }
  if (full < due) {
    violations.Add("member.full_on", reasons::kProbationNotOver,
                   absl::StrCat("the probation is over on ", FormatDay(due)));
  }
  return due;
}

}  // namespace

std::string ShortName(v1::MemberStatus status) { return v1::MemberStatus_Name(status).substr(kStatusPrefix.size()); }

v1::MemberStatus StatusOf(const common::v1::Transition& transition) {
  v1::MemberStatus status = v1::MEMBER_STATUS_UNSPECIFIED;
  v1::MemberStatus_Parse(std::string(kStatusPrefix) + transition.state(), &status);
  return status;
}

v1::MemberCategory CategoryOf(v1::MemberStatus status) {
  switch (status) {
    case v1::MEMBER_STATUS_PROBATIONARY:
    case v1::MEMBER_STATUS_EXTENDED:
      return v1::MEMBER_CATEGORY_PROBATIONARY;
    case v1::MEMBER_STATUS_FULL:
    case v1::MEMBER_STATUS_SUSPENDED:
      return v1::MEMBER_CATEGORY_FULL;
    case v1::MEMBER_STATUS_REMOVED:
    case v1::MEMBER_STATUS_CANCELLED:
    case v1::MEMBER_STATUS_DECEASED:
    case v1::MEMBER_STATUS_UNSPECIFIED:
    case v1::MemberStatus_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::MemberStatus_INT_MAX_SENTINEL_DO_NOT_USE_:
      return v1::MEMBER_CATEGORY_UNSPECIFIED;
  }
  return v1::MEMBER_CATEGORY_UNSPECIFIED;
}

bool IsLive(v1::MemberStatus status) { return CategoryOf(status) != v1::MEMBER_CATEGORY_UNSPECIFIED; }

bool IsLegal(v1::MemberStatus from, v1::MemberStatus to) {
  switch (to) {
    case v1::MEMBER_STATUS_EXTENDED:
      return from == v1::MEMBER_STATUS_PROBATIONARY;
    case v1::MEMBER_STATUS_CANCELLED:
      return from == v1::MEMBER_STATUS_PROBATIONARY || from == v1::MEMBER_STATUS_EXTENDED;
    case v1::MEMBER_STATUS_FULL:
      return from == v1::MEMBER_STATUS_PROBATIONARY || from == v1::MEMBER_STATUS_EXTENDED ||
             from == v1::MEMBER_STATUS_SUSPENDED;
    case v1::MEMBER_STATUS_SUSPENDED:
      return from == v1::MEMBER_STATUS_FULL;
    case v1::MEMBER_STATUS_REMOVED:
      return from == v1::MEMBER_STATUS_FULL || from == v1::MEMBER_STATUS_SUSPENDED;
    case v1::MEMBER_STATUS_DECEASED:
      return from != v1::MEMBER_STATUS_DECEASED;
    case v1::MEMBER_STATUS_PROBATIONARY:
    case v1::MEMBER_STATUS_UNSPECIFIED:
    case v1::MemberStatus_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::MemberStatus_INT_MAX_SENTINEL_DO_NOT_USE_:
      return false;
  }
  return false;
}

absl::Status Admit(Member& created, const Step& step) {
  Violations violations;
  const Day admitted = DayOr(created.admitted_on(), step.today);
  if (admitted > step.today) {
    violations.Add("member.admitted_on", dangjian::reasons::kDateInFuture, "the admission lies in the future");
  }
  CheckRelations(created, admitted, step.today, violations);
  const Day due = CheckProbation(created, admitted, step.today, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  v1::OrganizationalRelation& first = *created.mutable_relations(0);
  if (!first.has_start_date()) *first.mutable_start_date() = DayToProto(admitted);
  created.set_organization(created.relations().rbegin()->organization());
  *created.mutable_probation_due_on() = DayToProto(due);
  created.clear_transitions();
  Enter(created, v1::MEMBER_STATUS_PROBATIONARY, admitted, step);
  if (created.has_full_on()) Enter(created, v1::MEMBER_STATUS_FULL, DayOr(created.full_on(), due), step);
  return absl::OkStatus();
}

absl::Status Confirm(Member& member, const Step& step) {
  // Restoring a suspended member is another verb, though it leads to the same status.
  if (member.status() == v1::MEMBER_STATUS_SUSPENDED) return IllegalTransition(member.name(), "SUSPENDED", "confirmed");
  RETURN_IF_ERROR(CheckStep(member, v1::MEMBER_STATUS_FULL, step));
  const Day due = DayOr(member.probation_due_on(), Day::Max());
  if (step.day < due) {
    return Error(reasons::kProbationNotOver,
                 absl::StrCat("the probation of ", member.name(), " is over on ", FormatDay(due)),
                 {{"member", member.name()}, {"probation_due_on", FormatDay(due)}});
  }
  Enter(member, v1::MEMBER_STATUS_FULL, step.day, step);
  *member.mutable_full_on() = DayToProto(step.day);
  return absl::OkStatus();
}

absl::Status Extend(Member& member, Day probation_due_on, const Step& step) {
  RETURN_IF_ERROR(CheckStep(member, v1::MEMBER_STATUS_EXTENDED, step));
  const Day due = DayOr(member.probation_due_on(), step.day);
  if (probation_due_on < AddMonths(due, kShortestExtensionMonths) ||
      probation_due_on > AddMonths(due, kLongestExtensionMonths)) {
    Violations violations;
    violations.Add("probation_due_on", reasons::kExtensionOutOfRange,
                   absl::StrCat("an extension ends six months to one year after ", FormatDay(due)));
    return violations.ToStatus();
  }
  Enter(member, v1::MEMBER_STATUS_EXTENDED, step.day, step);
  *member.mutable_probation_due_on() = DayToProto(probation_due_on);
  return absl::OkStatus();
}

absl::Status Cancel(Member& member, const Step& step) {
  return EndMembership(member, v1::MEMBER_STATUS_CANCELLED, step);
}

absl::Status Suspend(Member& member, const Step& step) {
  return ChangeStatus(member, v1::MEMBER_STATUS_SUSPENDED, step);
}

absl::Status Restore(Member& member, const Step& step) {
  if (member.status() != v1::MEMBER_STATUS_SUSPENDED) {
    return IllegalTransition(member.name(), ShortName(member.status()), "restored");
  }
  return ChangeStatus(member, v1::MEMBER_STATUS_FULL, step);
}

absl::Status Remove(Member& member, v1::RemovalKind kind, const Step& step) {
  RETURN_IF_ERROR(EndMembership(member, v1::MEMBER_STATUS_REMOVED, step));
  member.set_removal_kind(kind);
  return absl::OkStatus();
}

absl::Status RecordDeath(Member& member, const Step& step) {
  return EndMembership(member, v1::MEMBER_STATUS_DECEASED, step);
}

absl::Status CheckLive(const Member& member) {
  if (IsLive(member.status())) return absl::OkStatus();
  return Error(reasons::kMemberNotActive, absl::StrCat("the membership of ", member.name(), " has ended"),
               {{"member", member.name()}});
}

absl::Status MoveRelation(Member& member, const std::string& organization, Day from) {
  RETURN_IF_ERROR(CheckLive(member));
  v1::OrganizationalRelation& last = *member.mutable_relations()->rbegin();
  if (from <= DayOr(last.start_date(), Day::Min())) {
    return Error(reasons::kSecondRelation,
                 absl::StrCat("on ", FormatDay(from), " ", member.name(), " would have a second relation beside ",
                              last.organization()),
                 {{"member", member.name()}, {"organization", last.organization()}});
  }
  *last.mutable_end_date() = DayToProto(from - 1);
  v1::OrganizationalRelation& added = *member.add_relations();
  added.set_organization(organization);
  *added.mutable_start_date() = DayToProto(from);
  member.set_organization(organization);
  return absl::OkStatus();
}

std::vector<Standing> Standings(const Member& member) {
  std::vector<Standing> standings;
  for (const v1::OrganizationalRelation& relation : member.relations()) {
    const Day relation_first = DayOr(relation.start_date(), Day::Min());
    const Day relation_last = DayOr(relation.end_date(), Day::Max());
    for (int i = 0; i < member.transitions_size(); ++i) {
      const v1::MemberStatus status = StatusOf(member.transitions(i));
      const Day first = std::max(relation_first, DayOr(member.transitions(i).occurred_on(), Day::Min()));
      Day last = relation_last;
      if (i + 1 < member.transitions_size()) {
        last = std::min(last, DayOr(member.transitions(i + 1).occurred_on(), Day::Max()) - 1);
      }
      if (IsLive(status) && first <= last) standings.push_back({relation.organization(), status, {first, last}});
    }
  }
  return standings;
}

}  // namespace dangjian::registry
