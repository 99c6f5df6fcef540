#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/activity/v1/team.pb.h"

// Teams. Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kCultureKindMismatch{"CULTURE_KIND_MISMATCH", absl::StatusCode::kInvalidArgument,
                                             "文化队伍须填写艺术门类,其他队伍不得填写"};
inline constexpr Reason kTeamHasMemberships{"TEAM_HAS_MEMBERSHIPS", absl::StatusCode::kFailedPrecondition,
                                            "队伍仍有队员记录,请先删除队员记录或改为解散队伍"};
}  // namespace reasons

namespace team_rules {

// `VOLUNTEER`, `CULTURE`, `PATROL`: the value of the dimension `kind`.
std::string_view NameOf(v1::TeamKind kind);

// Sets what a new record starts with.
void Initialize(v1::Team& team);
// CULTURE_KIND_MISMATCH, DATE_IN_FUTURE.
void CheckContent(const v1::Team& team, Day today, Violations& violations);
// ILLEGAL_TRANSITION unless the team is active; `wanted` names what was asked.
absl::Status RequireActive(const v1::Team& team, std::string_view wanted);
// ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status Disband(v1::Team& team, const Step& step);

// The days on which the team exists; open-ended while it is active.
DayRange DaysOf(const v1::Team& team);

}  // namespace team_rules
}  // namespace dangjian::activity
