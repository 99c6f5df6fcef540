#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server.h"

namespace dangjian::server {

// A gRPC server and where it can be reached.
struct Listener {
  std::unique_ptr<grpc::Server> server;
  std::vector<std::string> addresses;  // as bound, in the order asked for
};

// Serves `service`, which must outlive the server, on every address (`host:port`, port 0 for a free one, or
// `unix:path`), with limits on message size, metadata, streams and silent peers. UNAVAILABLE naming the address that
// cannot be had: a port or a socket on which somebody listens is never shared.
absl::StatusOr<Listener> Listen(grpc::CallbackGenericService& service, const std::vector<std::string>& addresses);

}  // namespace dangjian::server
