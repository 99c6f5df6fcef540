#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/pledge/v1/campaign_fund.pb.h"

namespace dangjian::pledge {

// Handlers of dangjian.pledge.v1.CampaignFundService. Thread-safe.
class CampaignFundService {
 public:
  // `funds` must outlive the service.
  explicit CampaignFundService(const storage::Table<v1::CampaignFund>& funds) : funds_(funds) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::CampaignFund> Allot(rpc::CallContext& call, const v1::AllotCampaignFundRequest& request);
  absl::StatusOr<v1::CampaignFund> RecordTransfer(rpc::CallContext& call, const v1::RecordTransferRequest& request);
  absl::StatusOr<v1::CampaignFund> ReverseTransfer(rpc::CallContext& call, const v1::ReverseTransferRequest& request);

 private:
  const storage::Table<v1::CampaignFund>& funds_;
};

}  // namespace dangjian::pledge
