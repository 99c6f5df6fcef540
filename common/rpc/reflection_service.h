#pragma once

#include <string>
#include <vector>

#include "common/rpc/method_table.h"
#include "common/rpc/router.h"

namespace dangjian::rpc {

// grpc.reflection.v1 and v1alpha over the contracts linked into the process. Thread-safe.
class ReflectionService {
 public:
  // `services`: full names to list; sorted by the service.
  explicit ReflectionService(std::vector<std::string> services);

  // The descriptors for MethodTable::AddPublicService: v1 and v1alpha.
  static std::vector<const google::protobuf::ServiceDescriptor*> Descriptors();
  // Must outlive the router's last call.
  void Register(Router& router);

 private:
  std::vector<std::string> services_;
};

}  // namespace dangjian::rpc
