#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

// The only mapping between absl::Status and grpc::Status, both ways, details intact.

namespace dangjian {

// An error without a reason keeps its code, but its text is replaced: it may hold engine text. It gets reason INTERNAL.
// `accept_language` is the caller's metadata of that name: in which language its user reads.
grpc::Status ToGrpcStatus(const absl::Status& status, std::string_view accept_language = {});

// Keeps code, message and google.rpc details.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace dangjian
