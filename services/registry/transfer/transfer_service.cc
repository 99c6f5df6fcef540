#include "services/registry/transfer/transfer_service.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "services/registry/member/member_rules.h"
#include "services/registry/organization/organization_rules.h"
#include "services/registry/transfer/transfer_rules.h"
#include "services/registry/transfer/transfer_schema.h"

namespace dangjian::registry {

using rpc::CallContext;
using v1::MemberTransfer;

void MemberTransferService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  router.Unary(this, &MemberTransferService::Issue);
  router.Unary(this, &MemberTransferService::Receive);
  router.Unary(this, &MemberTransferService::Reject);
  router.Unary(this, &MemberTransferService::Expire);
  rpc::StandardOptions<MemberTransfer> options;
  options.on_create = [this](CallContext& context, MemberTransfer& created) { return OnCreate(context, created); };
  options.list_filters = {
      {"member", kTransferByMember}, {"from_organization", kTransferByFrom}, {"to_organization", kTransferByTo}};
  rpc::RegisterStandardMethods(router,
                               *MemberTransfer::descriptor()->file()->FindServiceByName("MemberTransferService"),
                               tables_.transfers, tokens, std::move(options));
}

absl::Status MemberTransferService::CheckReceiver(CallContext& context, const MemberTransfer& transfer) const {
  ASSIGN_OR_RETURN(const v1::Organization receiver,
                   tables_.organizations.Get(context.reader(), transfer.to_organization()));
  return CheckNotDissolved(receiver);
}

absl::Status MemberTransferService::OnCreate(CallContext& context, MemberTransfer& created) const {
  ASSIGN_OR_RETURN(const v1::Member member, tables_.members.Get(context.reader(), created.member()));
  RETURN_IF_ERROR(CheckLive(member));
  ASSIGN_OR_RETURN(
      const std::vector<MemberTransfer> open,
      tables_.transfers.Find(context.reader(), storage::KeyWriter(kTransferOpen).Text(created.member()), 1));
  if (!open.empty()) {
    return Error(reasons::kTransferAlreadyOpen,
                 absl::StrCat(open[0].name(), " of ", created.member(), " is open; finish it first"),
                 {{"transfer", open[0].name()}});
  }
  RETURN_IF_ERROR(CheckReceiver(context, created));
  return Request(created, member.organization(), StepOf(context, created.requested_on()));
}

absl::StatusOr<MemberTransfer> MemberTransferService::Issue(CallContext& context,
                                                            const v1::IssueMemberTransferRequest& request) {
  return ChangeRecord(context, tables_.transfers, request, [&](MemberTransfer& transfer) {
    const std::optional<Day> valid_until =
        request.has_valid_until() ? DayFromProto(request.valid_until()) : std::nullopt;
    return registry::Issue(transfer, valid_until, StepOf(context, request.occurred_on()));
  });
}

absl::StatusOr<MemberTransfer> MemberTransferService::Receive(CallContext& context,
                                                              const v1::ReceiveMemberTransferRequest& request) {
  return ChangeRecord(context, tables_.transfers, request, [&](MemberTransfer& transfer) -> absl::Status {
    const Step step = StepOf(context, request.occurred_on());
    RETURN_IF_ERROR(registry::Receive(transfer, step));
    RETURN_IF_ERROR(CheckReceiver(context, transfer));
    ASSIGN_OR_RETURN(v1::Member member, tables_.members.Get(context.reader(), transfer.member()));
    RETURN_IF_ERROR(MoveRelation(member, transfer.to_organization(), step.day));
    return tables_.members.Update(context.txn(), member);
  });
}

absl::StatusOr<MemberTransfer> MemberTransferService::Reject(CallContext& context,
                                                             const v1::RejectMemberTransferRequest& request) {
  return ChangeRecord(context, tables_.transfers, request, [&](MemberTransfer& transfer) {
    return registry::Reject(transfer, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<MemberTransfer> MemberTransferService::Expire(CallContext& context,
                                                             const v1::ExpireMemberTransferRequest& request) {
  return ChangeRecord(context, tables_.transfers, request, [&](MemberTransfer& transfer) {
    return registry::Expire(transfer, StepOf(context, request.occurred_on()));
  });
}

}  // namespace dangjian::registry
