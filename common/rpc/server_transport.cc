#include "common/rpc/server_transport.h"

namespace dangjian::rpc {
namespace {

constexpr int kMaxMessageBytes = 4 * 1024 * 1024;
constexpr int kMaxMetadataBytes = 16 * 1024;
constexpr int kMinPingMillis = 20'000;

}  // namespace

void ApplyTransportLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinPingMillis);
  // Two processes on one port would each get half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace dangjian::rpc
