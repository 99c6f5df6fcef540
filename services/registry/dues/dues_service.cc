#include "services/registry/dues/dues_service.h"

#include "services/registry/dues/dues_rules.h"

namespace dangjian::registry {

void DuesService::Register(rpc::Router& router) {
  router.Unary(this, &DuesService::ComputeMembershipDues, rpc::Run::kInline);
}

absl::StatusOr<v1::ComputeMembershipDuesResponse> DuesService::ComputeMembershipDues(
    rpc::CallContext&, const v1::ComputeMembershipDuesRequest& request) {
  return MembershipDues(request);
}

}  // namespace dangjian::registry
