#include "services/welfare/pairing/pairing_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/pairing/pairing_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

absl::Status Check(rpc::CallContext& call, const v1::AssistancePairing& pairing) {
  Violations violations;
  pairing_rules::CheckContent(pairing, call.today(), violations);
  return violations.ToStatus();
}

}  // namespace

void PairingService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::AssistancePairing> options;
  options.on_create = [this](rpc::CallContext& call, v1::AssistancePairing& created) -> absl::Status {
    pairing_rules::Initialize(created);
    RETURN_IF_ERROR(CheckNotMerged(directory_, call.reader(), created.household()));
    return Check(call, created);
  };
  options.on_update = [](rpc::CallContext& call, const v1::AssistancePairing& current, v1::AssistancePairing& updated) {
    RETURN_IF_ERROR(pairing_rules::CheckChange(current, updated));
    return Check(call, updated);
  };
  options.on_delete = [this](rpc::CallContext& call, const v1::AssistancePairing& current) {
    return CheckNoActions(call, current);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kPairingByOrganization},
                          {.field = "household", .index_tag = tags::kPairingByHousehold}};
  rpc::RegisterStandardMethods(
      router, *v1::AssistancePairing::descriptor()->file()->FindServiceByName("AssistancePairingService"), pairings_,
      tokens, std::move(options));
  router.Unary(this, &PairingService::Activate);
  router.Unary(this, &PairingService::Pause);
  router.Unary(this, &PairingService::Resume);
  router.Unary(this, &PairingService::End);
}

absl::Status PairingService::CheckNotPaired(rpc::CallContext& call, const v1::AssistancePairing& pairing,
                                            Day from) const {
  const std::string& household = CountedName(pairing.household(), pairing.counted_household());
  for (const uint16_t tag : {tags::kPairingByHousehold, tags::kPairingByCounted}) {
    ASSIGN_OR_RETURN(const auto others, pairings_.FindAll(call.reader(), storage::KeyWriter(tag).Text(household)));
    for (const v1::AssistancePairing& other : others) {
      RETURN_IF_ERROR(pairing_rules::CheckNotPaired(pairing, other, from));
    }
  }
  return absl::OkStatus();
}

absl::Status PairingService::CheckNoActions(rpc::CallContext& call, const v1::AssistancePairing& pairing) const {
  storage::KeyWriter of_pairing(tags::kAssistanceActionByPairing);
  of_pairing.Text(pairing.name());
  ASSIGN_OR_RETURN(const auto actions, actions_.Find(call.reader(), of_pairing, 1));
  if (actions.empty()) return absl::OkStatus();
  return Error(reasons::kPairingHasActions, "the pairing has assistance actions", {{"resource", pairing.name()}});
}

absl::Status PairingService::CheckNoActionsAfter(rpc::CallContext& call, const v1::AssistancePairing& pairing,
                                                 Day last) const {
  const auto of_pairing = storage::KeyWriter(tags::kAssistanceActionByPairing).Text(pairing.name());
  ASSIGN_OR_RETURN(const storage::RowPage page,
                   actions_.core().ListByIndex(call.reader(), of_pairing.str(),
                                               storage::KeyWriter(of_pairing).Date(last + 1).str(), 1));
  if (page.rows.empty()) return absl::OkStatus();
  const auto& action = static_cast<const v1::AssistanceAction&>(*page.rows.front());
  return Error(reasons::kPairingHasLaterActions, absl::StrCat(action.name(), " lies after that day"),
               {{"resource", pairing.name()}, {"action", action.name()}});
}

absl::StatusOr<v1::AssistancePairing> PairingService::Activate(rpc::CallContext& call,
                                                               const v1::ActivatePairingRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on());
  return rpc::ChangeRecord(call, pairings_, request, [&](v1::AssistancePairing& pairing) -> absl::Status {
    RETURN_IF_ERROR(pairing_rules::Activate(pairing, step));
    return CheckNotPaired(call, pairing, step.day);
  });
}

absl::StatusOr<v1::AssistancePairing> PairingService::Pause(rpc::CallContext& call,
                                                            const v1::PausePairingRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on(), request.reason());
  return rpc::ChangeRecord(call, pairings_, request, [&](v1::AssistancePairing& pairing) -> absl::Status {
    RETURN_IF_ERROR(pairing_rules::Pause(pairing, step));
    return CheckNoActionsAfter(call, pairing, step.day);
  });
}

absl::StatusOr<v1::AssistancePairing> PairingService::Resume(rpc::CallContext& call,
                                                             const v1::ResumePairingRequest& request) {
  // While it was paused nobody could pair the same two again: see CheckNotPaired.
  const Step step = rpc::StepOf(call, request.occurred_on());
  return rpc::ChangeRecord(call, pairings_, request,
                           [&](v1::AssistancePairing& pairing) { return pairing_rules::Resume(pairing, step); });
}

absl::StatusOr<v1::AssistancePairing> PairingService::End(rpc::CallContext& call,
                                                          const v1::EndPairingRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on(), request.comment());
  return rpc::ChangeRecord(call, pairings_, request, [&](v1::AssistancePairing& pairing) -> absl::Status {
    RETURN_IF_ERROR(pairing_rules::End(pairing, request.end_reason(), step));
    return CheckNoActionsAfter(call, pairing, step.day);
  });
}

}  // namespace dangjian::welfare
