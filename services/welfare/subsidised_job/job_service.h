#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/subsidised_job.pb.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.SubsidisedJobService. Thread-safe.
class SubsidisedJobService {
 public:
  // Both must outlive the service.
  SubsidisedJobService(const storage::Table<v1::SubsidisedJob>& jobs,
                       const storage::Table<v1::UnemploymentRegistration>& registrations)
      : jobs_(jobs), registrations_(registrations) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::SubsidisedJob> Assign(rpc::CallContext& call, const v1::AssignSubsidisedJobRequest& request);
  absl::StatusOr<v1::SubsidisedJob> Release(rpc::CallContext& call,
                                            const v1::ReleaseSubsidisedJobHolderRequest& request);
  absl::StatusOr<v1::SubsidisedJob> Close(rpc::CallContext& call, const v1::CloseSubsidisedJobRequest& request);

 private:
  const storage::Table<v1::SubsidisedJob>& jobs_;
  const storage::Table<v1::UnemploymentRegistration>& registrations_;
};

}  // namespace dangjian::welfare
