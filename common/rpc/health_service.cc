#include "common/rpc/health_service.h"

#include <chrono>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"

namespace dangjian::rpc {

using google::protobuf::Message;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

namespace {

// How soon a watcher that has left is noticed.
constexpr auto kLookAround = std::chrono::milliseconds(250);
// A watch ends well before its time is up: a watcher comes again.
constexpr int64_t kLastMicros = 5'000'000;

}  // namespace

HealthService::HealthService(const std::vector<std::string>& services) {
  MutexLock lock(mutex_);
  available_[""] = true;
  for (const std::string& service : services) available_[service] = true;
}

const google::protobuf::ServiceDescriptor& HealthService::Descriptor() {
  return *HealthCheckRequest::descriptor()->file()->service(0);
}

void HealthService::Register(Router& router) {
  Router::Entry check;
  check.method = router.methods().FindByPath("/grpc.health.v1.Health/Check");
  check.request = &HealthCheckRequest::default_instance();
  check.run = Run::kInline;  // answers also when every worker is busy
  check.unary = [this](CallContext&, const Message& request) -> absl::StatusOr<std::unique_ptr<Message>> {
    ASSIGN_OR_RETURN(Response response, Check(static_cast<const HealthCheckRequest&>(request)));
    return std::make_unique<Response>(std::move(response));
  };
  router.Register(std::move(check));

  Router::Entry watch;
  watch.method = router.methods().FindByPath("/grpc.health.v1.Health/Watch");
  watch.request = &HealthCheckRequest::default_instance();
  watch.server_stream = [this](CallContext& context, const Message& request, const Router::RawWriter& write) {
    return Watch(context, static_cast<const HealthCheckRequest&>(request), write);
  };
  router.Register(std::move(watch));
}

void HealthService::SetServing(bool serving) {
  MutexLock lock(mutex_);
  serving_ = serving;
  changed_.NotifyAll();
}

void HealthService::SetAvailable(const std::string& service, bool available) {
  MutexLock lock(mutex_);
  available_[service] = available;
  changed_.NotifyAll();
}

void HealthService::Shutdown() {
  MutexLock lock(mutex_);
  serving_ = false;
  stopping_ = true;
  changed_.NotifyAll();
}

HealthCheckResponse::ServingStatus HealthService::StatusOf(const std::string& service) const {
  const auto found = available_.find(service);
  if (found == available_.end()) return Response::SERVICE_UNKNOWN;
  return serving_ && found->second ? Response::SERVING : Response::NOT_SERVING;
}

absl::StatusOr<HealthCheckResponse> HealthService::Check(const HealthCheckRequest& request) const {
  Response response;
  MutexLock lock(mutex_);
  response.set_status(StatusOf(request.service()));
  if (response.status() == Response::SERVICE_UNKNOWN) {
    return Error(reasons::kRecordNotFound, absl::StrCat("no service ", request.service(), " is served here"));
  }
  return response;
}

absl::Status HealthService::Watch(CallContext& context, const HealthCheckRequest& request,
                                  const Router::RawWriter& write) {
  Response told;
  bool first = true;
  while (true) {
    Response now;
    bool stopping = false;
    {
      MutexLock lock(mutex_);
      now.set_status(StatusOf(request.service()));
      if (!first && now.status() == told.status() && !stopping_) {
        changed_.WaitFor(mutex_, kLookAround);
        now.set_status(StatusOf(request.service()));
      }
      stopping = stopping_;
    }
    RETURN_IF_ERROR(context.CheckAlive());
    if (!first && context.remaining_micros() < kLastMicros) return absl::OkStatus();
    if (first || now.status() != told.status()) RETURN_IF_ERROR(write(now));
    if (stopping) return Error(reasons::kBackendUnavailable, "the server is shutting down");
    told = now;
    first = false;
  }
}

}  // namespace dangjian::rpc
