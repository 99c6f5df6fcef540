#include "common/rpc/pipeline.h"

namespace dangjian::rpc::stages {

absl::Status Authorize(CallState& call) {
  if (call.method().is_public) return absl::OkStatus();
  return auth::Authorize(call.principal(), call.method().permission);
}

}  // namespace dangjian::rpc::stages
