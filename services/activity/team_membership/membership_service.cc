#include "services/activity/team_membership/membership_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "services/activity/tags.h"
#include "services/activity/team_membership/membership_rules.h"
#include "services/activity/team_membership/membership_schema.h"

namespace dangjian::activity {

absl::Status TeamMembershipService::Complete(rpc::CallContext& call, v1::TeamMembership& membership) const {
  Violations violations;
  membership_rules::CheckContent(membership, call.today(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const v1::Team team, teams_.Get(call.reader(), membership.team()));
  membership_rules::TakeFromTeam(membership, team);
  RETURN_IF_ERROR(membership_rules::CheckWithin(membership, team));
  ASSIGN_OR_RETURN(*membership.mutable_canonical_person(),
                   directory_.CanonicalName(call.reader(), membership.person()));
  ASSIGN_OR_RETURN(
      const std::vector<v1::TeamMembership> others,
      memberships_.FindAll(call.reader(), MembershipsOfPerson(membership.team(), membership.canonical_person())));
  return membership_rules::CheckOnce(membership, others);
}

void TeamMembershipService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::TeamMembership> options;
  options.on_create = [this](rpc::CallContext& call, v1::TeamMembership& created) {
    created.clear_transitions();
    return Complete(call, created);
  };
  options.on_update = [this](rpc::CallContext& call, const v1::TeamMembership&, v1::TeamMembership& updated) {
    return Complete(call, updated);
  };
  options.list_filters = {{.field = "team", .index_tag = tags::kTeamMembershipByTeam},
                          {.field = "canonical_person", .index_tag = tags::kTeamMembershipByPerson}};
  rpc::RegisterStandardMethods(router,
                               *v1::TeamMembership::descriptor()->file()->FindServiceByName("TeamMembershipService"),
                               memberships_, tokens, std::move(options));
  router.Unary(this, &TeamMembershipService::End);
}

absl::StatusOr<v1::TeamMembership> TeamMembershipService::End(rpc::CallContext& call,
                                                              const v1::EndTeamMembershipRequest& request) {
  Step step = StepOf(call, request.occurred_on(), request.reason());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, memberships_, request,
                      [&](v1::TeamMembership& row) { return membership_rules::End(row, step); });
}

}  // namespace dangjian::activity
