#pragma once

#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "services/registry/tables.h"

namespace dangjian::registry {

// Handlers of dangjian.registry.v1.ResidentUnitService. Thread-safe.
class ResidentUnitService {
 public:
  // `tables` must outlive the service.
  explicit ResidentUnitService(const Tables& tables) : tables_(tables) {}

  // The service and `tokens` must outlive the router.
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  absl::Status OnCreate(rpc::CallContext& context, v1::ResidentUnit& created) const;
  // ORGANIZATION_DISSOLVED.
  absl::Status CheckOrganization(rpc::CallContext& context, const v1::ResidentUnit& unit) const;

  const Tables& tables_;
};

}  // namespace dangjian::registry
