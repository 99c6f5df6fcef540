#pragma once

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/home_visit.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.HomeVisitService. Thread-safe.
class HomeVisitService {
 public:
  // `visits` and `directory` must outlive the service.
  HomeVisitService(const storage::Table<v1::HomeVisit>& visits, const change::Directory& directory)
      : visits_(visits), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::HomeVisit> Plan(rpc::CallContext& call, const v1::PlanVisitRequest& request);
  absl::StatusOr<v1::HomeVisit> Complete(rpc::CallContext& call, const v1::CompleteVisitRequest& request);
  absl::StatusOr<v1::HomeVisit> RecordNotAtHome(rpc::CallContext& call, const v1::RecordNotAtHomeRequest& request);
  absl::StatusOr<v1::HomeVisit> Close(rpc::CallContext& call, const v1::CloseVisitRequest& request);

 private:
  // The content, and the household as it stood on the day of the visit, today for a planned one.
  absl::Status Check(rpc::CallContext& call, const v1::HomeVisit& visit) const;

  const storage::Table<v1::HomeVisit>& visits_;
  const change::Directory& directory_;
};

}  // namespace dangjian::welfare
