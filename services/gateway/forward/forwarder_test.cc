#include "services/gateway/forward/forwarder.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common/status/errors.h"
#include "common/status/grpc_status.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "services/gateway/forward/fake_peers.h"
#include "services/gateway/forward/linked_services.h"
#include "services/gateway/reasons.h"

namespace dangjian::gateway {
namespace {

using ::testing::HasSubstr;

constexpr char kUnary[] = "/dangjian.registry.v1.OrganizationService/GetOrganization";
// No contract says anything of this method: it is handed on by its package alone.
constexpr char kFuture[] = "/dangjian.registry.v1.FutureService/DoThings";
constexpr char kMeasures[] = "/dangjian.measure.v1.MeasureService/ListMeasures";

// Counts what the gateway reports of calls.
class CountingObserver final : public rpc::CallObserver {
 public:
  void Started(const rpc::MethodInfo*) override { ++started; }
  void MessageReceived(const rpc::MethodInfo&) override { ++received; }
  void MessageSent(const rpc::MethodInfo&) override { ++sent; }
  void Finished(const rpc::CallOutcome& outcome) override {
    MutexLock lock(mutex_);
    outcomes_.push_back(std::string(outcome.path) + " " + ReasonOf(outcome.status));
    ++finished_;
    changed_.NotifyAll();
  }
  // The last outcome once `count` calls have finished.
  std::string OutcomeOf(size_t count) {
    MutexLock lock(mutex_);
    while (finished_ < count) changed_.Wait(mutex_);
    return outcomes_[count - 1];
  }

  std::atomic<int> started{0};
  std::atomic<int> received{0};
  std::atomic<int> sent{0};

 private:
  Mutex mutex_;
  CondVar changed_;
  std::vector<std::string> outcomes_ ABSL_GUARDED_BY(mutex_);
  size_t finished_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Sends every message back, then OK. Initial metadata at the start, trailing metadata at the end.
class EchoReactor : public grpc::ServerGenericBidiReactor {
 public:
  explicit EchoReactor(grpc::GenericCallbackServerContext* context) : context_(context) {
    context_->AddInitialMetadata("first", "initial");
    context_->AddInitialMetadata("first-bin", std::string("\x00\xFF", 2));
    StartSendInitialMetadata();
    StartRead(&buffer_);
  }
  void OnReadDone(bool ok) override {
    if (ok) return StartWrite(&buffer_);
    context_->AddTrailingMetadata("last", "trailing");
    Finish(grpc::Status::OK);
  }
  void OnWriteDone(bool ok) override {
    if (ok) StartRead(&buffer_);
  }
  void OnDone() override { delete this; }

 private:
  grpc::GenericCallbackServerContext* const context_;
  grpc::ByteBuffer buffer_;
};

// Refuses at once.
class FailingReactor final : public grpc::ServerGenericBidiReactor {
 public:
  FailingReactor(grpc::GenericCallbackServerContext* context, const grpc::Status& status) {
    context->AddTrailingMetadata("last", "trailing");
    Finish(status);
  }
  void OnDone() override { delete this; }
};

// Answers nothing until it is cancelled.
class SilentReactor final : public grpc::ServerGenericBidiReactor {
 public:
  explicit SilentReactor(Signal& cancelled) : cancelled_(cancelled) {}
  void OnCancel() override {
    cancelled_.Set();
    Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }

 private:
  Signal& cancelled_;
};

class ForwarderTest : public testing::Test {
 protected:
  ForwarderTest()
      : service_([this](grpc::GenericCallbackServerContext* context) { return Serve(context); }),
        other_([](grpc::GenericCallbackServerContext* context) {
          return new FailingReactor(context, grpc::Status(grpc::StatusCode::DATA_LOSS, "the other service"));
        }) {
    for (const auto* linked : LinkedServices()) EXPECT_TRUE(methods_.AddService(*linked).ok());
    backends_.Add("registry", rpc::ClientChannel::Make(service_.address()));
    backends_.Add("pledge", rpc::ClientChannel::Make(other_.address()));
    MakeGateway(16);
  }

