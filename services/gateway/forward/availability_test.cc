#include "services/gateway/forward/availability.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "common/rpc/client.h"
#include "common/rpc/router.h"
#include "common/rpc/testing/pausable_proxy.h"
#include "common/rpc/wire.h"
#include "common/status/errors.h"
#include "common/status/grpc_status.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "services/gateway/forward/fake_peers.h"
#include "services/gateway/forward/forwarder.h"
#include "services/gateway/forward/linked_services.h"

namespace dangjian::gateway {
namespace {

using grpc::health::v1::HealthCheckResponse;
using rpc::testing::PausableProxy;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr char kMembers[] = "dangjian.registry.v1.MemberService";
constexpr char kGetMember[] = "/dangjian.registry.v1.MemberService/GetMember";
constexpr char kGetPledge[] = "/dangjian.pledge.v1.PledgeService/GetPledge";
constexpr char kMeasures[] = "dangjian.measure.v1.MeasureService";

// Answers a health check with SERVING and leaves every other call waiting.
class Reactor final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Reactor(const std::string& method) {
    if (method != "/grpc.health.v1.Health/Check") return;
    HealthCheckResponse response;
    response.set_status(HealthCheckResponse::SERVING);
    buffer_ = rpc::ToBuffer(response);
    StartWriteAndFinish(&buffer_, grpc::WriteOptions(), grpc::Status::OK);
    answered_ = true;
  }
  void OnCancel() override {
    if (!answered_) Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer buffer_;
  bool answered_ = false;
};

// Passes every call on.
class Nobody final : public rpc::CallObserver {
 public:
  void Started(const rpc::MethodInfo*) override {}
  void MessageReceived(const rpc::MethodInfo&) override {}
  void MessageSent(const rpc::MethodInfo&) override {}
  void Finished(const rpc::CallOutcome&) override {}
};

class AvailabilityTest : public ::testing::Test {
 protected:
  AvailabilityTest()
      : server_([](grpc::GenericCallbackServerContext* context) { return new Reactor(context->method()); }),
        registry_(server_.address()),
        pledge_(server_.address()) {
    for (const auto* service : LinkedServices()) {
      EXPECT_TRUE(methods_.AddForwardedService(*service).ok());
    }
    constexpr rpc::PeerWatch::Options kQuick{.interval = milliseconds(20), .timeout = milliseconds(1000)};
    backends_.Add("registry", rpc::ClientChannel::MakeWatched(registry_.target(), "registry", kQuick));
    backends_.Add("pledge", rpc::ClientChannel::MakeWatched(pledge_.target(), "pledge", kQuick));
    forwarder_ =
        std::make_unique<Forwarder>(Forwarder::Parts{methods_, backends_, observer_, 4096, nullptr, &metrics_});
    availability_ = std::make_unique<Availability>(backends_, *forwarder_, metrics_);
    health_.SetServing(true);
    availability_->ReportTo(health_);
    gateway_ = std::make_unique<RawServer>([this](grpc::GenericCallbackServerContext* context) {
      grpc::ServerGenericBidiReactor* taken = forwarder_->Take(context);
      return taken != nullptr ? taken : new Reactor(context->method());
    });
    channel_ = grpc::CreateChannel(gateway_->address(), grpc::InsecureChannelCredentials());
  }
  ~AvailabilityTest() override { gateway_ = nullptr; }

  // Waits for a state of a service at the gateway; the test's own time limit ends a wait in vain.
  void AwaitHealth(const std::string& service, HealthCheckResponse::ServingStatus status) {
    while (health_.Status(service) != status) std::this_thread::sleep_for(milliseconds(1));
  }
  static std::string Reason(const grpc::Status& status) { return ReasonOf(FromGrpcStatus(status)); }

