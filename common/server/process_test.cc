#include "common/server/process.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/mutex.h"
#include "common/rpc/client.h"
#include "common/rpc/client_channel.h"
#include "common/testing/matchers.h"
#include "dangjian/change/v1/change_service.pb.h"
#include "dangjian/measure/v1/measure_service.pb.h"
#include "dangjian/registry/v1/unit.pb.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.pb.h"
#include "gtest/gtest.h"

namespace dangjian::server {
namespace {

using ::dangjian::testing::IsOk;
using ::dangjian::testing::StatusIs;
using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;
using ::testing::HasSubstr;

// Serves UnitService: every method answers with an empty message, GetUnit after `on_get`.
class UnitModule final : public Module {
 public:
  explicit UnitModule(std::function<void()> on_get) : on_get_(std::move(on_get)) {}

  std::vector<const google::protobuf::ServiceDescriptor*> Services() const override { return {&Descriptor()}; }
  absl::Status Register(ModuleContext& context) override {
    for (int i = 0; i < Descriptor().method_count(); ++i) {
      const auto& method = *Descriptor().method(i);
      auto* factory = google::protobuf::MessageFactory::generated_factory();
      rpc::Router::Entry entry;
      entry.method = context.router.methods().FindByRequest(*method.input_type());
      entry.request = factory->GetPrototype(method.input_type());
      entry.unary = [this, get = method.name() == "GetUnit", answer = factory->GetPrototype(method.output_type())](
                        rpc::CallContext&, const google::protobuf::Message&) {
        if (get) on_get_();
        return std::unique_ptr<google::protobuf::Message>(answer->New());
      };
      context.router.Register(std::move(entry));
    }
    return absl::OkStatus();
  }

