#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/pipeline.h"

namespace dangjian::rpc::stages {

absl::Status Authenticate(CallState& call) {
  if (call.method().is_public) return absl::OkStatus();
  ASSIGN_OR_RETURN(auth::Principal principal, call.parts().verifier.Verify(call));
  call.set_principal(std::move(principal));
  return absl::OkStatus();
}

}  // namespace dangjian::rpc::stages
