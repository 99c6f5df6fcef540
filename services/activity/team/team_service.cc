#include "services/activity/team/team_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/types/date.h"
#include "services/activity/person/person.h"
#include "services/activity/tags.h"
#include "services/activity/team/team_rules.h"
#include "services/activity/team_membership/membership_rules.h"
#include "services/activity/team_membership/membership_schema.h"

namespace dangjian::activity {

void TeamService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::Team> options;
  options.on_create = [](rpc::CallContext& call, v1::Team& created) {
    team_rules::Initialize(created);
    Violations violations;
    team_rules::CheckContent(created, call.today(), violations);
    return violations.ToStatus();
  };
  options.on_update = [this](rpc::CallContext& call, const v1::Team& current, v1::Team& updated) -> absl::Status {
    RETURN_IF_ERROR(team_rules::RequireActive(current, "an update"));
    Violations violations;
    team_rules::CheckContent(updated, call.today(), violations);
    RETURN_IF_ERROR(violations.ToStatus());
    const bool later = DayOr(updated.formed_on(), Day::Min()) > DayOr(current.formed_on(), Day::Min());
    return later ? CheckDays(call, updated) : absl::OkStatus();
  };
  options.on_delete = [this](rpc::CallContext& call, const v1::Team& current) -> absl::Status {
    const storage::KeyWriter prefix = MembershipsOfTeam(current.name());
    ASSIGN_OR_RETURN(const std::vector<v1::TeamMembership> one, memberships_.Find(call.reader(), prefix, 1));
    if (one.empty()) return absl::OkStatus();
    return Error(reasons::kTeamHasMemberships, absl::StrCat(current.name(), " has memberships, e.g. ", one[0].name()),
                 {{"resource", current.name()}});
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kTeamByOrganization}};
  rpc::RegisterStandardMethods(router, *v1::Team::descriptor()->file()->FindServiceByName("TeamService"), teams_,
                               tokens, std::move(options));
  router.Unary(this, &TeamService::Disband);
}

absl::StatusOr<std::vector<v1::TeamMembership>> TeamService::MembershipsOf(rpc::CallContext& call,
                                                                           const v1::Team& team) const {
  const storage::KeyWriter prefix = MembershipsOfTeam(team.name());
  ASSIGN_OR_RETURN(std::vector<v1::TeamMembership> list,
                   memberships_.Find(call.reader(), prefix, kMaxDependentRecords + 1));
  if (list.size() <= kMaxDependentRecords) return list;
  return Error(reasons::kTooManyDependentRecords,
               absl::StrCat(team.name(), " has more than ", kMaxDependentRecords, " memberships"),
               {{"resource", team.name()}});
}

absl::Status TeamService::CheckDays(rpc::CallContext& call, const v1::Team& updated) const {
  ASSIGN_OR_RETURN(const std::vector<v1::TeamMembership> list, MembershipsOf(call, updated));
  for (const v1::TeamMembership& membership : list) {
    RETURN_IF_ERROR(membership_rules::CheckWithin(membership, updated));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Team> TeamService::Disband(rpc::CallContext& call, const v1::DisbandTeamRequest& request) {
  Step step = StepOf(call, request.occurred_on(), request.reason());
  step.on_behalf_of = request.on_behalf_of();
  ASSIGN_OR_RETURN(v1::Team team,
                   ChangeRecord(call, teams_, request, [&](v1::Team& row) { return team_rules::Disband(row, step); }));
  ASSIGN_OR_RETURN(std::vector<v1::TeamMembership> list, MembershipsOf(call, team));
  for (v1::TeamMembership& membership : list) {
    if (DayOr(membership.end_date(), Day::Max()) <= step.day) continue;
    RETURN_IF_ERROR(membership_rules::EndWithTeam(membership, team, step));
    RETURN_IF_ERROR(memberships_.Update(call.txn(), membership));
  }
  return team;
}

}  // namespace dangjian::activity
