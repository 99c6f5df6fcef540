#include "services/gateway/forward/forwarder.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/steady.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/status/grpc_status.h"
#include "services/gateway/forward/caller.h"
#include "services/gateway/forward/forwarded_call.h"
#include "services/gateway/forward/linked_services.h"
#include "services/gateway/reasons.h"

namespace dangjian::gateway {
namespace {

constexpr int64_t kOverloadRetryMillis = 1000;
// Of the 512 streams that one connection to the gateway may have, 32 stay free whatever hangs.
constexpr int32_t kStreamsForServices = 512 - 32;
constexpr int32_t kLeastOfConnection = 8;

// Who calls, for the bounds: the name that the caller gives, else what it proves itself with, else its connection.
std::string CallerKey(const Caller& caller, const std::string& connection) {
  for (const std::string_view key : {"dangjian-caller", "authorization"}) {
    const std::string_view value = caller.Metadata(key);
    if (!value.empty()) return std::string(value);
  }
  return connection;
}

// Over a unix socket all connections look alike: there the caller stands for its connection.
std::string ConnectionKey(const Caller& caller) {
  return caller.peer().starts_with("unix") ? CallerKey(caller, "unix") : std::string(caller.peer());
}

// Refuses a call that goes nowhere.
class RefusedCall final : public grpc::ServerGenericBidiReactor {
 public:
  RefusedCall(rpc::CallObserver& observer, const rpc::MethodInfo* method,
              const grpc::GenericCallbackServerContext& context, const absl::Status& status) {
    const Caller caller(context);
    observer.Started(method);
    observer.Finished({.method = method, .path = context.method(), .status = status, .caller = caller});
    Finish(ToGrpcStatus(status, caller.Metadata("accept-language")));
  }

 private:
  void OnDone() override { delete this; }
};

}  // namespace

Forwarder::Forwarder(const Parts& parts) : parts_(parts) {
  Bulkhead::Limits limits;
  const auto services = static_cast<int32_t>(parts.backends.all().size());
  limits.of_connection = std::max(kStreamsForServices / std::max(services, 1), kLeastOfConnection);
  for (const auto& [name, backend] : parts.backends.all()) {
    bulkheads_[name] = std::make_unique<Bulkhead>(limits);
    if (parts.metrics == nullptr) continue;
    seconds_.emplace(name, parts.metrics->AddHistogram("dangjian_backend_handling_seconds",
                                                       "Time from the arrival of a call that is handed on to its end.",
                                                       {{"service", name}}));
  }
}

absl::StatusOr<const Backend*> Forwarder::Route(std::string_view path, std::string_view service) const {
  const std::string_view owner = OwnerOf(path);
  if (IsEverywhere(owner)) {
    const ErrorMetadata choices = {{"choices", parts_.backends.Names()}};
    if (service.empty()) {
      return Error(reasons::kServiceRequired,
                   absl::StrCat("every service has this method: set the request metadata ", ToAbsl(kServiceKey),
                                " to one of ", parts_.backends.Names()),
                   choices);
    }
    const Backend* backend = parts_.backends.Find(service);
    if (backend != nullptr) return backend;
    return Error(reasons::kServiceUnknown,
                 absl::StrCat(ToAbsl(kServiceKey), ": must be one of ", parts_.backends.Names()), choices);
  }
  const Backend* backend = parts_.backends.Find(owner);
  if (backend == nullptr && parts_.methods.FindByPath(path) != nullptr) {
    return Error(dangjian::reasons::kBackendUnavailable,
                 absl::StrCat("service ", ToAbsl(owner), " has no address at this gateway"),
                 {{"service", std::string(owner)}});
  }
  return backend;
}

grpc::ServerGenericBidiReactor* Forwarder::Take(grpc::GenericCallbackServerContext* context) {
  const rpc::MethodInfo* method = parts_.methods.FindByPath(context->method());
  const Caller caller(*context);
  const auto refuse = [&](const absl::Status& status) {
    return new RefusedCall(parts_.observer, method, *context, status);
  };
  const absl::StatusOr<const Backend*> backend = Route(context->method(), caller.Metadata(kServiceKey));
  if (!backend.ok()) return refuse(backend.status());
  if (*backend == nullptr) return nullptr;
  if (parts_.verifier != nullptr && (method == nullptr || !method->is_public)) {
    const absl::Status known = parts_.verifier->Verify(caller).status();
    if (!known.ok()) return refuse(known);
  }
  const rpc::PeerWatch* peer = (*backend)->channel->peer();
  if (peer != nullptr && !peer->Available().ok()) return refuse(peer->Available());
  Bulkhead& bulkhead = *bulkheads_.at((*backend)->name);
  const std::string connection = ConnectionKey(caller);
  const std::string key = CallerKey(caller, connection);
  if (const absl::Status full = bulkhead.Enter(key, connection); !full.ok()) return refuse(full);
  const auto leave = [this, &bulkhead, key, connection] {
    bulkhead.Leave(key, connection);
    --in_flight_;
  };
  if (++in_flight_ > parts_.max_in_flight) {
    leave();
    const absl::Status overloaded = Error(dangjian::reasons::kOverloaded, "too many calls at once; try again later");
    return refuse(WithRetryDelay(overloaded, kOverloadRetryMillis));
  }
  const auto seconds = seconds_.find((*backend)->name);
  const obs::Histogram* histogram = seconds == seconds_.end() ? nullptr : &seconds->second;
  const auto done = [leave, histogram, started = SteadyMicros()] {
    if (histogram != nullptr) histogram->Observe(static_cast<double>(SteadyMicros() - started) / 1'000'000);
    leave();
  };
  return new ForwardedCall(parts_, **backend, method, context, done);
}

}  // namespace dangjian::gateway
