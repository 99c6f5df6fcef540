#include "services/pledge/disclosure/disclosure_service.h"

#include "common/base/status_macros.h"
#include "common/change/registry_view.h"
#include "common/rpc/change_record.h"
#include "common/types/date.h"
#include "services/pledge/disclosure/disclosure_rules.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {

void DisclosureService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::Disclosure> options;
  options.on_create = [](rpc::CallContext&, v1::Disclosure& created) {
    disclosure_rules::Initialize(created);
    return absl::OkStatus();
  };
  options.on_update = [](rpc::CallContext&, const v1::Disclosure& current, v1::Disclosure&) {
    return disclosure_rules::CheckEditable(current);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kDisclosureByOrganization},
                          {.field = "campaign", .index_tag = tags::kDisclosureByCampaign}};
  rpc::RegisterStandardMethods(router, *v1::Disclosure::descriptor()->file()->FindServiceByName("DisclosureService"),
                               disclosures_, tokens, std::move(options));
  router.Unary(this, &DisclosureService::ReviewSecrecy);
  router.Unary(this, &DisclosureService::Approve);
  router.Unary(this, &DisclosureService::Post);
  router.Unary(this, &DisclosureService::Close);
  router.Unary(this, &DisclosureService::Withdraw);
  router.Unary(this, &DisclosureService::Redraft);
  router.Unary(this, &DisclosureService::RecordObjection);
  router.Unary(this, &DisclosureService::AssignObjection);
  router.Unary(this, &DisclosureService::InvestigateObjection);
  router.Unary(this, &DisclosureService::DecideObjection);
  router.Unary(this, &DisclosureService::ReplyObjection);
}

absl::StatusOr<WorkingDays> DisclosureService::CalendarsFor(rpc::CallContext& call, const v1::Disclosure& disclosure,
                                                            Day posted_on) const {
  return change::RegistryView(directory_, call.reader(), call.txn().tree())
      .CalendarsOf(posted_on, disclosure_rules::LatestClosing(disclosure.period(), posted_on));
}

absl::StatusOr<v1::Disclosure> DisclosureService::ReviewSecrecy(rpc::CallContext& call,
                                                                const v1::ReviewDisclosureSecrecyRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.on_behalf_of = request.on_behalf_of();
  step.reason = request.comment();
  return ChangeRecord(call, disclosures_, request,
                      [&](v1::Disclosure& row) { return disclosure_rules::ReviewSecrecy(row, step); });
}

absl::StatusOr<v1::Disclosure> DisclosureService::Approve(rpc::CallContext& call,
                                                          const v1::ApproveDisclosureRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, disclosures_, request,
                      [&](v1::Disclosure& row) { return disclosure_rules::Approve(row, step); });
}

absl::StatusOr<v1::Disclosure> DisclosureService::Post(rpc::CallContext& call,
                                                       const v1::PostDisclosureRequest& request) {
  Step step = StepOf(call, request.posted_on());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, disclosures_, request, [&](v1::Disclosure& row) -> absl::Status {
    ASSIGN_OR_RETURN(const WorkingDays calendars, CalendarsFor(call, row, step.day));
    return disclosure_rules::Post(row, calendars, step);
  });
}

absl::StatusOr<v1::Disclosure> DisclosureService::Close(rpc::CallContext& call,
                                                        const v1::CloseDisclosureRequest& request) {
  Step step = StepOf(call, request.closed_on());
  step.reason = request.comment();
  return ChangeRecord(call, disclosures_, request, [&](v1::Disclosure& row) -> absl::Status {
    ASSIGN_OR_RETURN(const WorkingDays calendars, CalendarsFor(call, row, DayOr(row.posted_on(), step.day)));
    return disclosure_rules::Close(row, calendars, step);
  });
}

absl::StatusOr<v1::Disclosure> DisclosureService::Withdraw(rpc::CallContext& call,
                                                           const v1::WithdrawDisclosureRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.reason = request.reason();
  return ChangeRecord(call, disclosures_, request,
                      [&](v1::Disclosure& row) { return disclosure_rules::Withdraw(row, step); });
}

absl::StatusOr<v1::Disclosure> DisclosureService::Redraft(rpc::CallContext& call,
                                                          const v1::RedraftDisclosureRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.reason = request.reason();
  return ChangeRecord(call, disclosures_, request,
                      [&](v1::Disclosure& row) { return disclosure_rules::Redraft(row, step); });
}

absl::StatusOr<v1::Disclosure> DisclosureService::RecordObjection(rpc::CallContext& call,
                                                                  const v1::RecordObjectionRequest& request) {
  const Step step = StepOf(call, request.objection().received_on());
  return ChangeRecord(call, disclosures_, request, [&](v1::Disclosure& row) {
    return disclosure_rules::AddObjection(row, request.objection(), step);
  });
}

absl::StatusOr<v1::Disclosure> DisclosureService::AssignObjection(rpc::CallContext& call,
                                                                  const v1::AssignObjectionRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ChangeRecord(call, disclosures_, request, [&](v1::Disclosure& row) {
    return disclosure_rules::AssignObjection(row, request.objection_id(), request.assignee(), step);
  });
}

absl::StatusOr<v1::Disclosure> DisclosureService::InvestigateObjection(rpc::CallContext& call,
                                                                       const v1::InvestigateObjectionRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ChangeRecord(call, disclosures_, request, [&](v1::Disclosure& row) {
    return disclosure_rules::InvestigateObjection(row, request.objection_id(), request.finding(), step);
  });
}

absl::StatusOr<v1::Disclosure> DisclosureService::DecideObjection(rpc::CallContext& call,
                                                                  const v1::DecideObjectionRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.reason = request.reason();
  return ChangeRecord(call, disclosures_, request, [&](v1::Disclosure& row) {
    return disclosure_rules::DecideObjection(row, request.objection_id(), request.upheld(), step);
  });
}

absl::StatusOr<v1::Disclosure> DisclosureService::ReplyObjection(rpc::CallContext& call,
                                                                 const v1::ReplyObjectionRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ChangeRecord(call, disclosures_, request, [&](v1::Disclosure& row) {
    return disclosure_rules::ReplyObjection(row, request.objection_id(), request.reply(), step);
  });
}

}  // namespace dangjian::pledge
