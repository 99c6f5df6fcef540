#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/stock_issue.pb.h"
#include "dangjian/welfare/v1/stock_lot.pb.h"
#include "services/welfare/points/points_service.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.StockIssueService. Thread-safe.
class StockIssueService {
 public:
  // All must outlive the service.
  StockIssueService(const storage::Table<v1::StockIssue>& issues, const storage::Table<v1::StockLot>& lots,
                    const PointsService& points, const change::Directory& directory)
      : issues_(issues), lots_(lots), points_(points), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::StockIssue> Cancel(rpc::CallContext& call, const v1::CancelIssueRequest& request);

 private:
  // Checks a new issue, takes its goods out of stock and spends its points.
  absl::Status Issue(rpc::CallContext& call, v1::StockIssue& issue) const;
  absl::Status CheckRoles(rpc::CallContext& call, const v1::StockIssue& issue) const;
  absl::Status CheckQuota(rpc::CallContext& call, const v1::StockIssue& issue) const;
  absl::Status TakeFromStock(rpc::CallContext& call, const v1::StockIssue& issue, v1::IssuedItem& item) const;
  absl::Status PutBack(rpc::CallContext& call, const v1::StockIssue& issue, const v1::IssuedLot& share) const;

  const storage::Table<v1::StockIssue>& issues_;
  const storage::Table<v1::StockLot>& lots_;
  const PointsService& points_;
  const change::Directory& directory_;
};

}  // namespace dangjian::welfare
