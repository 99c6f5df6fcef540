#include "common/rpc/client_channel.h"

#include "grpcpp/create_channel.h"
#include "grpcpp/support/channel_arguments.h"

namespace dangjian::rpc {
namespace {

constexpr int kChannels = 2;
constexpr int kKeepaliveMillis = 20'000;
constexpr int kKeepaliveTimeoutMillis = 5'000;
constexpr int kMaxReconnectMillis = 1'000;
constexpr int kProbeReconnectMillis = 200;
constexpr int kMaxMetadataBytes = 16 * 1024;  // error details are at most 6 KiB on the wire

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  // Without a pool of its own, each further channel would share the connection of the first.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMillis);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMillis);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectMillis);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  return arguments;
}

}  // namespace

std::shared_ptr<ClientChannel> ClientChannel::Make(const std::string& target,
                                                   const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  const grpc::ChannelArguments arguments = Arguments();
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < kChannels; ++i) channels.push_back(grpc::CreateCustomChannel(target, credentials, arguments));
  return std::make_shared<ClientChannel>(std::move(channels));
}

std::shared_ptr<ClientChannel> ClientChannel::MakeWatched(
    const std::string& target, const std::string& name, PeerWatch::Options options,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  std::shared_ptr<ClientChannel> channel = Make(target, credentials);
  grpc::ChannelArguments arguments = Arguments();
  for (const char* backoff : {GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, GRPC_ARG_MAX_RECONNECT_BACKOFF_MS}) {
    arguments.SetInt(backoff, kProbeReconnectMillis);
  }
  channel->peer_ = std::make_unique<PeerWatch>(name, grpc::CreateCustomChannel(target, credentials, arguments),
                                               channel->channels_, options);
  return channel;
}

}  // namespace dangjian::rpc
