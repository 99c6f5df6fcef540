#include "common/server/acceptor.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/base/steady.h"

namespace dangjian::server {
namespace {

constexpr int kBacklog = 1024;
constexpr int kTickMillis = 1000;
constexpr int64_t kLeastSweepMicros = 20'000;
constexpr unsigned int kUnsentMillis = 25'000;  // a peer that takes nothing for so long has vanished
constexpr char kUnixPrefix[] = "unix:";

struct AddressInfoDeleter {
  void operator()(addrinfo* info) const { ::freeaddrinfo(info); }
};
using AddressInfo = std::unique_ptr<addrinfo, AddressInfoDeleter>;

absl::Status CannotListen(std::string_view address, std::string_view why) {
  return absl::UnavailableError(absl::StrCat("cannot listen on ", absl::string_view(address.data(), address.size()),
                                             ": ", absl::string_view(why.data(), why.size())));
}

absl::Status Taken(const std::string& address) {
  return CannotListen(address, "it is taken or not permitted; choose another address");
}

void SetOption(int socket, int level, int option, int value) {
  ::setsockopt(socket, level, option, &value, sizeof(value));
}

int PortOf(int socket) {
  sockaddr_storage name{};
  socklen_t size = sizeof(name);
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&name), &size) != 0) return 0;
  return ntohs(name.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(name).sin6_port
                                          : reinterpret_cast<const sockaddr_in&>(name).sin_port);
}

void SetPort(sockaddr* address, int port) {
  const uint16_t number = htons(static_cast<uint16_t>(port));
  if (address->sa_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(address)->sin6_port = number;
  } else {
    reinterpret_cast<sockaddr_in*>(address)->sin_port = number;
  }
}

// `127.0.0.1`; an IPv4 peer of an IPv6 socket has its IPv4 address.
std::string TextOf(const sockaddr_storage& peer) {
  char text[INET6_ADDRSTRLEN] = {};
  if (peer.ss_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(peer).sin_addr, text, sizeof(text));
  } else if (peer.ss_family == AF_INET6) {
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr, text, sizeof(text));
  }
  return std::string(absl::StripPrefix(text, "::ffff:"));
}

// A listening socket; -1 when the address cannot be had.
int ListenOn(const sockaddr* address, socklen_t size) {
  const int socket = ::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return -1;
  if (address->sa_family != AF_UNIX) SetOption(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  if (address->sa_family == AF_INET6) SetOption(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (::bind(socket, address, size) == 0 && ::listen(socket, kBacklog) == 0) return socket;
  ::close(socket);
  return -1;
}

}  // namespace

size_t RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<size_t>(limit.rlim_cur);
}

Acceptor::Acceptor(const Limits& limits)
    : limits_(limits),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      spare_(::open("/dev/null", O_RDONLY | O_CLOEXEC)) {}

Acceptor::~Acceptor() {
  Stop();
  ::close(wake_);
  ::close(spare_);
}

absl::StatusOr<std::unique_ptr<Acceptor>> Acceptor::Bind(const std::vector<std::string>& addresses,
                                                         const Limits& limits) {
  std::unique_ptr<Acceptor> acceptor(new Acceptor(limits));
  for (const std::string& address : addresses) {
    std::string bound = address;
    if (absl::StartsWith(address, kUnixPrefix)) {
      RETURN_IF_ERROR(acceptor->BindUnix(address));
    } else {
      RETURN_IF_ERROR(acceptor->BindTcp(address, &bound));
    }
    acceptor->addresses_.push_back(std::move(bound));
  }
  return acceptor;
}

absl::Status Acceptor::BindTcp(const std::string& address, std::string* bound) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return CannotListen(address, "it is not host:port");
  const std::string host(absl::StripSuffix(absl::StripPrefix(address.substr(0, colon), "["), "]"));
  const addrinfo hints{.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found) != 0) {
    return CannotListen(address, "no such host or port");
  }
  const AddressInfo all(found);
  int port = 0;
  for (const addrinfo* info = found; info != nullptr; info = info->ai_next) {
    if (port != 0) SetPort(info->ai_addr, port);
    const int listener = ListenOn(info->ai_addr, info->ai_addrlen);
    // A machine without IPv6 still knows the name of its loopback.
    if (listener < 0 && info->ai_family == AF_INET6 && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)) continue;
    if (listener < 0) return Taken(address);
    port = PortOf(listener);
    listeners_.push_back(listener);
  }
  if (port == 0) return Taken(address);
  *bound = absl::StrCat(address.substr(0, colon + 1), port);
  return absl::OkStatus();
}

