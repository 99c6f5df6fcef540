#pragma once

#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "services/registry/tables.h"

namespace dangjian::registry {

// Handlers of dangjian.registry.v1.CommunityReportInService. Thread-safe.
class CommunityReportInService {
 public:
  // `tables` must outlive the service.
  explicit CommunityReportInService(const Tables& tables) : tables_(tables) {}

  // The service and `tokens` must outlive the router.
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  template <class T>
  using Or = absl::StatusOr<T>;

  Or<v1::CommunityReportIn> End(rpc::CallContext& context, const v1::EndCommunityReportInRequest& request);
  Or<v1::MoveCommunityReportInResponse> Move(rpc::CallContext& context,
                                             const v1::MoveCommunityReportInRequest& request);

  absl::Status OnCreate(rpc::CallContext& context, v1::CommunityReportIn& created) const;
  // ORGANIZATION_DISSOLVED, MEMBER_NOT_ACTIVE, ALREADY_REPORTED_IN.
  absl::Status CheckHost(rpc::CallContext& context, const v1::CommunityReportIn& created) const;

  const Tables& tables_;
};

}  // namespace dangjian::registry
