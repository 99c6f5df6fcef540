#include "common/server/self_check.h"

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/steady.h"
#include "common/rpc/client.h"
#include "common/rpc/client_channel.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/create_channel.h"

namespace dangjian::server {
namespace {

constexpr std::chrono::milliseconds kPause{1000};
constexpr int64_t kTimeoutMicros = 1'000'000;
constexpr int64_t kFreshMicros = 3'000'000;

// Who listens on all addresses is called on loopback.
std::string TargetOf(const std::string& address) {
  if (absl::StartsWith(address, "unix:")) return address;
  const size_t colon = address.rfind(':');
  const std::string host = address.substr(0, colon);
  const std::string port = address.substr(colon);
  if (host == "0.0.0.0") return absl::StrCat("127.0.0.1", port);
  if (host == "[::]" || host == "::") return absl::StrCat("[::1]", port);
  return address;
}

}  // namespace

SelfCheck::SelfCheck(const std::string& address, std::shared_ptr<grpc::ChannelCredentials> credentials)
    : target_(TargetOf(address)), credentials_(std::move(credentials)), thread_([this] { Run(); }) {}

SelfCheck::~SelfCheck() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    stop_.NotifyAll();
  }
  thread_.join();
}

absl::Status SelfCheck::Status() const {
  MutexLock lock(mutex_);
  if (answered_micros_ > 0 && SteadyMicros() - answered_micros_ <= kFreshMicros) return absl::OkStatus();
  if (last_.ok()) return absl::UnavailableError("the gRPC port has not been called yet");
  return absl::UnavailableError("the gRPC port answers no call over a new connection");
}

void SelfCheck::Run() {
  while (true) {
    absl::Status status = CallOnce();
    MutexLock lock(mutex_);
    if (status.ok()) answered_micros_ = SteadyMicros();
    last_ = std::move(status);
    const int64_t end = SteadyMicros() + std::chrono::microseconds(kPause).count();
    while (!stopping_ && SteadyMicros() < end) stop_.WaitFor(mutex_, std::chrono::microseconds(end - SteadyMicros()));
    if (stopping_) return;
  }
}

absl::Status SelfCheck::CallOnce() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  const auto channel = grpc::CreateCustomChannel(target_, credentials_, arguments);
  rpc::Client client(std::make_shared<rpc::ClientChannel>(std::vector<std::shared_ptr<grpc::Channel>>{channel}));
  return client
      .Call<grpc::health::v1::HealthCheckResponse>(grpc::health::v1::HealthCheckRequest(),
                                                   {.timeout_micros = kTimeoutMicros, .max_attempts = 1})
      .status();
}

}  // namespace dangjian::server
