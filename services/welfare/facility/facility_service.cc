#include "services/welfare/facility/facility_service.h"

#include "common/rpc/change_record.h"
#include "services/welfare/facility/facility_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

using v1::Facility;

namespace {

template <class Request>
absl::StatusOr<Facility> Enter(rpc::CallContext& call, const storage::Table<Facility>& facilities,
                               const Request& request, v1::FacilityState state, std::string reason = {}) {
  const Step step = StepOf(call, request.occurred_on(), std::move(reason));
  return ChangeRecord(call, facilities, request,
                      [&](Facility& facility) { return facility_rules::Enter(facility, state, step); });
}

}  // namespace

void FacilityService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<Facility> options;
  options.on_create = [](rpc::CallContext& call, Facility& created) {
    return facility_rules::Plan(created, StepOf(call, created.planned_on()));
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kFacilityByOrganization}};
  rpc::RegisterStandardMethods(router, *Facility::descriptor()->file()->FindServiceByName("FacilityService"),
                               facilities_, tokens, std::move(options));
  router.Unary(this, &FacilityService::SecurePremises);
  router.Unary(this, &FacilityService::FitOut);
  router.Unary(this, &FacilityService::Open);
  router.Unary(this, &FacilityService::Close);
}

absl::StatusOr<Facility> FacilityService::SecurePremises(rpc::CallContext& call,
                                                         const v1::SecureFacilityPremisesRequest& request) {
  return Enter(call, facilities_, request, v1::FACILITY_STATE_PREMISES_SECURED);
}

absl::StatusOr<Facility> FacilityService::FitOut(rpc::CallContext& call, const v1::FitOutFacilityRequest& request) {
  return Enter(call, facilities_, request, v1::FACILITY_STATE_FITTING_OUT);
}

absl::StatusOr<Facility> FacilityService::Open(rpc::CallContext& call, const v1::OpenFacilityRequest& request) {
  return Enter(call, facilities_, request, v1::FACILITY_STATE_OPERATING);
}

absl::StatusOr<Facility> FacilityService::Close(rpc::CallContext& call, const v1::CloseFacilityRequest& request) {
  return Enter(call, facilities_, request, v1::FACILITY_STATE_CLOSED, request.reason());
}

}  // namespace dangjian::welfare
