#include "common/server/listener.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/server_transport.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/channel_arguments.h"

namespace dangjian::server {
namespace {

constexpr int kMaxStreamsOfConnection = 512;
constexpr int kHandshakeMillis = 5'000;
constexpr int kIdleMillis = 15 * 60 * 1000;
// A connection is replaced now and then, so that none keeps for ever what it has gathered. Streams have the grace to
// end by themselves: none lasts longer than ten minutes.
constexpr int kAgeMillis = 60 * 60 * 1000;
constexpr int kAgeGraceMillis = 11 * 60 * 1000;
// A peer that has vanished is noticed after 25 seconds.
constexpr int kKeepaliveMillis = 20'000;
constexpr int kKeepaliveTimeoutMillis = 5'000;
constexpr int kPingStrikes = 2;
// For the buffers of the transport, not for parsed messages. Beyond it connections are cut.
constexpr size_t kTransportBytes = size_t{256} << 20;

void SetLimits(grpc::ServerBuilder& builder) {
  rpc::ApplyTransportLimits(builder);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsOfConnection);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMillis);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kIdleMillis);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, kAgeMillis);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kAgeGraceMillis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMillis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMillis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, kPingStrikes);
  builder.SetResourceQuota(grpc::ResourceQuota("server").Resize(kTransportBytes));
}

}  // namespace

absl::StatusOr<Listener> Listen(grpc::CallbackGenericService& service, const std::vector<std::string>& addresses,
                                const Acceptor::Limits& limits,
                                const std::shared_ptr<grpc::ServerCredentials>& credentials) {
  Listener listener;
  ASSIGN_OR_RETURN(listener.acceptor, Acceptor::Bind(addresses, limits));
  grpc::ServerBuilder builder;
  SetLimits(builder);
  builder.RegisterCallbackGenericService(&service);
  using FromDescriptor = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  const std::shared_ptr<grpc::experimental::ExternalConnectionAcceptor> hand_over =
      builder.experimental().AddExternalConnectionAcceptor(FromDescriptor::FROM_FD, credentials);
  listener.server = builder.BuildAndStart();
  if (listener.server == nullptr) return absl::UnavailableError("the gRPC server did not start");
  listener.acceptor->Start([hand_over](const Acceptor::Connection& connection) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
    parameters.listener_fd = connection.listener;
    parameters.fd = connection.socket;
    hand_over->HandleNewConnection(&parameters);
  });
  return listener;
}

}  // namespace dangjian::server
