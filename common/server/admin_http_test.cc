#include "common/server/admin_http.h"

#include <string>

#include "civetweb.h"
#include "common/testing/matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dangjian::server {
namespace {

using ::dangjian::testing::StatusIs;
using ::testing::HasSubstr;

struct HttpAnswer {
  int status = 0;
  std::string content_type;
  std::string body;
};

HttpAnswer Get(const std::string& address, const std::string& path) {
  HttpAnswer answer;
  const size_t colon = address.rfind(':');
  char error[256] = {};
  mg_connection* connection = mg_download(address.substr(0, colon).c_str(), std::stoi(address.substr(colon + 1)), 0,
                                          error, sizeof(error), "GET %s HTTP/1.0\r\nHost: x\r\n\r\n", path.c_str());
  if (connection == nullptr) return answer;
  answer.status = mg_get_response_info(connection)->status_code;
  const char* type = mg_get_header(connection, "Content-Type");
  if (type != nullptr) answer.content_type = type;
  char buffer[4096];
  for (int n = mg_read(connection, buffer, sizeof(buffer)); n > 0; n = mg_read(connection, buffer, sizeof(buffer))) {
    answer.body.append(buffer, static_cast<size_t>(n));
  }
  mg_close_connection(connection);
  return answer;
}

class AdminHttpTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto admin = AdminHttp::Start("127.0.0.1:0", {.metrics = [] { return std::string("up 1\n"); },
                                                  .readiness = [this] { return checks_; },
                                                  .name = "dangjian-test",
                                                  .version = "1.2.3"});
    ASSERT_TRUE(admin.ok()) << admin.status();
    admin_ = *std::move(admin);
  }

  std::vector<ReadyCheck> checks_ = {{"store", absl::OkStatus()}};
  std::unique_ptr<AdminHttp> admin_;
};

TEST_F(AdminHttpTest, ServesMetricsInTheFormOfPrometheus) {
  const HttpAnswer answer = Get(admin_->address(), "/metrics");
  EXPECT_EQ(200, answer.status);
  EXPECT_EQ("up 1\n", answer.body);
  EXPECT_THAT(answer.content_type, HasSubstr("text/plain; version=0.0.4"));
}

TEST_F(AdminHttpTest, IsAliveWhileItTurns) { EXPECT_EQ(200, Get(admin_->address(), "/livez").status); }

TEST_F(AdminHttpTest, IsReadyWhenEveryCheckIsOk) {
  EXPECT_EQ(200, Get(admin_->address(), "/readyz").status);
  checks_.push_back({"directory", absl::UnavailableError("too far behind")});
  const HttpAnswer answer = Get(admin_->address(), "/readyz");
  EXPECT_EQ(503, answer.status);
  EXPECT_EQ("[-] directory: too far behind\nnot ready\n", answer.body);
  EXPECT_EQ(200, Get(admin_->address(), "/livez").status) << "liveness does not depend on readiness";
}

TEST_F(AdminHttpTest, ListsTheChecksWhenAsked) {
  EXPECT_EQ("[+] store\nready\n", Get(admin_->address(), "/readyz?verbose").body);
}

TEST_F(AdminHttpTest, NamesItsVersion) {
  const HttpAnswer answer = Get(admin_->address(), "/version");
  EXPECT_EQ("{\"name\":\"dangjian-test\",\"version\":\"1.2.3\"}\n", answer.body);
  EXPECT_EQ("application/json", answer.content_type);
}

TEST_F(AdminHttpTest, ServesNothingElse) {
  for (const char* path : {"/", "/metrics/x", "/xmetrics", "/../etc/passwd", "/admin_http_test.cc"}) {
    EXPECT_EQ(404, Get(admin_->address(), path).status) << path;
  }
}

TEST_F(AdminHttpTest, NamesAPortThatIsTaken) {
  const auto second = AdminHttp::Start(admin_->address(), {});
  EXPECT_THAT(second.status(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(admin_->address()));
}

}  // namespace
}  // namespace dangjian::server
