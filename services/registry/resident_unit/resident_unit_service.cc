#include "services/registry/resident_unit/resident_unit_service.h"

#include <utility>

#include "common/base/status_macros.h"
#include "common/rpc/standard_methods.h"
#include "services/registry/organization/organization_rules.h"
#include "services/registry/resident_unit/resident_unit_rules.h"
#include "services/registry/resident_unit/resident_unit_schema.h"

namespace dangjian::registry {

using rpc::CallContext;
using v1::ResidentUnit;

void ResidentUnitService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<ResidentUnit> options;
  options.on_create = [this](CallContext& context, ResidentUnit& created) { return OnCreate(context, created); };
  options.on_update = [this](CallContext& context, const ResidentUnit& current, ResidentUnit& updated) -> absl::Status {
    RETURN_IF_ERROR(Complete(updated, context.today()));
    return updated.organization() == current.organization() ? absl::OkStatus() : CheckOrganization(context, updated);
  };
  options.list_filters = {{"organization", kResidentUnitByOrganization},
                          {"unified_social_credit_code", kResidentUnitByCode}};
  rpc::RegisterStandardMethods(router, *ResidentUnit::descriptor()->file()->FindServiceByName("ResidentUnitService"),
                               tables_.resident_units, tokens, std::move(options));
}

absl::Status ResidentUnitService::OnCreate(CallContext& context, ResidentUnit& created) const {
  RETURN_IF_ERROR(Complete(created, context.today()));
  return CheckOrganization(context, created);
}

absl::Status ResidentUnitService::CheckOrganization(CallContext& context, const ResidentUnit& unit) const {
  ASSIGN_OR_RETURN(const v1::Organization organization,
                   tables_.organizations.Get(context.reader(), unit.organization()));
  return CheckNotDissolved(organization);
}

}  // namespace dangjian::registry
