#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "services/registry/tables.h"

namespace dangjian::registry {

// Handlers of dangjian.registry.v1.AssignmentService. Thread-safe.
class AssignmentService {
 public:
  // `tables` must outlive the service.
  explicit AssignmentService(const Tables& tables) : tables_(tables) {}

  // The service and `tokens` must outlive the router.
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  absl::StatusOr<v1::Assignment> End(rpc::CallContext& context, const v1::EndAssignmentRequest& request);

  absl::Status OnCreate(rpc::CallContext& context, v1::Assignment& created) const;
  // Every assignment of an organisation or a member, by its index, past ones included.
  absl::StatusOr<std::vector<v1::Assignment>> FindAll(rpc::CallContext& context, uint16_t index,
                                                      const std::string& name) const;

  const Tables& tables_;
};

}  // namespace dangjian::registry
