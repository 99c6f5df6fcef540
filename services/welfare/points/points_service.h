#pragma once

#include "absl/status/status.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/points_entry.pb.h"
#include "dangjian/welfare/v1/stock_issue.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.PointsService, and what issues write into the ledger. Thread-safe.
class PointsService {
 public:
  // `entries` must outlive the service.
  explicit PointsService(const storage::Table<v1::PointsEntry>& entries) : entries_(entries) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  // Takes the points of an issue off, on the day of the issue. POINTS_BELOW_ZERO.
  absl::Status Spend(rpc::CallContext& call, const v1::StockIssue& issue) const;
  // Gives them back, on the same day.
  absl::Status Return(rpc::CallContext& call, const v1::StockIssue& issue) const;

 private:
  // POINTS_BELOW_ZERO when the balance would be below 0 on the entry's day or after it.
  absl::Status CheckBalance(rpc::CallContext& call, const v1::PointsEntry& entry) const;

  const storage::Table<v1::PointsEntry>& entries_;
};

}  // namespace dangjian::welfare
