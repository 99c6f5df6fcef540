#include "common/rpc/server_transport.h"

namespace dangjian::rpc {
namespace {

constexpr int kMaxMessageBytes = 4 * 1024 * 1024;
constexpr int kMaxMetadataBytes = 8 * 1024;
constexpr int kMinPingMillis = 10'000;  // half of what our clients leave between two pings

}  // namespace

void ApplyTransportLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  // A message may unpack to a thousand times its size: compressed ones are refused unread.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kMinPingMillis);
  // Two processes on one port would each get half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

}  // namespace dangjian::rpc
