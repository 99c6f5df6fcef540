#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/labour_station.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.LabourStationService. Thread-safe.
class LabourStationService {
 public:
  // `stations` must outlive the service.
  explicit LabourStationService(const storage::Table<v1::LabourStation>& stations) : stations_(stations) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::LabourStation> Close(rpc::CallContext& call, const v1::CloseLabourStationRequest& request);

 private:
  const storage::Table<v1::LabourStation>& stations_;
};

}  // namespace dangjian::welfare
