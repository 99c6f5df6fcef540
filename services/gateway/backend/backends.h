#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/rpc/client.h"
#include "common/rpc/client_channel.h"

namespace dangjian::gateway {

// A service behind the gateway.
struct Backend {
  std::string name;  // `registry`
  std::shared_ptr<rpc::ClientChannel> channel;
  std::unique_ptr<rpc::Client> client;  // over the channel
};

// The services behind the gateway by their short names. Immutable after the last Add, so safe from any thread.
class Backends {
 public:
  // Reads `registry=127.0.0.1:7401,pledge=unix:/run/pledge.sock`. INVALID_ARGUMENT saying what is wrong. Does not
  // connect.
  static absl::StatusOr<Backends> Parse(std::string_view flag, const rpc::CredentialsFor& to_call);

  void Add(std::string_view name, std::shared_ptr<rpc::ClientChannel> channel);
  // nullptr when there is no such service.
  const Backend* Find(std::string_view name) const;
  // `pledge, registry`
  std::string Names() const;
  const std::map<std::string, Backend, std::less<>>& all() const { return backends_; }

 private:
  std::map<std::string, Backend, std::less<>> backends_;
};

// The names alone.
std::set<std::string> NamesOf(const Backends& backends);

}  // namespace dangjian::gateway
