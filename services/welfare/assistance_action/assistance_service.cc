#include "services/welfare/assistance_action/assistance_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/change/registry_view.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "services/welfare/assistance_action/assistance_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

void AssistanceActionService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::AssistanceAction> options;
  options.on_create = [this](rpc::CallContext& call, v1::AssistanceAction& created) { return Complete(call, created); };
  options.on_update = [this](rpc::CallContext& call, const v1::AssistanceAction&, v1::AssistanceAction& updated) {
    return Complete(call, updated);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kAssistanceActionByOrganization},
                          {.field = "pairing", .index_tag = tags::kAssistanceActionByPairing},
                          {.field = "member", .index_tag = tags::kAssistanceActionByMember}};
  rpc::RegisterStandardMethods(
      router, *v1::AssistanceAction::descriptor()->file()->FindServiceByName("AssistanceActionService"), actions_,
      tokens, std::move(options));
}

absl::Status AssistanceActionService::Complete(rpc::CallContext& call, v1::AssistanceAction& action) const {
  Violations violations;
  assistance_rules::CheckContent(action, call.today(), violations);
  if (action.goods().has_quantity()) {
    const std::string& unit = action.goods().quantity().unit();
    const change::RegistryView registry(directory_, call.reader(), call.txn().tree());
    ASSIGN_OR_RETURN(const bool known, registry.HasUnit(unit));
    if (!known) {
      violations.Add("assistance_action.goods.quantity.unit", dangjian::reasons::kUnknownUnit,
                     absl::StrCat(unit, " is not in the unit table"));
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const v1::AssistancePairing pairing, pairings_.Get(call.reader(), action.pairing()));
  RETURN_IF_ERROR(assistance_rules::CheckPairing(action, pairing));
  action.set_organization(pairing.organization());
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
