#pragma once

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/donation_receipt.pb.h"
#include "dangjian/welfare/v1/stock_lot.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.DonationReceiptService. Thread-safe.
class DonationService {
 public:
  // All must outlive the service.
  DonationService(const storage::Table<v1::DonationReceipt>& donations, const storage::Table<v1::StockLot>& lots,
                  const change::Directory& directory)
      : donations_(donations), lots_(lots), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::DonationReceipt> Accept(rpc::CallContext& call, const v1::AcceptDonationRequest& request);
  absl::StatusOr<v1::DonationReceipt> Reject(rpc::CallContext& call, const v1::RejectDonationRequest& request);
  absl::StatusOr<v1::DonationReceipt> Reopen(rpc::CallContext& call, const v1::ReopenDonationRequest& request);

 private:
  absl::Status Check(rpc::CallContext& call, const v1::DonationReceipt& donation) const;
  // Deletes the lots of a donation that is reopened. STOCK_LOT_IN_USE.
  absl::Status TakeLotsAway(rpc::CallContext& call, const v1::DonationReceipt& donation) const;

  const storage::Table<v1::DonationReceipt>& donations_;
  const storage::Table<v1::StockLot>& lots_;
  const change::Directory& directory_;
};

}  // namespace dangjian::welfare
