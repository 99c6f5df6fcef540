#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/activity/v1/team.pb.h"
#include "dangjian/activity/v1/team_membership.pb.h"

// Memberships of teams. Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kDuplicateTeamMembership{"DUPLICATE_TEAM_MEMBERSHIP", absl::StatusCode::kAlreadyExists,
                                                 "该人员在此期间已是本队队员"};
inline constexpr Reason kMembershipOutsideTeam{"MEMBERSHIP_OUTSIDE_TEAM", absl::StatusCode::kFailedPrecondition,
                                               "队员起止日期须在队伍成立至解散之间"};
}  // namespace reasons

namespace membership_rules {

// The days of a membership; open-ended while it goes on.
DayRange DaysOf(const v1::TeamMembership& membership);

// Copies what follows from the team.
void TakeFromTeam(v1::TeamMembership& membership, const v1::Team& team);
// DATE_IN_FUTURE, DATES_OUT_OF_ORDER.
void CheckContent(const v1::TeamMembership& membership, Day today, Violations& violations);
// MEMBERSHIP_OUTSIDE_TEAM. An open membership of a disbanded team is outside.
absl::Status CheckWithin(const v1::TeamMembership& membership, const v1::Team& team);
// DUPLICATE_TEAM_MEMBERSHIP when the days overlap those of another of `others`, all of one team and person.
absl::Status CheckOnce(const v1::TeamMembership& membership, const std::vector<v1::TeamMembership>& others);

// ILLEGAL_TRANSITION when it has ended, DATES_OUT_OF_ORDER, DATE_IN_FUTURE.
absl::Status End(v1::TeamMembership& membership, const Step& step);
// Ends it on the team's last day. MEMBERSHIP_OUTSIDE_TEAM when it begins later.
absl::Status EndWithTeam(v1::TeamMembership& membership, const v1::Team& team, const Step& step);

}  // namespace membership_rules
}  // namespace dangjian::activity
