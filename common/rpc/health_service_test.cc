#include "common/rpc/health_service.h"

#include "common/rpc/testing/note_server.h"
#include "common/rpc/testing/raw_call.h"
#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"

namespace dangjian::rpc {
namespace {

using dangjian::testing::HasReason;
using dangjian::testing::IsOk;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using testing::NoteServer;
using testing::RawAnswer;
using testing::RawCall;

RawAnswer Check(NoteServer& server, const std::string& service) {
  HealthCheckRequest request;
  request.set_service(service);
  return RawCall(server.target(), "/grpc.health.v1.Health/Check", request.SerializeAsString());
}

HealthCheckResponse::ServingStatus StatusIn(const RawAnswer& answer) {
  HealthCheckResponse response;
  EXPECT_TRUE(response.ParseFromString(answer.bytes));
  return response.status();
}

TEST(HealthServiceTest, ServesTheProcessAndEachOfItsServices) {
  NoteServer server;
  EXPECT_EQ(StatusIn(Check(server, "")), HealthCheckResponse::NOT_SERVING);
  server.health().SetServing(true);
  EXPECT_EQ(StatusIn(Check(server, "")), HealthCheckResponse::SERVING);
  EXPECT_EQ(StatusIn(Check(server, "dangjian.rpc.testing.NoteService")), HealthCheckResponse::SERVING);
  server.health().SetServing(false);
  EXPECT_EQ(StatusIn(Check(server, "dangjian.rpc.testing.NoteService")), HealthCheckResponse::NOT_SERVING);
}

TEST(HealthServiceTest, DoesNotKnowOtherServices) {
  NoteServer server;
  EXPECT_THAT(Check(server, "no.such.Service").status, HasReason(reasons::kRecordNotFound));
}

// Watch takes the request of Check, so that the client cannot tell them apart by it; the handler is called directly.
class FakeContext final : public CallContext {
 public:
  const MethodInfo& method() const override { return method_; }
  const auth::Principal& principal() const override { return principal_; }
  const auth::Credentials& credentials() const override { std::abort(); }
  const std::string& request_id() const override { return text_; }
  const std::string& trace_id() const override { return text_; }
  int64_t now_micros() const override { return 0; }
  int64_t remaining_micros() const override { return remaining; }
  absl::Status CheckAlive() const override { return alive; }
  const storage::Reader& reader() const override { std::abort(); }
  int64_t revision() const override { return 0; }
  storage::Transaction& txn() override { std::abort(); }
  storage::Database* database() const override { return nullptr; }
  absl::StatusOr<int64_t> Transact(const std::function<absl::Status(storage::Transaction&)>&) override {
    return absl::UnimplementedError("no store");
  }
  absl::Status alive;
  int64_t remaining = 60'000'000;

 private:
  MethodInfo method_;
  auth::Principal principal_;
  std::string text_;
};

TEST(HealthServiceTest, TellsWatchersOfEveryChangeUntilTheServerEnds) {
  MethodTable methods;
  ASSERT_THAT(methods.AddPublicService(HealthService::Descriptor()), IsOk());
  Router router(methods);
  HealthService health({"a.Service"});
  health.Register(router);
  FakeContext context;
  HealthCheckRequest request;
  request.set_service("a.Service");
  std::vector<HealthCheckResponse::ServingStatus> told;
  const auto write = [&](const google::protobuf::Message& message) {
    told.push_back(static_cast<const HealthCheckResponse&>(message).status());
    if (told.size() == 1) health.SetServing(true);
    if (told.size() == 2) health.Shutdown();
    return absl::OkStatus();
  };
  EXPECT_THAT(router.Find("/grpc.health.v1.Health/Watch")->server_stream(context, request, write),
              HasReason(reasons::kBackendUnavailable));
  EXPECT_EQ(told,
            (std::vector<HealthCheckResponse::ServingStatus>{
                HealthCheckResponse::NOT_SERVING, HealthCheckResponse::SERVING, HealthCheckResponse::NOT_SERVING}));
}

TEST(HealthServiceTest, AWatchEndsWellWhenItsTimeIsUp) {
  MethodTable methods;
  ASSERT_THAT(methods.AddPublicService(HealthService::Descriptor()), IsOk());
  Router router(methods);
  HealthService health({});
  health.Register(router);
  FakeContext context;
  context.remaining = 1'000'000;
  int told = 0;
  const auto write = [&](const google::protobuf::Message&) {
    ++told;
    return absl::OkStatus();
  };
  EXPECT_THAT(router.Find("/grpc.health.v1.Health/Watch")->server_stream(context, HealthCheckRequest(), write), IsOk());
  EXPECT_EQ(told, 1);
}

TEST(HealthServiceTest, NoticesAWatcherThatHasLeft) {
  MethodTable methods;
  ASSERT_THAT(methods.AddPublicService(HealthService::Descriptor()), IsOk());
  Router router(methods);
  HealthService health({});
  health.Register(router);
  FakeContext context;
  const auto write = [&](const google::protobuf::Message&) {
    context.alive = Error(reasons::kCancelled, "gone");
    return absl::OkStatus();
  };
  EXPECT_THAT(router.Find("/grpc.health.v1.Health/Watch")->server_stream(context, HealthCheckRequest(), write),
              HasReason(reasons::kCancelled));
}

}  // namespace
}  // namespace dangjian::rpc
