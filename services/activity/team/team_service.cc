#include "services/activity/team/team_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/types/date.h"
#include "services/activity/tags.h"
#include "services/activity/team/team_rules.h"
#include "services/activity/team_membership/membership_rules.h"
#include "services/activity/team_membership/membership_schema.h"

namespace dangjian::activity {
namespace {

// Rows after which a long verb asks whether its caller still waits.
constexpr int64_t kRowsBetweenChecks = 256;

}  // namespace

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

absl::Status TeamService::ForEachMembership(rpc::CallContext& call, const v1::Team& team,
                                            const std::function<absl::Status(v1::TeamMembership&)>& visit) const {
  int64_t seen = 0;
  const auto next = [&](v1::TeamMembership& membership) -> absl::Status {
    if (++seen % kRowsBetweenChecks == 0) RETURN_IF_ERROR(call.CheckAlive());
    return visit(membership);
  };
  return memberships_.ForEach(call.reader(), MembershipsOfTeam(team.name()), next);
}

absl::Status TeamService::CheckDays(rpc::CallContext& call, const v1::Team& updated) const {
  return ForEachMembership(call, updated, [&](const v1::TeamMembership& membership) {
    return membership_rules::CheckWithin(membership, updated);
  });
}

absl::StatusOr<v1::Team> TeamService::Disband(rpc::CallContext& call, const v1::DisbandTeamRequest& request) {
  Step step = StepOf(call, request.occurred_on(), request.reason());
  step.on_behalf_of = request.on_behalf_of();
  ASSIGN_OR_RETURN(v1::Team team,
                   ChangeRecord(call, teams_, request, [&](v1::Team& row) { return team_rules::Disband(row, step); }));
  const auto end = [&](v1::TeamMembership& membership) -> absl::Status {
    if (DayOr(membership.end_date(), Day::Max()) <= step.day) return absl::OkStatus();
    RETURN_IF_ERROR(membership_rules::EndWithTeam(membership, team, step));
    return memberships_.Update(call.txn(), membership);
  };
  RETURN_IF_ERROR(ForEachMembership(call, team, end));
  return team;
}

}  // namespace dangjian::activity
