#include "common/rpc/testing/pausable_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace dangjian::rpc::testing {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

// Passes on what there is; false when the flow has ended.
bool Pass(int from, int to) {
  char buffer[65536];
  const ssize_t size = ::recv(from, buffer, sizeof(buffer), 0);
  if (size <= 0) return false;
  for (ssize_t sent = 0; sent < size;) {
    const ssize_t n = ::send(to, buffer + sent, static_cast<size_t>(size - sent), MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += n;
  }
  return true;
}

}  // namespace

PausableProxy::PausableProxy(const std::string& target)
    : server_port_(std::atoi(target.c_str() + target.rfind(':') + 1)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0) std::abort();
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  own_target_ = absl::StrCat("127.0.0.1:", ntohs(address.sin_port));
  thread_ = std::thread([this] { Run(); });
}

PausableProxy::~PausableProxy() {
  stopping_ = true;
  thread_.join();
  for (const auto& [from, to] : flows_) ::close(from);
  ::close(listener_);
}

void PausableProxy::Run() {
  while (!stopping_) {
    if (paused_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      continue;
    }
    std::vector<pollfd> ready = {{listener_, POLLIN, 0}};
    for (const auto& [from, to] : flows_) ready.push_back({from, POLLIN, 0});
    if (::poll(ready.data(), ready.size(), 5) <= 0) continue;
    std::vector<int> ended;
    for (size_t i = 1; i < ready.size(); ++i) {
      const auto [from, to] = flows_[i - 1];
      // The end of one side is the end of both.
      if (ready[i].revents != 0 && !Pass(from, to)) ended.insert(ended.end(), {from, to});
    }
    std::sort(ended.begin(), ended.end());
    ended.erase(std::unique(ended.begin(), ended.end()), ended.end());
    std::erase_if(flows_, [&](const auto& flow) { return std::binary_search(ended.begin(), ended.end(), flow.first); });
    for (const int socket : ended) ::close(socket);
    if (ready[0].revents != 0) Accept();
  }
}

void PausableProxy::Accept() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(server_port_);
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(client);
    ::close(server);
    return;
  }
  flows_.emplace_back(client, server);
  flows_.emplace_back(server, client);
}

}  // namespace dangjian::rpc::testing
