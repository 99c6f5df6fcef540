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

// Handlers of dangjian.activity.v1.CivicPostService. Thread-safe.
class CivicPostService {
 public:
  // The tables must outlive the service.
  CivicPostService(const storage::Table<v1::CivicPost>& posts, const storage::Table<v1::CivicPostClaim>& claims)
      : posts_(posts), claims_(claims) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::CivicPost> Close(rpc::CallContext& call, const v1::CloseCivicPostRequest& request);

 private:
  absl::StatusOr<std::vector<v1::CivicPostClaim>> ClaimsOf(rpc::CallContext& call, const std::string& post) const;

  const storage::Table<v1::CivicPost>& posts_;
  const storage::Table<v1::CivicPostClaim>& claims_;
};

}  // namespace dangjian::activity
