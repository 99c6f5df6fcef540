#pragma once

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/job_placement.pb.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.JobPlacementService. Thread-safe.
class JobPlacementService {
 public:
  // All must outlive the service.
  JobPlacementService(const storage::Table<v1::JobPlacement>& placements,
                      const storage::Table<v1::UnemploymentRegistration>& registrations,
                      const change::Directory& directory)
      : placements_(placements), registrations_(registrations), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::JobPlacement> FollowUp(rpc::CallContext& call, const v1::RecordPlacementFollowUpRequest& request);

 private:
  absl::Status Start(rpc::CallContext& call, v1::JobPlacement& created);
  // Gives the registration that the placement ended back the state that it had.
  absl::Status Undo(rpc::CallContext& call, const v1::JobPlacement& placement, const Step& step);

  const storage::Table<v1::JobPlacement>& placements_;
  const storage::Table<v1::UnemploymentRegistration>& registrations_;
  const change::Directory& directory_;
};

}  // namespace dangjian::welfare
