#pragma once

#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "services/registry/tables.h"

namespace dangjian::registry {

// Handlers of dangjian.registry.v1.CalendarService. Thread-safe.
class CalendarService {
 public:
  // `tables` must outlive the service.
  explicit CalendarService(const Tables& tables) : tables_(tables) {}

  // The service and `tokens` must outlive the router.
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  absl::StatusOr<v1::ComputeDueDateResponse> ComputeDueDate(rpc::CallContext& context,
                                                            const v1::ComputeDueDateRequest& request);

  const Tables& tables_;
};

}  // namespace dangjian::registry
