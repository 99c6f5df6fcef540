#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/mutex.h"
#include "common/rpc/router.h"
#include "grpc/health/v1/health.pb.h"

namespace dangjian::rpc {

// grpc.health.v1.Health: Check and Watch for the process (the empty name) and for each of its services. Thread-safe.
class HealthService {
 public:
  // Every service starts as NOT_SERVING.
  explicit HealthService(const std::vector<std::string>& services);

  // The descriptor for MethodTable::AddPublicService.
  static const google::protobuf::ServiceDescriptor& Descriptor();
  // Must outlive the router's last call.
  void Register(Router& router);

  // Sets the process and all its services, but for those that are not available. Watchers are told.
  void SetServing(bool serving);
  // Whether a service that another process serves can be reached: only then is it SERVING. Watchers are told.
  void SetAvailable(const std::string& service, bool available);
  // Ends every Watch. Called once, before the server shuts down.
  void Shutdown();

  // As Check answers; SERVICE_UNKNOWN for a service that is not here.
  grpc::health::v1::HealthCheckResponse::ServingStatus Status(const std::string& service) const {
    MutexLock lock(mutex_);
    return StatusOf(service);
  }

 private:
  using Response = grpc::health::v1::HealthCheckResponse;
  absl::StatusOr<Response> Check(const grpc::health::v1::HealthCheckRequest& request) const;
  absl::Status Watch(CallContext& context, const grpc::health::v1::HealthCheckRequest& request,
                     const Router::RawWriter& write);
  Response::ServingStatus StatusOf(const std::string& service) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  CondVar changed_;
  absl::flat_hash_map<std::string, bool> available_ ABSL_GUARDED_BY(mutex_);  // by service; the process under ""
  bool serving_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dangjian::rpc