  RawServer server_;
  PausableProxy registry_;
  PausableProxy pledge_;
  rpc::MethodTable methods_;
  obs::Metrics metrics_{"test"};
  rpc::HealthService health_{{kMembers, kMeasures, "dangjian.pledge.v1.PledgeService"}};
  Backends backends_;
  Nobody observer_;
  std::unique_ptr<Forwarder> forwarder_;
  std::unique_ptr<Availability> availability_;
  std::unique_ptr<RawServer> gateway_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(AvailabilityTest, AServiceServesAtTheGatewayOnlyWhileItServesItself) {
  AwaitHealth(kMembers, HealthCheckResponse::SERVING);
  AwaitHealth("dangjian.pledge.v1.PledgeService", HealthCheckResponse::SERVING);
  registry_.Pause();
  AwaitHealth(kMembers, HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(health_.Status("dangjian.pledge.v1.PledgeService"), HealthCheckResponse::SERVING);
  EXPECT_EQ(health_.Status(kMeasures), HealthCheckResponse::SERVING) << "one of its services is there";
  EXPECT_EQ(health_.Status(""), HealthCheckResponse::SERVING);
  EXPECT_THAT(metrics_.Expose(), HasSubstr("dangjian_backend_up{service=\"registry\"} 0"));
  EXPECT_THAT(metrics_.Expose(), HasSubstr("dangjian_backend_breaker_opened_total{service=\"registry\"} 1"));
  pledge_.Pause();
  AwaitHealth(kMeasures, HealthCheckResponse::NOT_SERVING);
  registry_.Resume();
  AwaitHealth(kMembers, HealthCheckResponse::SERVING);
  AwaitHealth(kMeasures, HealthCheckResponse::SERVING);
}

TEST_F(AvailabilityTest, CallsToAHungServiceEndByNameAndLaterOnesFailAtOnce) {
  AwaitHealth(kMembers, HealthCheckResponse::SERVING);
  RawCall waiting(channel_, kGetMember);
  waiting.Start();
  registry_.Pause();
  const grpc::Status ended = waiting.Finish();
  EXPECT_EQ(Reason(ended), "BACKEND_UNAVAILABLE");
  EXPECT_GT(RetryMillisOf(FromGrpcStatus(ended)), 0);
  AwaitHealth(kMembers, HealthCheckResponse::NOT_SERVING);
  const auto start = std::chrono::steady_clock::now();
  RawCall later(channel_, kGetMember);
  EXPECT_EQ(Reason(later.Unary("x").first), "BACKEND_UNAVAILABLE");
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(150));
}

TEST_F(AvailabilityTest, CallsThatHangOnOneServiceLeaveRoomForAnother) {
  AwaitHealth(kMembers, HealthCheckResponse::SERVING);
  // Over one connection, more than its streams; nothing answers them.
  std::vector<std::unique_ptr<RawCall>> hanging;
  for (int i = 0; i < 300; ++i) {
    hanging.push_back(std::make_unique<RawCall>(channel_, kGetMember));
    hanging.back()->Start();
  }
  RawCall other(channel_, kGetPledge);
  other.context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
  other.Start();
  // It reaches its service, where it waits like the others: the deadline ends it, not a refusal.
  EXPECT_EQ(other.Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(forwarder_->calls("registry"), 240) << "half of the streams that the services may take";
  int refused = 0;
  for (const auto& call : hanging) {
    if (Reason(call->Finish()) == "OVERLOADED") ++refused;
  }
  EXPECT_EQ(refused, 300 - 240);
}

TEST(BulkheadTest, BoundsCallersAndConnectionsAndAll) {
  Bulkhead bulkhead({.calls = 5, .of_caller = 4, .of_connection = 2});
  EXPECT_TRUE(bulkhead.Enter("a", "1").ok());
  EXPECT_TRUE(bulkhead.Enter("a", "1").ok());
  EXPECT_THAT(std::string(bulkhead.Enter("a", "1").message()), HasSubstr("this connection"));
  EXPECT_TRUE(bulkhead.Enter("a", "2").ok());
  EXPECT_TRUE(bulkhead.Enter("a", "2").ok());
  EXPECT_THAT(std::string(bulkhead.Enter("a", "3").message()), HasSubstr("this caller"));
  EXPECT_TRUE(bulkhead.Enter("b", "3").ok());
  EXPECT_THAT(std::string(bulkhead.Enter("c", "4").message()), HasSubstr("the gateway"));
  bulkhead.Leave("a", "1");
  EXPECT_TRUE(bulkhead.Enter("c", "4").ok());
  EXPECT_EQ(bulkhead.calls(), 5);
}

}  // namespace
}  // namespace dangjian::gateway
