#include "services/registry/assignment/assignment_service.h"

#include <limits>
#include <string>

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/rpc/standard_methods.h"
#include "services/registry/assignment/assignment_rules.h"
#include "services/registry/assignment/assignment_schema.h"
#include "services/registry/member/member_rules.h"
#include "services/registry/organization/organization_rules.h"

namespace dangjian::registry {

using rpc::CallContext;
using v1::Assignment;

void AssignmentService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  router.Unary(this, &AssignmentService::End);
  rpc::StandardOptions<Assignment> options;
  options.on_create = [this](CallContext& context, Assignment& created) { return OnCreate(context, created); };
  options.list_filters = {{"organization", kAssignmentByOrganization}, {"member", kAssignmentByMember}};
  rpc::RegisterStandardMethods(router, *Assignment::descriptor()->file()->FindServiceByName("AssignmentService"),
                               tables_.assignments, tokens, std::move(options));
}

absl::StatusOr<std::vector<Assignment>> AssignmentService::FindAll(CallContext& context, uint16_t index,
                                                                   const std::string& name) const {
  // All of them: a rule over a part would be no rule. An organisation or a member has tens.
  return tables_.assignments.Find(context.reader(), storage::KeyWriter(index).Text(name),
                                  std::numeric_limits<size_t>::max());
}

absl::Status AssignmentService::OnCreate(CallContext& context, Assignment& created) const {
  RETURN_IF_ERROR(CheckDays(created));
  ASSIGN_OR_RETURN(const v1::Member member, tables_.members.Get(context.reader(), created.member()));
  if (!created.has_end_date()) RETURN_IF_ERROR(CheckLive(member));
  ASSIGN_OR_RETURN(const v1::Organization organization,
                   tables_.organizations.Get(context.reader(), created.organization()));
  if (!created.has_end_date()) RETURN_IF_ERROR(CheckNotDissolved(organization));

  ASSIGN_OR_RETURN(const std::vector<Assignment> in_organization,
                   FindAll(context, kAssignmentByOrganization, created.organization()));
  RETURN_IF_ERROR(CheckPostIsFree(created, in_organization));
  ASSIGN_OR_RETURN(const std::vector<Assignment> of_member, FindAll(context, kAssignmentByMember, created.member()));
  RETURN_IF_ERROR(CheckLiaisonLoad(created, of_member));

  created.set_organization_kind(organization.kind());
  created.set_holds_secretary_post(created.kind() == v1::ASSIGNMENT_KIND_LEADING_GROUP_CHAIR &&
                                   HoldsSecretaryPost(created, in_organization));
  return absl::OkStatus();
}

absl::StatusOr<Assignment> AssignmentService::End(CallContext& context, const v1::EndAssignmentRequest& request) {
  return ChangeRecord(context, tables_.assignments, request, [&](Assignment& assignment) {
    return EndAssignment(assignment, DayOr(request.end_date(), context.today()), request.reason());
  });
}

}  // namespace dangjian::registry
