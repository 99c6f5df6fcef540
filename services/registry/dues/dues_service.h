#pragma once

#include "common/rpc/call_context.h"
#include "common/rpc/router.h"
#include "dangjian/registry/v1/dues.pb.h"

namespace dangjian::registry {

// Handlers of dangjian.registry.v1.DuesService. Without state; thread-safe.
class DuesService {
 public:
  // The service must outlive the router.
  void Register(rpc::Router& router);

 private:
  absl::StatusOr<v1::ComputeMembershipDuesResponse> ComputeMembershipDues(
      rpc::CallContext& call, const v1::ComputeMembershipDuesRequest& request);
};

}  // namespace dangjian::registry
