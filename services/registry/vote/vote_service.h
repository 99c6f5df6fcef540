#pragma once

#include "common/rpc/call_context.h"
#include "common/rpc/router.h"
#include "dangjian/registry/v1/vote.pb.h"
#include "services/registry/tables.h"

namespace dangjian::registry {

// Handlers of dangjian.registry.v1.VoteService. Thread-safe.
class VoteService {
 public:
  // `tables` must outlive the service.
  explicit VoteService(const Tables& tables) : tables_(tables) {}

  // The service must outlive the router.
  void Register(rpc::Router& router);

 private:
  absl::StatusOr<v1::ComputeVoteThresholdsResponse> ComputeVoteThresholds(
      rpc::CallContext& call, const v1::ComputeVoteThresholdsRequest& request);

  const Tables& tables_;
};

}  // namespace dangjian::registry
