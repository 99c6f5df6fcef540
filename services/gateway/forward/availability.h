#pragma once

#include <string_view>

#include "common/base/mutex.h"
#include "common/obs/metrics.h"
#include "common/rpc/health_service.h"
#include "services/gateway/backend/backends.h"
#include "services/gateway/forward/forwarder.h"

namespace dangjian::gateway {

// Shows which services can be reached. Metrics by service: `dangjian_backend_up` (1 while it answers and serves),
// `dangjian_backend_breaker_opened_total`, `dangjian_backend_calls`. Health: a service is SERVING at the gateway only
// while it says so itself; those that every process serves (measures, changes) while one of them does. Thread-safe.
class Availability {
 public:
  // All outlive this.
  Availability(const Backends& backends, const Forwarder& forwarder, obs::Metrics& metrics);

  ~Availability();
  Availability(const Availability&) = delete;
  Availability& operator=(const Availability&) = delete;

  // Called once; `health` outlives this.
  void ReportTo(rpc::HealthService& health);

 private:
  // Sets what may have changed with the state of the backend `changed`.
  void Report(std::string_view changed, rpc::HealthService& health);

  const Backends& backends_;
  Mutex mutex_;  // held while states are read and reported, so that the last report is the newest
};

}  // namespace dangjian::gateway
