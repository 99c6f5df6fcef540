#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/stop_list_entry.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.StopListEntryService. Thread-safe.
class StopListService {
 public:
  explicit StopListService(const storage::Table<v1::StopListEntry>& entries) : entries_(entries) {}
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::StopListEntry> End(rpc::CallContext& call, const v1::EndStopListEntryRequest& request);

 private:
  const storage::Table<v1::StopListEntry>& entries_;
};

}  // namespace dangjian::welfare
