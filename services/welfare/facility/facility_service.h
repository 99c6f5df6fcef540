#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/facility.pb.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.FacilityService. Thread-safe.
class FacilityService {
 public:
  // `facilities` must outlive the service.
  explicit FacilityService(const storage::Table<v1::Facility>& facilities) : facilities_(facilities) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::Facility> SecurePremises(rpc::CallContext& call, const v1::SecureFacilityPremisesRequest& request);
  absl::StatusOr<v1::Facility> FitOut(rpc::CallContext& call, const v1::FitOutFacilityRequest& request);
  absl::StatusOr<v1::Facility> Open(rpc::CallContext& call, const v1::OpenFacilityRequest& request);
  absl::StatusOr<v1::Facility> Close(rpc::CallContext& call, const v1::CloseFacilityRequest& request);

 private:
  const storage::Table<v1::Facility>& facilities_;
};

}  // namespace dangjian::welfare
