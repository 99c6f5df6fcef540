#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/pledge/v1/campaign.pb.h"

namespace dangjian::pledge {

// Handlers of dangjian.pledge.v1.CampaignService. Thread-safe.
class CampaignService {
 public:
  // `campaigns` must outlive the service.
  explicit CampaignService(const storage::Table<v1::Campaign>& campaigns) : campaigns_(campaigns) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::Campaign> Start(rpc::CallContext& call, const v1::StartCampaignRequest& request);
  absl::StatusOr<v1::Campaign> Close(rpc::CallContext& call, const v1::CloseCampaignRequest& request);

 private:
  const storage::Table<v1::Campaign>& campaigns_;
};

}  // namespace dangjian::pledge
