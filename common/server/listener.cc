#include "common/server/listener.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"

namespace dangjian::server {
namespace {

// The hard limit of the transport. The limits of the contract are lower and answered with a reason.
constexpr int kMaxMessageBytes = 4 << 20;
constexpr int kMaxMetadataBytes = 8 << 10;
constexpr int kMaxStreamsOfConnection = 256;
constexpr int kHandshakeMillis = 5'000;
constexpr int kIdleMillis = 15 * 60 * 1000;
// A peer that has vanished is noticed after 25 seconds; clients may ping half as often as this server does.
constexpr int kKeepaliveMillis = 20'000;
constexpr int kKeepaliveTimeoutMillis = 5'000;
constexpr int kMinClientPingMillis = 10'000;

constexpr char kUnixPrefix[] = "unix:";

// gRPC replaces a socket file without asking: somebody may be listening on it.
absl::Status CheckUnixSocketIsFree(const std::string& address) {
  const std::string path = address.substr(sizeof(kUnixPrefix) - 1);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.size() >= sizeof(name.sun_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot listen on ", address, ": the path is longer than ", sizeof(name.sun_path) - 1, " bytes"));
  }
  std::memcpy(name.sun_path, path.c_str(), path.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return absl::OkStatus();  // binding will fail in turn and say so
  const bool taken = ::connect(socket, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0;
  ::close(socket);
  if (!taken) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("cannot listen on ", address, ": another process serves there"));
}

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreamsOfConnection);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMillis);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kIdleMillis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMillis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMillis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinClientPingMillis);
  // Otherwise a second process shares the port and takes half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace

absl::StatusOr<Listener> Listen(grpc::CallbackGenericService& service, const std::vector<std::string>& addresses) {
  grpc::ServerBuilder builder;
  SetLimits(builder);
  builder.RegisterCallbackGenericService(&service);
  std::vector<int> ports(addresses.size(), 0);  // filled as far as binding gets
  for (size_t i = 0; i < addresses.size(); ++i) {
    if (absl::StartsWith(addresses[i], kUnixPrefix)) RETURN_IF_ERROR(CheckUnixSocketIsFree(addresses[i]));
    builder.AddListeningPort(addresses[i], grpc::InsecureServerCredentials(), &ports[i]);
  }
  Listener listener{.server = builder.BuildAndStart(), .addresses = addresses};
  for (size_t i = 0; i < addresses.size(); ++i) {
    if (ports[i] == 0) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", addresses[i], ": it is taken or not permitted; choose another --listen"));
    }
    std::string& address = listener.addresses[i];
    if (!absl::StartsWith(address, kUnixPrefix))
      address.replace(address.rfind(':') + 1, address.npos, absl::StrCat(ports[i]));
  }
  if (listener.server == nullptr) return absl::UnavailableError("the gRPC server did not start");
  return listener;
}

}  // namespace dangjian::server
