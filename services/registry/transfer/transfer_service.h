#pragma once

#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "services/registry/tables.h"

namespace dangjian::registry {

// Handlers of dangjian.registry.v1.MemberTransferService. Thread-safe.
class MemberTransferService {
 public:
  // `tables` must outlive the service.
  explicit MemberTransferService(const Tables& tables) : tables_(tables) {}

  // The service and `tokens` must outlive the router.
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  template <class T>
  using Or = absl::StatusOr<T>;

  Or<v1::MemberTransfer> Issue(rpc::CallContext& context, const v1::IssueMemberTransferRequest& request);
  // Changes the transfer and the member's relation in one transaction.
  Or<v1::MemberTransfer> Receive(rpc::CallContext& context, const v1::ReceiveMemberTransferRequest& request);
  Or<v1::MemberTransfer> Reject(rpc::CallContext& context, const v1::RejectMemberTransferRequest& request);
  Or<v1::MemberTransfer> Expire(rpc::CallContext& context, const v1::ExpireMemberTransferRequest& request);

  absl::Status OnCreate(rpc::CallContext& context, v1::MemberTransfer& created) const;
  // ORGANIZATION_DISSOLVED.
  absl::Status CheckReceiver(rpc::CallContext& context, const v1::MemberTransfer& transfer) const;

  const Tables& tables_;
};

}  // namespace dangjian::registry
