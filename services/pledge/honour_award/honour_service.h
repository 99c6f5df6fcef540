#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/pledge/v1/honour_award.pb.h"

namespace dangjian::pledge {

// Handlers of dangjian.pledge.v1.HonourAwardService. Thread-safe.
class HonourAwardService {
 public:
  // `awards` must outlive the service.
  explicit HonourAwardService(const storage::Table<v1::HonourAward>& awards) : awards_(awards) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::HonourAward> Revoke(rpc::CallContext& call, const v1::RevokeHonourAwardRequest& request);

 private:
  const storage::Table<v1::HonourAward>& awards_;
};

}  // namespace dangjian::pledge
