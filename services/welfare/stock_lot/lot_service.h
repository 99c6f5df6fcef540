#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/stock_lot.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.StockLotService. Thread-safe.
class StockLotService {
 public:
  // `lots` must outlive the service.
  explicit StockLotService(const storage::Table<v1::StockLot>& lots) : lots_(lots) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::StockLot> Adjust(rpc::CallContext& call, const v1::AdjustStockLotRequest& request);

 private:
  const storage::Table<v1::StockLot>& lots_;
};

}  // namespace dangjian::welfare
