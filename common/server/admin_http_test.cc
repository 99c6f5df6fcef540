#include "common/server/admin_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/mutex.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::server {
namespace {

using ::dangjian::testing::StatusIs;
using ::testing::HasSubstr;

// A connection to `127.0.0.1:<port>`.
class Connection {
 public:
  explicit Connection(const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    name.sin_port = htons(static_cast<uint16_t>(std::atoi(address.c_str() + address.rfind(':') + 1)));
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0;
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool connected() const { return connected_; }
  bool Send(const std::string& text) const {
    return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  // All that comes until the other side closes.
  std::string ReadAll() const {
    std::string text;
    char buffer[4096];
    for (ssize_t n = 1; n > 0;) {
      n = ::recv(socket_, buffer, sizeof(buffer), 0);
      if (n > 0) text.append(buffer, static_cast<size_t>(n));
    }
    return text;
  }

 private:
  const int socket_;
  bool connected_ = false;
};

struct HttpAnswer {
  int status = 0;
  std::string headers;  // in lower case
  std::string body;
};

HttpAnswer Ask(const std::string& address, const std::string& method, const std::string& path) {
  const Connection connection(address);
  if (!connection.connected()) return {};
  connection.Send(absl::StrCat(method, " ", path, " HTTP/1.1\r\nHost: x\r\n\r\n"));
  const std::string text = connection.ReadAll();
  const size_t end = text.find("\r\n\r\n");
  if (text.size() < 12 || end == std::string::npos) return {};
  return {std::atoi(text.c_str() + 9), absl::AsciiStrToLower(text.substr(0, end)), text.substr(end + 4)};
}

HttpAnswer Get(const std::string& address, const std::string& path) { return Ask(address, "GET", path); }

class AdminHttpTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto admin = AdminHttp::Start("127.0.0.1:0", {.metrics = [this] { return Metrics(); },
                                                  .readiness = [this] { return Checks(); },
                                                  .name = "dangjian-test",
                                                  .version = "1.2.3"});
    ASSERT_TRUE(admin.ok()) << admin.status();
    admin_ = *std::move(admin);
  }
  void TearDown() override { admin_ = nullptr; }

  std::string Metrics() {
    while (slow_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return "up 1\n";
  }
  std::vector<ReadyCheck> Checks() {
    MutexLock lock(mutex_);
    return checks_;
  }
  void AddCheck(ReadyCheck check) {
    MutexLock lock(mutex_);
    checks_.push_back(std::move(check));
  }
  static std::chrono::steady_clock::duration TimeOf(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::steady_clock::now() - start;
  }

  std::atomic<bool> slow_{false};
  Mutex mutex_;
  std::vector<ReadyCheck> checks_ ABSL_GUARDED_BY(mutex_) = {{"store", absl::OkStatus()}};
  std::unique_ptr<AdminHttp> admin_;
};

TEST_F(AdminHttpTest, ServesMetricsInTheFormOfPrometheus) {
  const HttpAnswer answer = Get(admin_->address(), "/metrics");
  EXPECT_EQ(200, answer.status);
  EXPECT_EQ("up 1\n", answer.body);
  EXPECT_THAT(answer.headers, HasSubstr("content-type: text/plain; version=0.0.4"));
  EXPECT_THAT(answer.headers, HasSubstr("cache-control: no-store"));
}

TEST_F(AdminHttpTest, IsAliveWhileItTurns) { EXPECT_EQ(200, Get(admin_->address(), "/livez").status); }

TEST_F(AdminHttpTest, IsReadyWhenEveryCheckIsOk) {
  EXPECT_EQ(200, Get(admin_->address(), "/readyz").status);
  AddCheck({"directory", absl::UnavailableError("too far behind")});
  const HttpAnswer answer = Get(admin_->address(), "/readyz");
  EXPECT_EQ(503, answer.status);
  EXPECT_EQ("[-] directory: too far behind\nnot ready\n", answer.body);
  EXPECT_EQ(200, Get(admin_->address(), "/livez").status) << "liveness does not depend on readiness";
}

TEST_F(AdminHttpTest, ListsTheChecksWhenAsked) {
  for (const char* path : {"/readyz?verbose", "/readyz?verbose=1"}) {
    EXPECT_EQ("[+] store\nready\n", Get(admin_->address(), path).body);
  }
}

TEST_F(AdminHttpTest, NamesItsVersion) {
  const HttpAnswer answer = Get(admin_->address(), "/version");
  EXPECT_EQ("{\"name\":\"dangjian-test\",\"version\":\"1.2.3\"}\n", answer.body);
  EXPECT_THAT(answer.headers, HasSubstr("content-type: application/json"));
}

TEST_F(AdminHttpTest, ServesNothingElse) {
  for (const char* path : {"/", "/metrics/x", "/xmetrics", "/../etc/passwd", "/admin_http_test.cc"}) {
    EXPECT_EQ(404, Get(admin_->address(), path).status) << path;
  }
  EXPECT_EQ(405, Ask(admin_->address(), "POST", "/livez").status);
  EXPECT_EQ("", Ask(admin_->address(), "HEAD", "/livez").body);
}

TEST_F(AdminHttpTest, NamesAPortThatIsTaken) {
  const auto second = AdminHttp::Start(admin_->address(), {});
  EXPECT_THAT(second.status(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(admin_->address()));
}

TEST_F(AdminHttpTest, ProbesDoNotWaitForAPageOfMetrics) {
  slow_ = true;
  std::thread scrape([this] { EXPECT_EQ(200, Get(admin_->address(), "/metrics").status); });
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(200, Get(admin_->address(), "/livez").status);
    EXPECT_EQ(200, Get(admin_->address(), "/readyz").status);
  }
  slow_ = false;
  scrape.join();
}

TEST_F(AdminHttpTest, ConnectionsThatSayNothingOrLittleKeepNoProbeOut) {
  std::vector<std::unique_ptr<Connection>> idle;
  for (int i = 0; i < 500; ++i) {
    idle.push_back(std::make_unique<Connection>(admin_->address()));
    if (i % 2 == 0) idle.back()->Send("GET /met");
    if (i % 50 != 0) continue;
    EXPECT_LT(TimeOf([&] { EXPECT_EQ(200, Get(admin_->address(), "/livez").status) << i; }), std::chrono::seconds(1));
  }
}

TEST_F(AdminHttpTest, ARequestThatTricklesIsEnded) {
  const Connection connection(admin_->address());
  const auto time = TimeOf([&] {
    connection.Send("GET /livez HTTP/1.1\r\n");
    while (connection.Send("x: y\r\n")) std::this_thread::sleep_for(std::chrono::milliseconds(200));
  });
  EXPECT_LT(time, std::chrono::seconds(10));
}

TEST_F(AdminHttpTest, EndsWithRequestsUnderWay) {
  slow_ = true;
  std::thread scrape([this] { Get(admin_->address(), "/metrics"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::thread hurry([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    slow_ = false;
  });
  const std::string address = admin_->address();
  hurry.join();
  scrape.join();
  admin_ = nullptr;
  EXPECT_FALSE(Connection(address).connected());
}

}  // namespace
}  // namespace dangjian::server