  void MakeGateway(int32_t max_in_flight) {
    gateway_.reset();
    forwarder_ = std::make_unique<Forwarder>(Forwarder::Parts{methods_, backends_, observer_, max_in_flight});
    gateway_ = std::make_unique<RawServer>(
        [this](grpc::GenericCallbackServerContext* context) -> grpc::ServerGenericBidiReactor* {
          grpc::ServerGenericBidiReactor* taken = forwarder_->Take(context);
          if (taken != nullptr) return taken;
          return new FailingReactor(context, grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "not taken"));
        });
    channel_ = grpc::CreateChannel(gateway_->address(), grpc::InsecureChannelCredentials());
  }

  // What the service behind does.
  grpc::ServerGenericBidiReactor* Serve(grpc::GenericCallbackServerContext* context) {
    {
      MutexLock lock(mutex_);
      last_path_ = context->method();
      last_metadata_.clear();
      for (const auto& [key, value] : context->client_metadata()) {
        last_metadata_.emplace(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
      }
      last_deadline_ = context->deadline();
    }
    MutexLock lock(mutex_);
    if (failure_.has_value()) return new FailingReactor(context, *failure_);
    if (silent_) {
      reached_.Set();
      return new SilentReactor(cancelled_);
    }
    return new EchoReactor(context);
  }
  void FailWith(const grpc::Status& status) {
    MutexLock lock(mutex_);
    failure_ = status;
  }
  void BeSilent() {
    MutexLock lock(mutex_);
    silent_ = true;
  }
  std::multimap<std::string, std::string> last_metadata() {
    MutexLock lock(mutex_);
    return last_metadata_;
  }

  static std::string Reason(const grpc::Status& status) { return ReasonOf(FromGrpcStatus(status)); }

  Mutex mutex_;
  std::string last_path_ ABSL_GUARDED_BY(mutex_);
  std::multimap<std::string, std::string> last_metadata_ ABSL_GUARDED_BY(mutex_);
  std::chrono::system_clock::time_point last_deadline_ ABSL_GUARDED_BY(mutex_);
  std::optional<grpc::Status> failure_ ABSL_GUARDED_BY(mutex_);
  bool silent_ ABSL_GUARDED_BY(mutex_) = false;
  Signal reached_;    // a call has come to the silent service
  Signal cancelled_;  // and was cancelled there

  RawServer service_;
  RawServer other_;
  rpc::MethodTable methods_;
  Backends backends_;
  CountingObserver observer_;
  std::unique_ptr<Forwarder> forwarder_;
  std::unique_ptr<RawServer> gateway_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(ForwarderTest, HandsOnBytesAndMetadata) {
  RawCall call(channel_, kUnary);
  call.context.AddMetadata("dangjian-caller", "clerk-12");
  call.context.AddMetadata("traceparent", "00-0123");
  call.context.AddMetadata("twice", "a");
  call.context.AddMetadata("twice", "b");
  call.context.AddMetadata("bytes-bin", std::string("\x00\x01\xFF", 3));
  const std::string bytes("\x00not a message\xFF", 15);
  const auto [status, response] = call.Unary(bytes);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response, bytes);
  const auto metadata = last_metadata();
  EXPECT_EQ(metadata.find("dangjian-caller")->second, "clerk-12");
  EXPECT_EQ(metadata.find("traceparent")->second, "00-0123");
  EXPECT_EQ(metadata.count("twice"), 2u);
  EXPECT_EQ(metadata.find("bytes-bin")->second, std::string("\x00\x01\xFF", 3));
  const auto& initial = call.context.GetServerInitialMetadata();
  EXPECT_EQ(initial.find("first")->second, "initial");
  EXPECT_EQ(initial.find("first-bin")->second, grpc::string_ref("\x00\xFF", 2));
  EXPECT_EQ(call.context.GetServerTrailingMetadata().find("last")->second, "trailing");
  EXPECT_EQ(observer_.OutcomeOf(1), std::string(kUnary) + " ");
  EXPECT_EQ(observer_.started, 1);
  EXPECT_EQ(observer_.received, 1);
  EXPECT_EQ(observer_.sent, 1);
}

TEST_F(ForwarderTest, HandsOnAnEmptyMessage) {
  RawCall call(channel_, kUnary);
  const auto [status, response] = call.Unary("");
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(response, "");
}

TEST_F(ForwarderTest, HandsOnMethodsThatItDoesNotKnow) {
  RawCall call(channel_, kFuture);
  EXPECT_EQ(call.Unary("x").second, "x");
  MutexLock lock(mutex_);
  EXPECT_EQ(last_path_, kFuture);
}

TEST_F(ForwarderTest, HandsOnStreamsBothWays) {
  RawCall call(channel_, kFuture);
  call.Start();
  // The service's first words arrive before any message does.
  EXPECT_TRUE(call.AwaitInitialMetadata());
  EXPECT_EQ(call.context.GetServerInitialMetadata().count("first"), 1u);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(call.Write(absl::StrCat("message ", i)));
    ASSERT_EQ(call.Read(), absl::StrCat("message ", i));
  }
  EXPECT_TRUE(call.WritesDone());
  EXPECT_EQ(call.Read(), std::nullopt);
  EXPECT_TRUE(call.Finish().ok());
}

TEST_F(ForwarderTest, HandsOnAnErrorWithItsDetails) {
  const grpc::Status error = ToGrpcStatus(Error(dangjian::reasons::kStaleEtag, "etag: stale", {{"etag", "42"}}));
  FailWith(error);
  RawCall call(channel_, kUnary);
  const auto [status, response] = call.Unary("x");
  EXPECT_EQ(response, std::nullopt);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(status.error_message(), "etag: stale");
  EXPECT_EQ(status.error_details(), error.error_details());
  EXPECT_EQ(call.context.GetServerTrailingMetadata().find("last")->second, "trailing");
  EXPECT_EQ(observer_.OutcomeOf(1), std::string(kUnary) + " STALE_ETAG");
}

TEST_F(ForwarderTest, AnEarlyErrorEndsAnOpenStream) {
  FailWith(grpc::Status(grpc::StatusCode::NOT_FOUND, "gone"));
  RawCall call(channel_, kFuture);
  call.Start();
  EXPECT_EQ(call.Read(), std::nullopt);  // without a half-close
  EXPECT_EQ(call.Finish().error_message(), "gone");
}

TEST_F(ForwarderTest, HandsOnTheDeadline) {
  RawCall call(channel_, kUnary);
  const auto deadline = std::chrono::system_clock::now() + std::chrono::seconds(3);
  call.context.set_deadline(deadline);
  EXPECT_TRUE(call.Unary("x").first.ok());
  MutexLock lock(mutex_);
  EXPECT_LE(last_deadline_, deadline + std::chrono::milliseconds(500));
  EXPECT_GE(last_deadline_, deadline - std::chrono::seconds(2));
}

TEST_F(ForwarderTest, ACallWithoutADeadlineGetsThatOfItsMethod) {
  RawCall call(channel_, kUnary);
  EXPECT_TRUE(call.Unary("x").first.ok());
  const auto longest = std::chrono::microseconds(methods_.FindByPath(kUnary)->deadline_micros);
  MutexLock lock(mutex_);
  EXPECT_LE(last_deadline_, std::chrono::system_clock::now() + longest + std::chrono::seconds(1));
}

TEST_F(ForwarderTest, ALateServiceEndsWithTheDeadline) {
  BeSilent();
  RawCall call(channel_, kUnary);
  call.context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(1));
  EXPECT_EQ(call.Unary("x").first.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(cancelled_.Wait());
}

TEST_F(ForwarderTest, ACancelledCallIsCancelledBehind) {
  BeSilent();
  RawCall call(channel_, kUnary);
  call.Start();
  ASSERT_TRUE(call.Write("x"));
  ASSERT_TRUE(reached_.Wait());
  call.context.TryCancel();
  EXPECT_EQ(call.Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(cancelled_.Wait());
}

TEST_F(ForwarderTest, AServiceThatDoesNotReadSlowsTheCallerDown) {
  BeSilent();
  RawCall call(channel_, kFuture);
  call.Start();
  const std::string large(64 * 1024, 'x');
  // The windows of the two connections take some megabytes; then the writer has to wait. 64 MiB would never fit.
  bool waits = false;
  for (int written = 0; !waits && written < 1024; ++written) {
    call.BeginWrite(large);
    waits = !call.WriteEndsWithin(std::chrono::milliseconds(500));
  }
  EXPECT_TRUE(waits);
  call.context.TryCancel();
  call.AwaitWrite();
  EXPECT_EQ(call.Finish().error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(cancelled_.Wait());
}

TEST_F(ForwarderTest, ADeadServiceIsNamed) {
  service_.Stop();
  RawCall call(channel_, kUnary);
  const grpc::Status status = call.Unary("x").first;
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Reason(status), "BACKEND_UNAVAILABLE");
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  EXPECT_EQ(info.metadata().at("service"), "registry");
  EXPECT_EQ(status.error_message().find("127.0.0.1"), std::string::npos);
}

TEST_F(ForwarderTest, MethodsOfEveryServiceNeedItsName) {
  RawCall without(channel_, kMeasures);
  const grpc::Status status = without.Unary("").first;
  EXPECT_EQ(Reason(status), "SERVICE_REQUIRED");
  EXPECT_THAT(status.error_message(), HasSubstr("pledge, registry"));

  RawCall unknown(channel_, kMeasures);
  unknown.context.AddMetadata("dangjian-service", "welfare");
  EXPECT_EQ(Reason(unknown.Unary("").first), "SERVICE_UNKNOWN");

  RawCall registry(channel_, kMeasures);
  registry.context.AddMetadata("dangjian-service", "registry");
  EXPECT_EQ(registry.Unary("x").second, "x");
  EXPECT_EQ(last_metadata().count("dangjian-service"), 0u);

  RawCall pledge(channel_, kMeasures);
  pledge.context.AddMetadata("dangjian-service", "pledge");
  EXPECT_EQ(pledge.Unary("x").first.error_message(), "the other service");
}

TEST_F(ForwarderTest, LeavesForeignPathsAlone) {
  for (const char* path : {"/grpc.health.v1.Health/Check", "/dangjian.welfare.v1.CaseService/GetCase",
                           "/dangjian.gateway.v1.ReportService/CompileReport", "/dangjian/x"}) {
    RawCall call(channel_, path);
    EXPECT_EQ(call.Unary("").first.error_message(), "not taken") << path;
  }
}

TEST_F(ForwarderTest, AKnownServiceWithoutAnAddressIsNamed) {
  Backends only_pledge;
  only_pledge.Add("pledge", rpc::ClientChannel::Make(other_.address()));
  const Forwarder forwarder({methods_, only_pledge, observer_});
  const auto route = forwarder.Route(kUnary, "");
  EXPECT_EQ(ReasonOf(route.status()), "BACKEND_UNAVAILABLE");
  EXPECT_THAT(std::string(route.status().message()), HasSubstr("registry has no address"));
}

TEST_F(ForwarderTest, TooManyCallsAtOnceAreRefused) {
  MakeGateway(1);
  RawCall first(channel_, kFuture);
  first.Start();
  ASSERT_TRUE(first.AwaitInitialMetadata());
  RawCall second(channel_, kFuture);
  const grpc::Status status = second.Unary("x").first;
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Reason(status), "OVERLOADED");
  first.WritesDone();
  EXPECT_EQ(first.Read(), std::nullopt);
  EXPECT_TRUE(first.Finish().ok());
  observer_.OutcomeOf(2);
  // The place is free again once the first call has been put away.
  RawCall third(channel_, kFuture);
  EXPECT_TRUE(third.Unary("x").first.ok());
}

TEST(LinkedServicesTest, KnowsEveryContractButItsOwn) {
  std::vector<std::string> names;
  for (const auto* service : LinkedServices()) names.push_back(service->full_name());
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_THAT(
      names, ::testing::IsSupersetOf({"dangjian.measure.v1.MeasureService", "dangjian.change.v1.ChangeService",
                                      "dangjian.registry.v1.OrganizationService", "dangjian.pledge.v1.PledgeService"}));
  EXPECT_THAT(names, ::testing::Not(::testing::Contains(HasSubstr("gateway"))));
  EXPECT_THAT(names, ::testing::Not(::testing::Contains(HasSubstr("grpc"))));
}

TEST(LinkedServicesTest, TellsTheOwnerOfAPath) {
  EXPECT_EQ(OwnerOf("/dangjian.registry.v1.MemberService/GetMember"), "registry");
  EXPECT_EQ(OwnerOf("dangjian.pledge.v1"), "pledge");
  EXPECT_EQ(OwnerOf("/grpc.health.v1.Health/Check"), "");
  EXPECT_EQ(OwnerOf("/dangjianregistry.v1.X/Y"), "");
  EXPECT_EQ(OwnerOf(""), "");
}

}  // namespace
}  // namespace dangjian::gateway
