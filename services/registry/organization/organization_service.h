#pragma once

#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "services/registry/tables.h"

namespace dangjian::registry {

// Handlers of dangjian.registry.v1.OrganizationService. Thread-safe.
class OrganizationService {
 public:
  // `tables` must outlive the service.
  explicit OrganizationService(const Tables& tables) : tables_(tables) {}

  // The service and `tokens` must outlive the router.
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  template <class T>
  using Or = absl::StatusOr<T>;

  Or<v1::Organization> Approve(rpc::CallContext& context, const v1::ApproveOrganizationRequest& request);
  Or<v1::Organization> Activate(rpc::CallContext& context, const v1::ActivateOrganizationRequest& request);
  Or<v1::Organization> Suspend(rpc::CallContext& context, const v1::SuspendOrganizationRequest& request);
  Or<v1::Organization> Resume(rpc::CallContext& context, const v1::ResumeOrganizationRequest& request);
  Or<v1::Organization> Dissolve(rpc::CallContext& context, const v1::DissolveOrganizationRequest& request);
  Or<v1::Organization> Move(rpc::CallContext& context, const v1::MoveOrganizationRequest& request);
  Or<v1::Organization> Relocate(rpc::CallContext& context, const v1::RelocateOrganizationRequest& request);
  Or<v1::Organization> Rename(rpc::CallContext& context, const v1::RenameOrganizationRequest& request);

  absl::Status OnCreate(rpc::CallContext& context, v1::Organization& created) const;
  // ORGANIZATION_CYCLE, ORGANIZATION_DISSOLVED for open edges; fills the warnings.
  absl::Status CheckPlace(rpc::CallContext& context, v1::Organization& organization) const;
  // ORGANIZATION_HAS_MEMBERS, ORGANIZATION_HAS_CHILDREN.
  absl::Status CheckEmpty(rpc::CallContext& context, const v1::Organization& organization, Day day) const;

  const Tables& tables_;
};

}  // namespace dangjian::registry
