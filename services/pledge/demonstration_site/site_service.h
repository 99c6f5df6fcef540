#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/pledge/v1/demonstration_site.pb.h"

namespace dangjian::pledge {

// Handlers of dangjian.pledge.v1.DemonstrationSiteService. Thread-safe.
class DemonstrationSiteService {
 public:
  // `sites` must outlive the service.
  explicit DemonstrationSiteService(const storage::Table<v1::DemonstrationSite>& sites) : sites_(sites) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::DemonstrationSite> RecordCheck(rpc::CallContext& call,
                                                    const v1::RecordCriterionCheckRequest& request);
  absl::StatusOr<v1::DemonstrationSite> Revoke(rpc::CallContext& call,
                                               const v1::RevokeDemonstrationSiteRequest& request);

 private:
  const storage::Table<v1::DemonstrationSite>& sites_;
};

}  // namespace dangjian::pledge
