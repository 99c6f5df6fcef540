#include "services/registry/organization/organization_service.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/change/directory.h"
#include "common/rpc/change_record.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "services/registry/member/member_schema.h"
#include "services/registry/organization/organization_rules.h"
#include "services/registry/organization/organization_schema.h"

namespace dangjian::registry {
namespace {

using rpc::CallContext;
using v1::Organization;

}  // namespace

void OrganizationService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  router.Unary(this, &OrganizationService::Approve);
  router.Unary(this, &OrganizationService::Activate);
  router.Unary(this, &OrganizationService::Suspend);
  router.Unary(this, &OrganizationService::Resume);
  router.Unary(this, &OrganizationService::Dissolve);
  router.Unary(this, &OrganizationService::Move);
  router.Unary(this, &OrganizationService::Relocate);
  router.Unary(this, &OrganizationService::Rename);
  rpc::StandardOptions<Organization> options;
  options.on_create = [this](CallContext& context, Organization& created) { return OnCreate(context, created); };
  options.on_update = [](CallContext& context, const Organization&, Organization& updated) {
    return CheckCorrection(updated, context.today());
  };
  options.list_filters = {{"kind", kOrganizationByKind},
                          {"administrative_parent", kOrganizationByAdministrativeParent},
                          {"party_parent", kOrganizationByPartyParent}};
  rpc::RegisterStandardMethods(router,
                               *v1::Organization::descriptor()->file()->FindServiceByName("OrganizationService"),
                               tables_.organizations, tokens, std::move(options));
}

absl::Status OrganizationService::OnCreate(CallContext& context, Organization& created) const {
  RETURN_IF_ERROR(Propose(created, StepOf(context, context.today())));
  return CheckPlace(context, created);
}

absl::Status OrganizationService::CheckPlace(CallContext& context, Organization& organization) const {
  const std::vector<storage::TreeEdge> edges = change::TreeEdgesOf(organization);
  if (context.txn().tree().WouldCycle(organization.name(), edges)) {
    return Error(reasons::kOrganizationCycle,
                 absl::StrCat(organization.name(), " would stand above itself; choose another parent"),
                 {{"organization", organization.name()}});
  }
  organization.clear_warnings();
  for (const v1::ParentEdge& edge : organization.parents()) {
    ASSIGN_OR_RETURN(const Organization parent, tables_.organizations.Get(context.reader(), edge.parent()));
    if (!edge.has_end_date()) RETURN_IF_ERROR(CheckNotDissolved(parent));
    if (organization.warnings().empty() && !IsUsualParent(organization.kind(), parent.kind(), edge.kind())) {
      organization.add_warnings(std::string(kUnusualParent));
    }
  }
  return absl::OkStatus();
}

absl::Status OrganizationService::CheckEmpty(CallContext& context, const Organization& organization, Day day) const {
  const std::string& name = organization.name();
  for (const std::string& below : context.txn().tree().SelfAndDescendants(name, {day, Day::Max()})) {
    if (below == name) continue;
    ASSIGN_OR_RETURN(const Organization child, tables_.organizations.Get(context.reader(), below));
    if (child.has_dissolved_on() && DayOr(child.dissolved_on(), Day::Max()) <= day) continue;
    return Error(reasons::kOrganizationHasChildren, absl::StrCat(below, " is under ", name, "; move it first"),
                 {{"organization", name}, {"child", below}});
  }
  ASSIGN_OR_RETURN(const std::vector<v1::Member> members,
                   tables_.members.Find(context.reader(), storage::KeyWriter(kMemberByOrganization).Text(name), 1));
  // The step may lie back: who left only after it was still a member. Below is nobody by now.
  ASSIGN_OR_RETURN(const storage::MeasureResult members_then,
                   context.database()->measures().Query(
                       context.reader(), {.measure = &kMembers, .organization = name, .days = {day, day}}));
  if (!members.empty() || members_then.total.value != 0) {
    return Error(reasons::kOrganizationHasMembers, absl::StrCat(name, " has members; transfer them first"),
                 {{"organization", name}});
  }
  return absl::OkStatus();
}

absl::StatusOr<Organization> OrganizationService::Approve(CallContext& context,
                                                          const v1::ApproveOrganizationRequest& request) {
  return ChangeRecord(context, tables_.organizations, request, [&](Organization& organization) -> absl::Status {
    RETURN_IF_ERROR(registry::Approve(organization, StepOf(context, request.occurred_on(), request.reason())));
    if (!request.approval_document().empty()) organization.set_approval_document(request.approval_document());
    return absl::OkStatus();
  });
}

absl::StatusOr<Organization> OrganizationService::Activate(CallContext& context,
                                                           const v1::ActivateOrganizationRequest& request) {
  return ChangeRecord(context, tables_.organizations, request, [&](Organization& organization) {
    return registry::Activate(organization, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Organization> OrganizationService::Suspend(CallContext& context,
                                                          const v1::SuspendOrganizationRequest& request) {
  return ChangeRecord(context, tables_.organizations, request, [&](Organization& organization) {
    return registry::Suspend(organization, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Organization> OrganizationService::Resume(CallContext& context,
                                                         const v1::ResumeOrganizationRequest& request) {
  return ChangeRecord(context, tables_.organizations, request, [&](Organization& organization) {
    return registry::Resume(organization, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Organization> OrganizationService::Dissolve(CallContext& context,
                                                           const v1::DissolveOrganizationRequest& request) {
  return ChangeRecord(context, tables_.organizations, request, [&](Organization& organization) -> absl::Status {
    const Step step = StepOf(context, request.occurred_on(), request.reason());
    RETURN_IF_ERROR(registry::Dissolve(organization, step));
    *organization.mutable_successors() = request.successors();
    return CheckEmpty(context, organization, step.day);
  });
}

absl::StatusOr<Organization> OrganizationService::Move(CallContext& context,
                                                       const v1::MoveOrganizationRequest& request) {
  return ChangeRecord(context, tables_.organizations, request, [&](Organization& organization) -> absl::Status {
    RETURN_IF_ERROR(CheckNotDissolved(organization));
    registry::Move(organization, request.parent(), request.kind(), DayOr(request.occurred_on(), context.today()));
    return CheckPlace(context, organization);
  });
}

absl::StatusOr<Organization> OrganizationService::Relocate(CallContext& context,
                                                           const v1::RelocateOrganizationRequest& request) {
  return ChangeRecord(context, tables_.organizations, request, [&](Organization& organization) -> absl::Status {
    RETURN_IF_ERROR(CheckNotDissolved(organization));
    return registry::Relocate(organization, request.address(), StepOf(context, request.occurred_on()));
  });
}

absl::StatusOr<Organization> OrganizationService::Rename(CallContext& context,
                                                         const v1::RenameOrganizationRequest& request) {
  return ChangeRecord(context, tables_.organizations, request, [&](Organization& organization) -> absl::Status {
    RETURN_IF_ERROR(CheckNotDissolved(organization));
    RETURN_IF_ERROR(registry::Rename(organization, request.display_name(), StepOf(context, request.occurred_on())));
    if (!request.short_name().empty()) organization.set_short_name(request.short_name());
    return absl::OkStatus();
  });
}

}  // namespace dangjian::registry
