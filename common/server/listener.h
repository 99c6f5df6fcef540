#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/server/acceptor.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"

namespace dangjian::server {

// A gRPC server and how it is reached. The server comes after the acceptor, which must be stopped before it is shut
// down.
struct Listener {
  std::unique_ptr<Acceptor> acceptor;
  std::unique_ptr<grpc::Server> server;
};

// Serves `service`, which must outlive the server, on every address (see Acceptor::Bind), with limits on connections,
// message size, metadata, streams and silent peers. Compressed messages are refused before they are unpacked:
// UNIMPLEMENTED, with the header that names what is accepted. UNAVAILABLE naming the address that cannot be had.
absl::StatusOr<Listener> Listen(
    grpc::CallbackGenericService& service, const std::vector<std::string>& addresses, const Acceptor::Limits& limits,
    const std::shared_ptr<grpc::ServerCredentials>& credentials = grpc::InsecureServerCredentials());

}  // namespace dangjian::server
