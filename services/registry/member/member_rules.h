#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/registry/v1/member.pb.h"

// The rules of membership: the status machine and the one organisational relation. Pure: no storage, no gRPC.

namespace dangjian::registry {

namespace reasons {
inline constexpr Reason kSecondRelation{"SECOND_RELATION", absl::StatusCode::kFailedPrecondition,
                                        "党员在任何日期只能有一个组织关系"};
inline constexpr Reason kRelationGap{"RELATION_GAP", absl::StatusCode::kInvalidArgument,
                                     "组织关系不能中断:前后两段之间有空缺,或最后一段已结束"};
inline constexpr Reason kRelationBeforeAdmission{"RELATION_BEFORE_ADMISSION", absl::StatusCode::kInvalidArgument,
                                                 "组织关系不能早于入党日期"};
inline constexpr Reason kProbationNotOver{"PROBATION_NOT_OVER", absl::StatusCode::kFailedPrecondition,
                                          "预备期未满,不能转正"};
inline constexpr Reason kExtensionOutOfRange{"EXTENSION_OUT_OF_RANGE", absl::StatusCode::kInvalidArgument,
                                             "延长预备期不少于半年、不超过一年"};
inline constexpr Reason kMemberNotActive{"MEMBER_NOT_ACTIVE", absl::StatusCode::kFailedPrecondition,
                                         "该党员的党籍已终止"};
}  // namespace reasons

// Probation runs one year from the assembly's vote; an extension adds six months to one year.
inline constexpr int kProbationMonths = 12;
inline constexpr int kShortestExtensionMonths = 6;
inline constexpr int kLongestExtensionMonths = 12;

// `FULL`: as dimensions and transitions have it.
std::string ShortName(v1::MemberStatus status);
// The status that a transition entered.
v1::MemberStatus StatusOf(const common::v1::Transition& transition);
v1::MemberCategory CategoryOf(v1::MemberStatus status);
// True while the person is a member: probationary, extended, full or suspended.
bool IsLive(v1::MemberStatus status);
// The edges of the status machine.
bool IsLegal(v1::MemberStatus from, v1::MemberStatus to);

// Completes a new member: status and probation from the dates given, relations in order. All violations at once:
// DATE_IN_FUTURE, PROBATION_NOT_OVER, SECOND_RELATION, RELATION_GAP, RELATION_BEFORE_ADMISSION, END_BEFORE_START.
absl::Status Admit(v1::Member& created, const Step& step);

// The steps of a membership. ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER; Confirm also PROBATION_NOT_OVER,
// Extend also EXTENSION_OUT_OF_RANGE. Cancel, Remove and RecordDeath end the relation.
absl::Status Confirm(v1::Member& member, const Step& step);
absl::Status Extend(v1::Member& member, Day probation_due_on, const Step& step);
absl::Status Cancel(v1::Member& member, const Step& step);
absl::Status Suspend(v1::Member& member, const Step& step);
absl::Status Restore(v1::Member& member, const Step& step);
absl::Status Remove(v1::Member& member, v1::RemovalKind kind, const Step& step);
absl::Status RecordDeath(v1::Member& member, const Step& step);

// MEMBER_NOT_ACTIVE when membership has ended.
absl::Status CheckLive(const v1::Member& member);

// Ends the newest relation the day before `from` and begins one with `organization`. MEMBER_NOT_ACTIVE; SECOND_RELATION
// when the newest relation began on `from` or later.
absl::Status MoveRelation(v1::Member& member, const std::string& organization, Day from);

// A span in which a member stands in one organisation with one status. `last` is Day::Max() while it lasts.
struct Standing {
  std::string organization;
  v1::MemberStatus status;
  DayRange days;
  bool operator==(const Standing&) const = default;
};

// All spans of live membership, by relation and day.
std::vector<Standing> Standings(const v1::Member& member);

}  // namespace dangjian::registry