 private:
  static const google::protobuf::ServiceDescriptor& Descriptor() {
    return *registry::v1::Unit::descriptor()->file()->FindServiceByName("UnitService");
  }
  std::function<void()> on_get_;
};

ProcessSpec Spec(std::function<void()> on_get = [] {}) {
  return {.options = {.name = "dangjian-test", .default_listen = "127.0.0.1:0", .default_admin = "127.0.0.1:0"},
          .make_module = [on_get](const ServerOptions&) { return std::make_unique<UnitModule>(on_get); }};
}

class ProcessTest : public ::testing::Test {
 protected:
  ProcessTest() : folder_(absl::StrCat(::testing::TempDir(), "/process_", ::getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
    options_.data = folder_ + "/store";
    options_.listen = {"127.0.0.1:0"};
    options_.admin_listen = "127.0.0.1:0";
    options_.auth = "development";
    options_.drain_seconds = 0;
    options_.log_level = "error";
  }
  ~ProcessTest() override { std::filesystem::remove_all(folder_); }

  void Start(const ProcessSpec& spec) {
    ASSERT_THAT(InitStore(spec, options_), IsOk());
    auto process = Process::Start(spec, options_, clock_);
    ASSERT_TRUE(process.ok()) << process.status();
    process_ = *std::move(process);
  }
  rpc::Client Connect(size_t listener = 0) const {
    return rpc::Client(rpc::ClientChannel::Make(process_->listening()[listener]));
  }
  static absl::Status Get(rpc::Client& client) {
    registry::v1::GetUnitRequest request;
    request.set_name("units/metre");
    return client.Call<registry::v1::Unit>(request, {.max_attempts = 1}).status();
  }
  static HealthCheckResponse::ServingStatus Health(rpc::Client& client, const std::string& service = "") {
    HealthCheckRequest request;
    request.set_service(service);
    const auto response = client.Call<HealthCheckResponse>(request);
    return response.ok() ? response->status() : HealthCheckResponse::UNKNOWN;
  }

  const SystemClock clock_;
  const std::string folder_;
  ServerOptions options_;
  std::unique_ptr<Process> process_;
};

TEST_F(ProcessTest, ServesItsModuleAndWhatEveryProcessServes) {
  const ProcessSpec spec = Spec();
  Start(spec);
  rpc::Client client = Connect();
  EXPECT_THAT(Get(client), IsOk());
  EXPECT_EQ(HealthCheckResponse::SERVING, Health(client));
  EXPECT_EQ(HealthCheckResponse::SERVING, Health(client, "dangjian.registry.v1.UnitService"));
  EXPECT_THAT(client.Call<measure::v1::ListMeasuresResponse>(measure::v1::ListMeasuresRequest()), IsOk());
  auto stream = client.OpenServerStream<change::v1::WatchResponse>(change::v1::WatchRequest(), {});
  const auto first = stream.Next();
  ASSERT_THAT(first, IsOk());
  ASSERT_TRUE(first->has_value());
  EXPECT_NE("", (*first)->epoch());
}

TEST_F(ProcessTest, ServesOnAUnixSocketToo) {
  options_.listen.push_back(absl::StrCat("unix:", folder_, "/s"));
  const ProcessSpec spec = Spec();
  Start(spec);
  rpc::Client client = Connect(1);
  EXPECT_THAT(Get(client), IsOk());
}

TEST_F(ProcessTest, WritesItsAddresses) {
  const ProcessSpec spec = Spec();
  Start(spec);
  const std::string path = folder_ + "/ports";
  ASSERT_THAT(WritePortsFile(path, *process_), IsOk());
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(absl::StrCat("listen ", process_->listening()[0], "\nadmin ", process_->admin_address(), "\n"), text);
  EXPECT_THAT(process_->listening()[0], ::testing::Not(HasSubstr(":0")));
  EXPECT_THAT(WritePortsFile(folder_ + "/no/ports", *process_), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(ProcessTest, DoesNotMakeAStoreByItself) {
  const ProcessSpec spec = Spec();
  const absl::Status status = Process::Start(spec, options_, clock_).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(std::string(status.message()), HasSubstr("dangjian-test init --data " + options_.data));
}

TEST_F(ProcessTest, InitLeavesAnExistingStoreAlone) {
  ASSERT_THAT(InitStore(Spec(), options_), IsOk());
  EXPECT_THAT(InitStore(Spec(), options_), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(ProcessTest, NamesAnAddressThatIsTaken) {
  options_.listen.push_back(absl::StrCat("unix:", folder_, "/s"));
  const ProcessSpec spec = Spec();
  Start(spec);
  ServerOptions second = options_;
  second.data = folder_ + "/second";
  ASSERT_THAT(InitStore(Spec(), second), IsOk());
  for (const std::string& taken : process_->listening()) {
    second.listen = {"127.0.0.1:0", taken};
    const absl::Status status = Process::Start(spec, second, clock_).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable));
    EXPECT_THAT(std::string(status.message()), HasSubstr(taken));
  }
  second.listen = {"127.0.0.1:0"};
  second.admin_listen = process_->admin_address();
  EXPECT_THAT(std::string(Process::Start(spec, second, clock_).status().message()), HasSubstr(second.admin_listen));
  rpc::Client client = Connect();
  EXPECT_THAT(Get(client), IsOk()) << "the first process is not disturbed";
}

TEST_F(ProcessTest, ADrainIsSeenBeforeItEndsCalls) {
  std::atomic<bool> serving{true};
  options_.drain_seconds = 600;
  const ProcessSpec spec = Spec();
  Start(spec);
  rpc::Client client = Connect();
  std::thread drain([this, &serving] {
    process_->Drain();
    serving = false;
  });
  while (Health(client) != HealthCheckResponse::NOT_SERVING) std::this_thread::yield();
  EXPECT_TRUE(serving);
  EXPECT_THAT(Get(client), IsOk()) << "late calls are still served";
  process_->Hurry();
  drain.join();
  EXPECT_FALSE(Get(client).ok());
}

TEST_F(ProcessTest, ADrainEndsFeedsSoThatTheyGoElsewhere) {
  const ProcessSpec spec = Spec();
  Start(spec);
  rpc::Client client = Connect();
  auto stream = client.OpenServerStream<change::v1::WatchResponse>(change::v1::WatchRequest(), {});
  ASSERT_THAT(stream.Next(), IsOk());
  process_->Drain();
  absl::StatusOr<std::optional<change::v1::WatchResponse>> next = stream.Next();
  while (next.ok() && next->has_value()) next = stream.Next();
  EXPECT_THAT(next, StatusIs(absl::StatusCode::kUnavailable));
}

// Clients that mind health: they make no new call once the service says NOT_SERVING.
TEST_F(ProcessTest, ADrainUnderLoadLosesNoCall) {
  std::atomic<int> served{0};
  const ProcessSpec spec = Spec([&served] { ++served; });
  options_.drain_seconds = 600;  // ended by the test when every client has heard of it
  Start(spec);
  std::atomic<bool> stop{false};
  std::atomic<int> answered{0};
  Mutex mutex;
  std::vector<absl::Status> lost;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&, this] {
      rpc::Client client = Connect();
      while (!stop) {
        const absl::Status status = Get(client);
        if (status.ok()) {
          ++answered;
        } else {
          MutexLock lock(mutex);
          lost.push_back(status);
        }
      }
    });
  }
  while (answered < 50) std::this_thread::yield();
  std::thread drain([this] { process_->Drain(); });
  rpc::Client client = Connect();
  while (Health(client) == HealthCheckResponse::SERVING) std::this_thread::yield();
  stop = true;
  for (std::thread& caller : callers) caller.join();
  process_->Hurry();
  drain.join();
  EXPECT_THAT(lost, ::testing::IsEmpty());
  EXPECT_EQ(served, answered);
}

TEST_F(ProcessTest, ACallInFlightWhenTheServerClosesIsAnswered) {
  std::promise<void> arrived;
  std::promise<void> closed;
  const ProcessSpec spec = Spec([&arrived, &closed] {
    arrived.set_value();
    closed.get_future().wait();
  });
  Start(spec);
  absl::Status answer = absl::UnknownError("none");
  std::thread caller([this, &answer] {
    rpc::Client client = Connect();
    answer = Get(client);
  });
  arrived.get_future().wait();
  std::thread drain([this] { process_->Drain(); });
  const std::string address = process_->listening()[0];
  while (true) {  // until nobody can connect any more
    rpc::Client late(rpc::ClientChannel::Make(address));
    if (Health(late) == HealthCheckResponse::UNKNOWN) break;
  }
  closed.set_value();
  caller.join();
  drain.join();
  EXPECT_THAT(answer, IsOk());
}

TEST_F(ProcessTest, WritesSurviveARestart) {
  const ProcessSpec spec = Spec();
  Start(spec);
  process_->Drain();
  process_.reset();
  auto again = Process::Start(spec, options_, clock_);
  EXPECT_TRUE(again.ok()) << again.status();
}

class MainDeathTest : public ProcessTest {
 protected:
  MainDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  // Main with these arguments, as the process would run it.
  int Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "dangjian-test");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    const ProcessSpec spec = Spec();
    return Main(static_cast<int>(argv.size()), argv.data(), spec);
  }
  // Sends SIGTERM to this process as soon as it serves. Main blocks the signal for the threads that it starts; this one
  // is started before.
  static std::thread TerminateWhenServing(const std::string& ports_file) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return std::thread([ports_file] {
      while (!std::filesystem::exists(ports_file)) std::this_thread::yield();
      ::kill(::getpid(), SIGTERM);
    });
  }
};

