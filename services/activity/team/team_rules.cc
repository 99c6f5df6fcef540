#include "services/activity/team/team_rules.h"

#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::activity::team_rules {
namespace {

std::string_view NameOf(v1::TeamState state) { return StripPrefix(v1::TeamState_Name(state), "TEAM_STATE_"); }

}  // namespace

std::string_view NameOf(v1::TeamKind kind) { return StripPrefix(v1::TeamKind_Name(kind), "TEAM_KIND_"); }

void Initialize(v1::Team& team) {
  team.set_state(v1::TEAM_STATE_ACTIVE);
  team.clear_disbanded_on();
  team.clear_transitions();
}

void CheckContent(const v1::Team& team, Day today, Violations& violations) {
  const bool culture = team.kind() == v1::TEAM_KIND_CULTURE;
  if (culture != (team.culture_kind() != v1::CULTURE_KIND_UNSPECIFIED)) {
    violations.Add("team.culture_kind", reasons::kCultureKindMismatch,
                   culture ? "a culture team names its art" : "only a culture team has an art");
  }
  if (DayOr(team.formed_on(), today) > today) {
    violations.Add("team.formed_on", dangjian::reasons::kDateInFuture, "formed after today");
  }
}

absl::Status RequireActive(const v1::Team& team, std::string_view wanted) {
  if (team.state() == v1::TEAM_STATE_ACTIVE) return absl::OkStatus();
  return IllegalTransition(team.name(), NameOf(team.state()), wanted);
}

absl::Status Disband(v1::Team& team, const Step& step) {
  RETURN_IF_ERROR(RequireActive(team, "disbandment"));
  RETURN_IF_ERROR(CheckStep(step, DayOr(team.formed_on(), Day::Min())));
  team.set_state(v1::TEAM_STATE_DISBANDED);
  *team.mutable_disbanded_on() = DayToProto(step.day);
  AddTransition(*team.mutable_transitions(), NameOf(team.state()), step);
  return absl::OkStatus();
}

DayRange DaysOf(const v1::Team& team) {
  return {DayOr(team.formed_on(), Day::Min()), DayOr(team.disbanded_on(), Day::Max())};
}

}  // namespace dangjian::activity::team_rules
