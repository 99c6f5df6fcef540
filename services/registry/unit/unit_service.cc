#include "services/registry/unit/unit_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/standard_methods.h"
#include "services/registry/unit/unit_rules.h"
#include "services/registry/unit/unit_schema.h"

namespace dangjian::registry {

using rpc::CallContext;
using v1::Unit;

void UnitService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<Unit> options;
  options.on_create = [this](CallContext& context, Unit& created) { return OnCreate(context, created); };
  rpc::RegisterStandardMethods(router, *Unit::descriptor()->file()->FindServiceByName("UnitService"), tables_.units,
                               tokens, std::move(options));
}

absl::Status UnitService::OnCreate(CallContext& context, Unit& created) const {
  RETURN_IF_ERROR(CheckUnit(created));
  if (created.base_unit().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Unit base, tables_.units.Get(context.reader(), created.base_unit()));
  return CheckBase(created, base);
}

}  // namespace dangjian::registry
