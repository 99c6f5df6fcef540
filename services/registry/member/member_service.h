#pragma once

#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "services/registry/tables.h"

namespace dangjian::registry {

// Handlers of dangjian.registry.v1.MemberService. Thread-safe.
class MemberService {
 public:
  // `tables` must outlive the service.
  explicit MemberService(const Tables& tables) : tables_(tables) {}

  // The service and `tokens` must outlive the router.
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  template <class T>
  using Or = absl::StatusOr<T>;

  Or<v1::Member> Confirm(rpc::CallContext& context, const v1::ConfirmMemberRequest& request);
  Or<v1::Member> Extend(rpc::CallContext& context, const v1::ExtendProbationRequest& request);
  Or<v1::Member> Cancel(rpc::CallContext& context, const v1::CancelMembershipRequest& request);
  Or<v1::Member> Suspend(rpc::CallContext& context, const v1::SuspendMemberRequest& request);
  Or<v1::Member> Restore(rpc::CallContext& context, const v1::RestoreMemberRequest& request);
  Or<v1::Member> Remove(rpc::CallContext& context, const v1::RemoveMemberRequest& request);
  Or<v1::Member> RecordDeath(rpc::CallContext& context, const v1::RecordDeathRequest& request);

  absl::Status OnCreate(rpc::CallContext& context, v1::Member& created) const;

  const Tables& tables_;
};

}  // namespace dangjian::registry
