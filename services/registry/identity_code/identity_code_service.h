#pragma once

#include "common/rpc/call_context.h"
#include "common/rpc/router.h"
#include "dangjian/registry/v1/identity_code.pb.h"

namespace dangjian::registry {

// Handlers of dangjian.registry.v1.IdentityCodeService. Without state; thread-safe.
class IdentityCodeService {
 public:
  // The service must outlive the router.
  void Register(rpc::Router& router);

 private:
  absl::StatusOr<v1::CheckIdentityCodeResponse> Check(rpc::CallContext& context,
                                                      const v1::CheckIdentityCodeRequest& request);
};

}  // namespace dangjian::registry
