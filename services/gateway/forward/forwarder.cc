#include "services/gateway/forward/forwarder.h"

#include <string>

#include "absl/strings/str_cat.h"
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

// Refuses a call that goes nowhere.
class RefusedCall final : public grpc::ServerGenericBidiReactor {
 public:
  RefusedCall(rpc::CallObserver& observer, const rpc::MethodInfo* method,
              const grpc::GenericCallbackServerContext& context, const absl::Status& status) {
    const Caller caller(context);
    observer.Started(method);
    observer.Finished({.method = method, .path = context.method(), .status = status, .caller = caller});
    Finish(ToGrpcStatus(status));
  }

 private:
  void OnDone() override { delete this; }
};

// Packages whose services every process with records serves.
bool IsEverywhere(std::string_view owner) { return owner == "measure" || owner == "change" || owner == "store"; }

}  // namespace

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
  const absl::StatusOr<const Backend*> backend = Route(context->method(), Caller(*context).Metadata(kServiceKey));
  if (!backend.ok()) return new RefusedCall(parts_.observer, method, *context, backend.status());
  if (*backend == nullptr) return nullptr;
  if (++in_flight_ > parts_.max_in_flight) {
    --in_flight_;
    const absl::Status overloaded = Error(dangjian::reasons::kOverloaded, "too many calls at once; try again later");
    return new RefusedCall(parts_.observer, method, *context, WithRetryDelay(overloaded, kOverloadRetryMillis));
  }
  return new ForwardedCall(parts_, **backend, method, context, in_flight_);
}

}  // namespace dangjian::gateway
