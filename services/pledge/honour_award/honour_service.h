#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/pledge/v1/honour_award.pb.h"

namespace dangjian::pledge {

// Handlers of dangjian.pledge.v1.HonourAwardService. Thread-safe.
class HonourAwardService {
 public:
  // Both must outlive the service.
  HonourAwardService(const storage::Table<v1::HonourAward>& awards, const change::Directory& directory)
      : awards_(awards), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::HonourAward> Revoke(rpc::CallContext& call, const v1::RevokeHonourAwardRequest& request);

  // The change::Directory::Follower of honoured households.
  absl::Status FollowMerge(storage::Transaction& txn, std::string_view name) const;

 private:
  const storage::Table<v1::HonourAward>& awards_;
  const change::Directory& directory_;
};

}  // namespace dangjian::pledge
