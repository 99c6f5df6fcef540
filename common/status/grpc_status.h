#pragma once

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

// The only mapping between absl::Status and grpc::Status, both ways, details intact.

namespace dangjian {

// An error without a reason keeps its code, but its text is replaced: it may hold engine text. It gets reason INTERNAL.
grpc::Status ToGrpcStatus(const absl::Status& status);

// Keeps code, message and google.rpc details.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace dangjian
