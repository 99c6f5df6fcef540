#include "services/activity/team_membership/membership_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "services/activity/team/team_rules.h"

namespace dangjian::activity::membership_rules {
namespace {

constexpr std::string_view kEnded = "ENDED";

}  // namespace

DayRange DaysOf(const v1::TeamMembership& membership) {
  return {DayOr(membership.start_date(), Day::Min()), DayOr(membership.end_date(), Day::Max())};
}

void TakeFromTeam(v1::TeamMembership& membership, const v1::Team& team) {
  membership.set_team_kind(team.kind());
  membership.set_organization(team.organization());
}

void CheckContent(const v1::TeamMembership& membership, Day today, Violations& violations) {
  const DayRange days = DaysOf(membership);
  if (days.first > today) {
    violations.Add("team_membership.start_date", dangjian::reasons::kDateInFuture, "begins after today");
  }
  if (membership.has_end_date() && days.last > today) {
    violations.Add("team_membership.end_date", dangjian::reasons::kDateInFuture, "ends after today");
  }
  if (days.last < days.first) {
    violations.Add("team_membership.end_date", dangjian::reasons::kDatesOutOfOrder, "ends before it begins");
  }
}

absl::Status CheckWithin(const v1::TeamMembership& membership, const v1::Team& team) {
  const DayRange days = DaysOf(membership);
  const DayRange team_days = team_rules::DaysOf(team);
  if (team_days.first <= days.first && days.last <= team_days.last) return absl::OkStatus();
  return Error(reasons::kMembershipOutsideTeam, absl::StrCat("the membership reaches beyond the days of ", team.name()),
               {{"team", team.name()}});
}

absl::Status CheckOnce(const v1::TeamMembership& membership, const std::vector<v1::TeamMembership>& others) {
  const DayRange days = DaysOf(membership);
  for (const v1::TeamMembership& other : others) {
    const DayRange other_days = DaysOf(other);
    if (other.name() == membership.name() || other_days.last < days.first || days.last < other_days.first) continue;
    return Error(reasons::kDuplicateTeamMembership,
                 absl::StrCat(membership.canonical_person(), " belongs to ", membership.team(), " by ", other.name()),
                 {{"person", membership.canonical_person()}, {"resource", other.name()}});
  }
  return absl::OkStatus();
}

absl::Status End(v1::TeamMembership& membership, const Step& step) {
  if (membership.has_end_date()) return IllegalTransition(membership.name(), kEnded, "an end");
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  if (step.day < DayOr(membership.start_date(), Day::Min())) {
    return Error(dangjian::reasons::kDatesOutOfOrder, absl::StrCat(membership.name(), " would end before it begins"));
  }
  *membership.mutable_end_date() = DayToProto(step.day);
  AddTransition(*membership.mutable_transitions(), kEnded, step);
  return absl::OkStatus();
}

absl::Status EndWithTeam(v1::TeamMembership& membership, const v1::Team& team, const Step& step) {
  if (DayOr(membership.start_date(), Day::Min()) > step.day) return CheckWithin(membership, team);
  *membership.mutable_end_date() = team.disbanded_on();
  AddTransition(*membership.mutable_transitions(), kEnded, step);
  return absl::OkStatus();
}

}  // namespace dangjian::activity::membership_rules