absl::Status Acceptor::BindUnix(const std::string& address) {
  // gRPC writes absolute paths also as `unix:///path`.
  const std::string path(absl::StripPrefix(absl::StripPrefix(address, kUnixPrefix), "//"));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.size() >= sizeof(name.sun_path)) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot listen on ", address, ": the path is longer than ", sizeof(name.sun_path) - 1, " bytes"));
  }
  std::memcpy(name.sun_path, path.c_str(), path.size());
  const auto* socket_address = reinterpret_cast<const sockaddr*>(&name);
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool taken = probe >= 0 && ::connect(probe, socket_address, sizeof(name)) == 0;
  if (probe >= 0) ::close(probe);
  if (taken) return CannotListen(address, "another process serves there");
  struct stat file {};
  // What is left of a process that died; anything else that stands there stays.
  if (::lstat(path.c_str(), &file) == 0 && S_ISSOCK(file.st_mode)) ::unlink(path.c_str());
  const int listener = ListenOn(socket_address, sizeof(name));
  if (listener < 0) return Taken(address);
  listeners_.push_back(listener);
  socket_files_.push_back(path);
  return absl::OkStatus();
}

void Acceptor::Start(std::function<void(const Connection&)> take, std::function<void()> tick) {
  take_ = std::move(take);
  tick_ = std::move(tick);
  thread_ = std::thread([this] { Run(); });
}

void Acceptor::Stop() {
  if (stopping_.exchange(true)) return;
  const uint64_t one = 1;
  if (::write(wake_, &one, sizeof(one)) < 0) return;  // cannot happen: the counter is far from full
  if (thread_.joinable()) thread_.join();
  for (const int listener : listeners_) ::close(listener);
  for (const std::string& file : socket_files_) ::unlink(file.c_str());
}

void Acceptor::Run() {
  std::vector<pollfd> polled = {{wake_, POLLIN, 0}};
  for (const int listener : listeners_) polled.push_back({listener, POLLIN, 0});
  int64_t ticked = SteadyMicros();
  while (!stopping_) {
    ::poll(polled.data(), polled.size(), kTickMillis);
    for (size_t i = 1; i < polled.size() && !stopping_; ++i) {
      if (polled[i].revents != 0) AcceptFrom(polled[i].fd);
    }
    if (!tick_ || SteadyMicros() - ticked < int64_t{kTickMillis} * 1000) continue;
    tick_();
    ticked = SteadyMicros();
  }
}

void Acceptor::AcceptFrom(int listener) {
  while (!stopping_) {
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    const int socket = ::accept4(listener, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
      Admit(listener, socket, TextOf(peer));
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      if (RefuseWithoutDescriptor(listener)) continue;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return;
  }
}

void Acceptor::Admit(int listener, int socket, std::string address) {
  struct stat file {};
  ::fstat(socket, &file);
  {
    MutexLock lock(mutex_);
    const auto full = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return handed_.size() >= limits_.connections; };
    const auto share_used = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      const auto count = of_address_.find(address);
      return !address.empty() && count != of_address_.end() && count->second >= limits_.of_address;
    };
    if (full() || share_used()) Sweep();
    if (full()) return Refuse(socket, kLimit);
    if (share_used()) return Refuse(socket, kAddress);
    ++of_address_[address];
    handed_.push_back({socket, file.st_dev, file.st_ino, address});
  }
  if (!address.empty()) {
    SetOption(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUnsentMillis, sizeof(kUnsentMillis));
  }
  take_({listener, socket, std::move(address)});
}

void Acceptor::Refuse(int socket, Refusal why) {
  ++refused_[why];
  ::close(socket);
}

bool Acceptor::RefuseWithoutDescriptor(int listener) {
  if (spare_ < 0) spare_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (spare_ < 0) return false;
  ::close(spare_);
  const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket >= 0) Refuse(socket, kDescriptors);
  spare_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  return socket >= 0;
}

size_t Acceptor::open() {
  MutexLock lock(mutex_);
  Sweep();
  return handed_.size();
}

void Acceptor::Sweep() {
  const int64_t now = SteadyMicros();
  if (now - swept_micros_ < kLeastSweepMicros) return;
  swept_micros_ = now;
  std::erase_if(handed_, [this](const Handed& handed) {
    struct stat file {};
    const bool same = ::fstat(handed.socket, &file) == 0 && file.st_dev == handed.device && file.st_ino == handed.inode;
    if (same) return false;
    const auto count = of_address_.find(handed.address);
    if (--count->second == 0) of_address_.erase(count);
    return true;
  });
}

}  // namespace dangjian::server
