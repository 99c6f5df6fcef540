#include "services/activity/co_building_agreement/agreement_service.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/activity/co_building_agreement/agreement_rules.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

absl::Status CheckContent(rpc::CallContext& call, const v1::CoBuildingAgreement& agreement) {
  Violations violations;
  agreement_rules::CheckContent(agreement, call.today(), violations);
  return violations.ToStatus();
}

}  // namespace

void CoBuildingAgreementService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::CoBuildingAgreement> options;
  options.on_create = [this](rpc::CallContext& call, v1::CoBuildingAgreement& created) {
    RETURN_IF_ERROR(CheckContent(call, created));
    agreement_rules::Initialize(created, StepOf(call, call.today()));
    return CheckAlone(call, created);
  };
  options.on_update = [](rpc::CallContext& call, const v1::CoBuildingAgreement& current,
                         v1::CoBuildingAgreement& updated) {
    RETURN_IF_ERROR(agreement_rules::CheckEditable(current));
    return CheckContent(call, updated);
  };
  options.on_delete = [this](rpc::CallContext& call, const v1::CoBuildingAgreement& current) {
    return OnDelete(call, current);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kCoBuildingAgreementByOrganization},
                          {.field = "party", .index_tag = tags::kCoBuildingAgreementByParty}};
  rpc::RegisterStandardMethods(
      router, *v1::CoBuildingAgreement::descriptor()->file()->FindServiceByName("CoBuildingAgreementService"),
      agreements_, tokens, std::move(options));
  router.Unary(this, &CoBuildingAgreementService::Sign);
  router.Unary(this, &CoBuildingAgreementService::EnterIntoForce);
  router.Unary(this, &CoBuildingAgreementService::Renew);
  router.Unary(this, &CoBuildingAgreementService::Expire);
  router.Unary(this, &CoBuildingAgreementService::Terminate);
  router.Unary(this, &CoBuildingAgreementService::FulfilItem);
  router.Unary(this, &CoBuildingAgreementService::ReopenItem);
}

absl::Status CoBuildingAgreementService::CheckAlone(rpc::CallContext& call, const v1::CoBuildingAgreement& agreement,
                                                    std::string_view except) const {
  // A unit signs an agreement every few years: there are few to look at.
  ASSIGN_OR_RETURN(
      std::vector<v1::CoBuildingAgreement> others,
      agreements_.Find(call.reader(), storage::KeyWriter(tags::kCoBuildingAgreementByParty).Text(agreement.party()),
                       std::numeric_limits<size_t>::max()));
  std::erase_if(others, [&](const v1::CoBuildingAgreement& other) { return other.name() == except; });
  return agreement_rules::CheckAlone(agreement, others);
}

absl::Status CoBuildingAgreementService::OnDelete(rpc::CallContext& call,
                                                  const v1::CoBuildingAgreement& deleted) const {
  if (!deleted.successor().empty()) {
    return Error(reasons::kAgreementRenewed, absl::StrCat(deleted.name(), " is renewed by ", deleted.successor()),
                 {{"resource", deleted.successor()}});
  }
  if (deleted.predecessor().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(v1::CoBuildingAgreement renewed, agreements_.Get(call.reader(), deleted.predecessor()));
  agreement_rules::UndoRenewal(renewed, StepOf(call, call.today()));
  RETURN_IF_ERROR(CheckAlone(call, renewed, deleted.name()));
  return agreements_.Update(call.txn(), renewed);
}

CoBuildingAgreementService::Answer CoBuildingAgreementService::Sign(rpc::CallContext& call,
                                                                    const v1::SignCoBuildingAgreementRequest& request) {
  Step step = StepOf(call, request.signed_on());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, agreements_, request, [&](v1::CoBuildingAgreement& row) {
    RETURN_IF_ERROR(agreement_rules::Sign(row, step));
    return CheckAlone(call, row);
  });
}

CoBuildingAgreementService::Answer CoBuildingAgreementService::EnterIntoForce(
    rpc::CallContext& call, const v1::EnterCoBuildingAgreementIntoForceRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ChangeRecord(call, agreements_, request,
                      [&](v1::CoBuildingAgreement& row) { return agreement_rules::EnterIntoForce(row, step); });
}

CoBuildingAgreementService::Answer CoBuildingAgreementService::Renew(
    rpc::CallContext& call, const v1::RenewCoBuildingAgreementRequest& request) {
  const Step step = StepOf(call, request.signed_on());
  v1::CoBuildingAgreement successor;
  successor.set_name(absl::StrCat("coBuildingAgreements/",
                                  request.successor_id().empty() ? NewId(call.now_micros()) : request.successor_id()));
  ASSIGN_OR_RETURN(v1::CoBuildingAgreement renewed,
                   ChangeRecord(call, agreements_, request, [&](v1::CoBuildingAgreement& row) {
                     return agreement_rules::Renew(row, request, step, successor);
                   }));
  // After the old one was written: its term has become shorter.
  RETURN_IF_ERROR(CheckAlone(call, successor));
  RETURN_IF_ERROR(agreements_.Insert(call.txn(), successor));
  return renewed;
}

CoBuildingAgreementService::Answer CoBuildingAgreementService::Expire(
    rpc::CallContext& call, const v1::ExpireCoBuildingAgreementRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ChangeRecord(call, agreements_, request,
                      [&](v1::CoBuildingAgreement& row) { return agreement_rules::Expire(row, step); });
}

CoBuildingAgreementService::Answer CoBuildingAgreementService::Terminate(
    rpc::CallContext& call, const v1::TerminateCoBuildingAgreementRequest& request) {
  Step step = StepOf(call, request.occurred_on(), request.reason());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, agreements_, request,
                      [&](v1::CoBuildingAgreement& row) { return agreement_rules::Terminate(row, step); });
}

CoBuildingAgreementService::Answer CoBuildingAgreementService::FulfilItem(
    rpc::CallContext& call, const v1::FulfilAgreementItemRequest& request) {
  Step step = StepOf(call, request.done_on());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, agreements_, request, [&](v1::CoBuildingAgreement& row) {
    return agreement_rules::FulfilItem(row, request.item_id(), step);
  });
}

CoBuildingAgreementService::Answer CoBuildingAgreementService::ReopenItem(
    rpc::CallContext& call, const v1::ReopenAgreementItemRequest& request) {
  const Step step = StepOf(call, call.today(), request.reason());
  return ChangeRecord(call, agreements_, request, [&](v1::CoBuildingAgreement& row) {
    return agreement_rules::ReopenItem(row, request.item_id(), step);
  });
}

}  // namespace dangjian::activity
