#include "services/welfare/labour_station/station_service.h"

#include "common/rpc/change_record.h"
#include "services/welfare/labour_station/station_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

using v1::LabourStation;

void LabourStationService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<LabourStation> options;
  options.on_create = [](rpc::CallContext& call, LabourStation& created) {
    return station_rules::Open(created, StepOf(call, created.opened_on()));
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kLabourStationByOrganization}};
  rpc::RegisterStandardMethods(router, *LabourStation::descriptor()->file()->FindServiceByName("LabourStationService"),
                               stations_, tokens, std::move(options));
  router.Unary(this, &LabourStationService::Close);
}

absl::StatusOr<LabourStation> LabourStationService::Close(rpc::CallContext& call,
                                                          const v1::CloseLabourStationRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return ChangeRecord(call, stations_, request,
                      [&](LabourStation& station) { return station_rules::Close(station, step); });
}

}  // namespace dangjian::welfare
