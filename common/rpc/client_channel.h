#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/rpc/peer_watch.h"
#include "grpcpp/channel.h"
#include "grpcpp/security/credentials.h"

namespace dangjian::rpc {

// What proves one's identity to a service of the suite, and the service's to oneself: `registry`.
using CredentialsFor = std::function<std::shared_ptr<grpc::ChannelCredentials>(std::string_view service)>;

// Connections to one target, made once and kept: two channels used in turn, because one connection is served by one
// thread of the other side. Keep-alive notices a peer that has vanished. With a PeerWatch calls fail at once while the
// peer does not answer. Thread-safe.
class ClientChannel {
 public:
  // `target` as gRPC takes it: `localhost:7001`, `unix:/run/dangjian/registry.sock`. Does not connect yet.
  static std::shared_ptr<ClientChannel> Make(
      const std::string& target,
      const std::shared_ptr<grpc::ChannelCredentials>& credentials = grpc::InsecureChannelCredentials());

  // The same with a breaker: `name` is the peer's in errors, e.g. `registry`.
  static std::shared_ptr<ClientChannel> MakeWatched(
      const std::string& target, const std::string& name, PeerWatch::Options options = {},
      const std::shared_ptr<grpc::ChannelCredentials>& credentials = grpc::InsecureChannelCredentials());

  // For channels made elsewhere, such as Server::InProcessChannel. At least one.
  explicit ClientChannel(std::vector<std::shared_ptr<grpc::Channel>> channels) : channels_(std::move(channels)) {}

  // The channel for the next call.
  const std::shared_ptr<grpc::Channel>& Next() {
    return channels_[next_.fetch_add(1, std::memory_order_relaxed) % channels_.size()];
  }

  // nullptr when nobody watches the peer.
  PeerWatch* peer() const { return peer_.get(); }

 private:
  const std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::atomic<size_t> next_{0};
  std::unique_ptr<PeerWatch> peer_;
};

}  // namespace dangjian::rpc
