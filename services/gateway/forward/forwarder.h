#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/obs/metrics.h"
#include "common/rpc/call_observer.h"
#include "common/rpc/method_table.h"
#include "common/rpc/passthrough.h"
#include "services/gateway/backend/backends.h"
#include "services/gateway/forward/bulkhead.h"

namespace dangjian::gateway {

// Metadata key that names the service for methods which every service has: MeasureService, ChangeService
// and StoreService.
inline constexpr std::string_view kServiceKey = "dangjian-service";

// One door: hands calls on to the services behind, as bytes. The service is known by the package of the method
// (`dangjian.registry.v1` → `registry`), so that methods which this program does not know are handed on as well.
//
// Messages, request metadata, initial and trailing metadata, deadline, status code, message and error details pass
// unchanged; only what belongs to one connection (keys of gRPC and HTTP/2) does not. Cancellation passes both ways. One
// message at a time is in flight each way: a slow reader slows the writer, and memory stays bounded. Calls to one
// service are bounded by themselves (Bulkhead), and while a service is away calls to it are refused at once.
// Thread-safe.
class Forwarder final : public rpc::Passthrough {
 public:
  struct Parts {
    const rpc::MethodTable& methods;  // of the services that are handed on
    const Backends& backends;
    rpc::CallObserver& observer;
    int32_t max_in_flight = 4096;  // calls handed on at once; more are refused with OVERLOADED
    // Who calls is asked before anything is handed on: a service cannot know whose connection to the gateway it is.
    // nullptr: only the services ask.
    const auth::Verifier* verifier = nullptr;
    obs::Metrics* metrics = nullptr;  // for `dangjian_backend_handling_seconds` of each service
  };
  // What `parts` refers to outlives the last call.
  explicit Forwarder(const Parts& parts);

  grpc::ServerGenericBidiReactor* Take(grpc::GenericCallbackServerContext* context) override;

  // Where a call goes. `service` is the value of kServiceKey, empty when there is none. Errors with reasons
  // SERVICE_REQUIRED, SERVICE_UNKNOWN, BACKEND_UNAVAILABLE; nullptr for a path of no service of the suite.
  absl::StatusOr<const Backend*> Route(std::string_view path, std::string_view service) const;

  // Calls under way to a service, for a metric.
  int32_t calls(const std::string& service) const { return bulkheads_.at(service)->calls(); }

 private:
  const Parts parts_;
  std::map<std::string, std::unique_ptr<Bulkhead>> bulkheads_;  // by service
  std::map<std::string, obs::Histogram> seconds_;               // by service; empty without metrics
  std::atomic<int32_t> in_flight_{0};
};

}  // namespace dangjian::gateway
