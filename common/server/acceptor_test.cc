#include "common/server/acceptor.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::server {
namespace {

using ::dangjian::testing::StatusIs;

void Await(const std::function<bool()>& condition) {
  while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

// Connects from an address of the loopback network.
int Connect(const std::string& address, const char* from = "127.0.0.1") {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  ::inet_pton(AF_INET, from, &name.sin_addr);
  EXPECT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&name), sizeof(name)), 0);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name.sin_port = htons(static_cast<uint16_t>(std::atoi(address.c_str() + address.rfind(':') + 1)));
  EXPECT_EQ(::connect(socket, reinterpret_cast<const sockaddr*>(&name), sizeof(name)), 0);
  return socket;
}

// Whether the other side closes the connection.
bool IsClosed(int socket) {
  char byte = 0;
  const timeval limit{.tv_sec = 5, .tv_usec = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  return ::recv(socket, &byte, 1, 0) <= 0 && errno != EAGAIN;
}

class AcceptorTest : public ::testing::Test {
 protected:
  ~AcceptorTest() override {
    acceptor_ = nullptr;
    for (const int socket : sockets_) ::close(socket);
    for (const auto& connection : taken_) ::close(connection.socket);
  }
  void Start(const std::vector<std::string>& addresses, const Acceptor::Limits& limits) {
    auto acceptor = Acceptor::Bind(addresses, limits);
    ASSERT_TRUE(acceptor.ok()) << acceptor.status();
    acceptor_ = *std::move(acceptor);
    acceptor_->Start([this](const Acceptor::Connection& connection) {
      MutexLock lock(mutex_);
      taken_.push_back(connection);
    });
  }
  int Open(const char* from = "127.0.0.1") {
    sockets_.push_back(Connect(acceptor_->addresses()[0], from));
    return sockets_.back();
  }
  size_t taken() {
    MutexLock lock(mutex_);
    return taken_.size();
  }
  // Ends one connection on the server's side.
  void CloseOne() {
    MutexLock lock(mutex_);
    ::close(taken_.back().socket);
    taken_.pop_back();
  }

  std::unique_ptr<Acceptor> acceptor_;
  std::vector<int> sockets_;
  Mutex mutex_;
  std::vector<Acceptor::Connection> taken_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(AcceptorTest, HandsOverWhatConnects) {
  const std::string path = absl::StrCat(::testing::TempDir(), "/acceptor_", ::getpid());
  Start({"127.0.0.1:0", "unix:" + path}, {});
  Open();
  Await([&] { return taken() == 1; });
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, path.c_str(), path.size());
  sockets_.push_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::connect(sockets_.back(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)), 0);
  Await([&] { return taken() == 2; });
  MutexLock lock(mutex_);
  EXPECT_EQ(taken_[0].address, "127.0.0.1");
  EXPECT_EQ(taken_[1].address, "");
  EXPECT_NE(::fcntl(taken_[0].socket, F_GETFL) & O_NONBLOCK, 0);
  acceptor_ = nullptr;
  EXPECT_FALSE(std::filesystem::exists(path)) << "the socket goes with its owner";
}

TEST_F(AcceptorTest, ClosesConnectionsBeyondTheCapAndCountsThemAgainWhenTheyAreGone) {
  Start({"127.0.0.1:0"}, {.connections = 4, .of_address = 100});
  for (int i = 0; i < 4; ++i) Open();
  Await([&] { return taken() == 4; });
  EXPECT_TRUE(IsClosed(Open()));
  EXPECT_EQ(acceptor_->refused(Acceptor::kLimit), 1);
  EXPECT_EQ(acceptor_->open(), 4u);
  CloseOne();
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_EQ(acceptor_->open(), 3u);
  Open();
  Await([&] { return taken() == 4; });
}

TEST_F(AcceptorTest, NoAddressTakesMoreThanItsShare) {
  Start({"127.0.0.1:0"}, {.connections = 100, .of_address = 3});
  for (int i = 0; i < 3; ++i) Open("127.0.0.2");
  Await([&] { return taken() == 3; });
  EXPECT_TRUE(IsClosed(Open("127.0.0.2")));
  EXPECT_EQ(acceptor_->refused(Acceptor::kAddress), 1);
  Open("127.0.0.3");
  Await([&] { return taken() == 4; });
}

// A closed connection's number soon stands for another file.
TEST_F(AcceptorTest, TakesNoOtherFileForAConnection) {
  Start({"127.0.0.1:0"}, {.connections = 2, .of_address = 2});
  Open();
  Await([&] { return taken() == 1; });
  {
    MutexLock lock(mutex_);
    const int other = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(other, taken_[0].socket);
    ::close(other);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_EQ(acceptor_->open(), 0u);
}

TEST_F(AcceptorTest, RefusesWhenNoDescriptorIsLeftAndGoesOnAfterwards) {
  Start({"127.0.0.1:0"}, {});
  std::vector<int> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval limit{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(clients.back(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }
  rlimit all{};
  ::getrlimit(RLIMIT_NOFILE, &all);
  rlimit few = all;
  few.rlim_cur = 256;
  ::setrlimit(RLIMIT_NOFILE, &few);
  // Nothing is left for this process from here on.
  std::vector<int> files;
  for (int file = 0; (file = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) files.push_back(file);
  EXPECT_EQ(errno, EMFILE);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const std::string& address = acceptor_->addresses()[0];
  name.sin_port = htons(static_cast<uint16_t>(std::atoi(address.c_str() + address.rfind(':') + 1)));
  for (const int client : clients) {
    ASSERT_EQ(::connect(client, reinterpret_cast<const sockaddr*>(&name), sizeof(name)), 0);
    char byte = 0;
    EXPECT_EQ(::recv(client, &byte, 1, 0), 0) << "closed, not left waiting";
  }
  EXPECT_EQ(acceptor_->refused(Acceptor::kDescriptors), 3);
  for (const int file : files) ::close(file);
  ::setrlimit(RLIMIT_NOFILE, &all);
  Open();
  Await([&] { return taken() == 1; });
  for (const int client : clients) ::close(client);
}

TEST_F(AcceptorTest, NamesAnAddressThatCannotBeHad) {
  Start({"127.0.0.1:0"}, {});
  for (const std::string& address : {acceptor_->addresses()[0], std::string("no-such-host.invalid:1")}) {
    const absl::Status status = Acceptor::Bind({"127.0.0.1:0", address}, {}).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr(address));
  }
}

}  // namespace
}  // namespace dangjian::server
