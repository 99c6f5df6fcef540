#include "services/registry/member/member_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/rpc/standard_methods.h"
#include "services/registry/member/member_rules.h"
#include "services/registry/member/member_schema.h"
#include "services/registry/organization/organization_rules.h"

namespace dangjian::registry {

using rpc::CallContext;
using v1::Member;

void MemberService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  router.Unary(this, &MemberService::Confirm);
  router.Unary(this, &MemberService::Extend);
  router.Unary(this, &MemberService::Cancel);
  router.Unary(this, &MemberService::Suspend);
  router.Unary(this, &MemberService::Restore);
  router.Unary(this, &MemberService::Remove);
  router.Unary(this, &MemberService::RecordDeath);
  rpc::StandardOptions<Member> options;
  options.on_create = [this](CallContext& context, Member& created) { return OnCreate(context, created); };
  options.list_filters = {{"organization", kMemberByOrganization}, {"status", kMemberByStatus}};
  rpc::RegisterStandardMethods(router, *Member::descriptor()->file()->FindServiceByName("MemberService"),
                               tables_.members, tokens, std::move(options));
}

absl::Status MemberService::OnCreate(CallContext& context, Member& created) const {
  RETURN_IF_ERROR(Admit(created, StepOf(context, context.today())));
  ASSIGN_OR_RETURN(const v1::Organization organization,
                   tables_.organizations.Get(context.reader(), created.organization()));
  return CheckNotDissolved(organization);
}

absl::StatusOr<Member> MemberService::Confirm(CallContext& context, const v1::ConfirmMemberRequest& request) {
  return ChangeRecord(context, tables_.members, request, [&](Member& member) {
    return registry::Confirm(member, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Member> MemberService::Extend(CallContext& context, const v1::ExtendProbationRequest& request) {
  return ChangeRecord(context, tables_.members, request, [&](Member& member) {
    return registry::Extend(member, DayOr(request.probation_due_on(), Day::Max()),
                            StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Member> MemberService::Cancel(CallContext& context, const v1::CancelMembershipRequest& request) {
  return ChangeRecord(context, tables_.members, request, [&](Member& member) {
    return registry::Cancel(member, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Member> MemberService::Suspend(CallContext& context, const v1::SuspendMemberRequest& request) {
  return ChangeRecord(context, tables_.members, request, [&](Member& member) {
    return registry::Suspend(member, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Member> MemberService::Restore(CallContext& context, const v1::RestoreMemberRequest& request) {
  return ChangeRecord(context, tables_.members, request, [&](Member& member) {
    return registry::Restore(member, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Member> MemberService::Remove(CallContext& context, const v1::RemoveMemberRequest& request) {
  return ChangeRecord(context, tables_.members, request, [&](Member& member) {
    return registry::Remove(member, request.kind(), StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Member> MemberService::RecordDeath(CallContext& context, const v1::RecordDeathRequest& request) {
  return ChangeRecord(context, tables_.members, request, [&](Member& member) {
    return registry::RecordDeath(member, StepOf(context, request.occurred_on()));
  });
}

}  // namespace dangjian::registry
