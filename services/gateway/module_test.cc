#include "services/gateway/module.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/rpc/client.h"
#include "common/rpc/client_channel.h"
#include "common/rpc/health_service.h"
#include "common/server/call_recorder.h"
#include "common/server/process.h"
#include "common/status/errors.h"
#include "dangjian/gateway/v1/report_service.pb.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "services/gateway/forward/fake_peers.h"
#include "services/gateway/forward/linked_services.h"

namespace dangjian::gateway {
namespace {

using ::testing::HasSubstr;

constexpr char kTemplate[] = R"(
  id: "small" version: 1 title_zh: "小报表" title_en: "Small report"
  figures { figure_id: "A" label_zh: "党员" label_en: "Members" unit: "member" unit_zh: "名"
            measure { service: "registry" measure: "members" } })";

// Answers every call with the bytes of its first message.
class EchoOnce final : public grpc::ServerGenericBidiReactor {
 public:
  EchoOnce() { StartRead(&buffer_); }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no message"));
    StartWriteAndFinish(&buffer_, grpc::WriteOptions(), grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer buffer_;
};

class GatewayModuleTest : public ::testing::Test {
 protected:
  GatewayModuleTest()
      : folder_(absl::StrCat(::testing::TempDir(), "/gateway_", ::getpid())),
        registry_([](grpc::GenericCallbackServerContext*) { return new EchoOnce(); }) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ + "/small.textproto") << kTemplate;
    spec_.options = {.name = "dangjian-gateway", .has_store = false};
    backends_ = absl::StrCat("registry=", registry_.address(), ",pledge=unix:", folder_, "/nobody.sock");
    spec_.make_module = [this](const server::ServerOptions&) {
      return std::make_unique<GatewayModule>(backends_, folder_);
    };
  }
  ~GatewayModuleTest() override {
    process_.reset();
    std::filesystem::remove_all(folder_);
  }

  absl::Status Start() {
    server::ServerOptions options;
    options.listen = {"127.0.0.1:0"};
    options.admin_listen = "127.0.0.1:0";
    options.auth = "development";
    options.drain_seconds = 0;
    options.log_level = "error";
    auto process = server::Process::Start(spec_, options, clock_);
    if (!process.ok()) return process.status();
    process_ = *std::move(process);
    channel_ = grpc::CreateChannel(process_->listening()[0], grpc::InsecureChannelCredentials());
    return absl::OkStatus();
  }
  rpc::Client Connect() const { return rpc::Client(rpc::ClientChannel::Make(process_->listening()[0])); }

  // Sends one request to the reflection service.
  grpc::reflection::v1::ServerReflectionResponse Reflect(const grpc::reflection::v1::ServerReflectionRequest& request) {
    RawCall call(channel_, "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo");
    grpc::reflection::v1::ServerReflectionResponse response;
    EXPECT_TRUE(response.ParseFromString(call.Unary(request.SerializeAsString()).second.value_or("")));
    return response;
  }

  const SystemClock clock_;
  const std::string folder_;
  RawServer registry_;
  server::ProcessSpec spec_;
  std::string backends_;
  std::unique_ptr<server::Process> process_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(GatewayModuleTest, ServesItsOwnMethods) {
  ASSERT_TRUE(Start().ok());
  rpc::Client client = Connect();
  const auto templates = client.Call<v1::ListTemplatesResponse>(v1::ListTemplatesRequest());
  ASSERT_TRUE(templates.ok()) << templates.status();
  EXPECT_EQ(templates->templates(0).id(), "small");
  const auto health = client.Call<grpc::health::v1::HealthCheckResponse>(grpc::health::v1::HealthCheckRequest());
  ASSERT_TRUE(health.ok()) << health.status();
  EXPECT_EQ(health->status(), grpc::health::v1::HealthCheckResponse::SERVING);
}

TEST_F(GatewayModuleTest, IsTheDoorToTheServices) {
  ASSERT_TRUE(Start().ok());
  RawCall known(channel_, "/dangjian.registry.v1.MemberService/GetMember");
  EXPECT_EQ(known.Unary("any bytes").second, "any bytes");
  RawCall dead(channel_, "/dangjian.pledge.v1.PledgeService/GetPledge");
  EXPECT_EQ(dead.Unary("").first.error_code(), grpc::StatusCode::UNAVAILABLE);
  RawCall nobody(channel_, "/dangjian.welfare.v1.CaseService/GetCase");
  EXPECT_EQ(nobody.Unary("").first.error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(GatewayModuleTest, ReflectionListsAndDescribesEveryService) {
  ASSERT_TRUE(Start().ok());
  grpc::reflection::v1::ServerReflectionRequest request;
  request.set_list_services("*");
  std::vector<std::string> names;
  const auto listed = Reflect(request);
  for (const auto& service : listed.list_services_response().service()) names.push_back(service.name());
  EXPECT_THAT(names, ::testing::IsSupersetOf({"dangjian.gateway.v1.ReportService", "dangjian.registry.v1.MemberService",
                                              "dangjian.pledge.v1.PledgeService", "dangjian.measure.v1.MeasureService",
                                              "dangjian.change.v1.ChangeService", "grpc.health.v1.Health"}));
  request.set_file_containing_symbol("dangjian.pledge.v1.PledgeService");
  EXPECT_GT(Reflect(request).file_descriptor_response().file_descriptor_proto_size(), 0);
}

TEST_F(GatewayModuleTest, AWrongTemplateKeepsItFromStarting) {
  std::ofstream(folder_ + "/wrong.textproto") << "id: \"wrong\"\nno_such_field: 1\n";
  EXPECT_THAT(std::string(Start().message()), HasSubstr("wrong.textproto:2: "));
}

TEST_F(GatewayModuleTest, AWrongBackendKeepsItFromStarting) {
  backends_ = "registry";
  EXPECT_THAT(std::string(Start().message()), HasSubstr("--backend registry"));
}

// Every method of every service called, with every outcome there is: the page of metrics stays small.
TEST(GatewayMetricsTest, AreBoundedWhateverIsCalled) {
  rpc::MethodTable methods;
  ASSERT_TRUE(methods.AddService(*v1::CompileReportRequest::descriptor()->file()->service(0)).ok());
  ASSERT_TRUE(methods.AddPublicService(rpc::HealthService::Descriptor()).ok());
  for (const auto* service : LinkedServices()) ASSERT_TRUE(methods.AddForwardedService(*service).ok());
  ASSERT_GT(methods.All().size(), 400u);
  obs::Metrics metrics("test");
  const SystemClock clock;
  obs::Logger logger(clock, {.service = "test", .level = obs::LogLevel::kError});
  server::CallRecorder recorder(methods, metrics, logger);
  const auto series = [&metrics] {
    size_t lines = 0;
    for (const absl::string_view line : absl::StrSplit(metrics.Expose(), '\n', absl::SkipEmpty()))
      lines += line[0] != '#';
    return lines;
  };
  EXPECT_LT(series(), 100u) << "an idle gateway has hardly any";
  class NoCaller final : public auth::Credentials {
    std::string_view Metadata(std::string_view) const override { return {}; }
    std::string_view peer() const override { return {}; }
  };
  const NoCaller caller;
  for (const rpc::MethodInfo* method : methods.All()) {
    for (int code = 0; code <= 16; ++code) {
      recorder.Started(method);
      const absl::Status status(static_cast<absl::StatusCode>(code), "");
      recorder.Finished({.method = method, .path = method->path, .status = status, .caller = caller});
    }
  }
  EXPECT_LT(series(), 3000u);
}

}  // namespace
}  // namespace dangjian::gateway