TEST_F(MainDeathTest, ServesUntilItIsTold) {
  EXPECT_EXIT(
      {
        if (Run({"init", "--data", options_.data}) != 0) std::exit(9);
        std::thread terminate = TerminateWhenServing(folder_ + "/ports");
        const int code = Run({"--data", options_.data, "--auth=development", "--listen=127.0.0.1:0",
                              "--admin-listen=127.0.0.1:0", "--ports-file", folder_ + "/ports", "--drain-seconds=0"});
        terminate.join();
        std::exit(code);
      },
      ::testing::ExitedWithCode(0), "\"msg\":\"drained\"");
}

TEST_F(MainDeathTest, CannotRunIsOneLineAndExitCodeOne) {
  EXPECT_EXIT(std::exit(Run({"--data", options_.data, "--auth=development", "--listen=127.0.0.1:0"})),
              ::testing::ExitedWithCode(1), "^dangjian-test: there is no store in [^\n]*\n$");
  ASSERT_THAT(InitStore(Spec(), options_), IsOk());
  EXPECT_EXIT(std::exit(Run({"init", "--data", options_.data})), ::testing::ExitedWithCode(1),
              "^dangjian-test: there is a store in [^\n]*\n$");
}

TEST_F(MainDeathTest, WrongUsageIsOneLineAndExitCodeTwo) {
  EXPECT_EXIT(std::exit(Run({"--data", options_.data})), ::testing::ExitedWithCode(2),
              "^dangjian-test: [^\n]*--auth=development[^\n]*\n$");
  EXPECT_EXIT(std::exit(Run({"--nonsense"})), ::testing::ExitedWithCode(2),
              "^dangjian-test: [^\n]*--nonsense[^\n]*\n$");
}

}  // namespace
}  // namespace dangjian::server
