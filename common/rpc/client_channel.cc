#include "common/rpc/client_channel.h"

#include "grpcpp/create_channel.h"
#include "grpcpp/support/channel_arguments.h"

namespace dangjian::rpc {
namespace {

constexpr int kChannels = 2;
constexpr int kKeepaliveMillis = 60'000;
constexpr int kKeepaliveTimeoutMillis = 10'000;
constexpr int kMaxReconnectMillis = 5'000;
constexpr int kMaxMetadataBytes = 16 * 1024;  // error details are at most 6 KiB on the wire

}  // namespace

std::shared_ptr<ClientChannel> ClientChannel::Make(const std::string& target,
                                                   const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  // Without a pool of its own, the second channel would share the connection of the first.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMillis);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMillis);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMillis);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < kChannels; ++i) channels.push_back(grpc::CreateCustomChannel(target, credentials, arguments));
  return std::make_shared<ClientChannel>(std::move(channels));
}

}  // namespace dangjian::rpc
