#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/civic_post.pb.h"
#include "dangjian/activity/v1/civic_post_claim.pb.h"

namespace dangjian::activity {

// A post keeps at most so many claims, current and past: what a rule may have to read.
inline constexpr size_t kMaxClaimsOfAPost = 5000;

// Handlers of dangjian.activity.v1.CivicPostClaimService. Thread-safe.
class CivicPostClaimService {
 public:
  // The tables must outlive the service.
  CivicPostClaimService(const storage::Table<v1::CivicPostClaim>& claims, const storage::Table<v1::CivicPost>& posts)
      : claims_(claims), posts_(posts) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::CivicPostClaim> Claim(rpc::CallContext& call, const v1::ClaimCivicPostRequest& request);
  absl::StatusOr<v1::CivicPostClaim> Start(rpc::CallContext& call, const v1::StartCivicPostClaimRequest& request);
  absl::StatusOr<v1::CivicPostClaim> Release(rpc::CallContext& call, const v1::ReleaseCivicPostClaimRequest& request);

 private:
  absl::Status Offer(rpc::CallContext& call, v1::CivicPostClaim& created) const;
  absl::StatusOr<std::vector<v1::CivicPostClaim>> ClaimsOf(rpc::CallContext& call, const std::string& post) const;

  const storage::Table<v1::CivicPostClaim>& claims_;
  const storage::Table<v1::CivicPost>& posts_;
};

}  // namespace dangjian::activity
