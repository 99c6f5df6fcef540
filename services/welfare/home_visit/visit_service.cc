#include "services/welfare/home_visit/visit_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/change/registry_view.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/home_visit/visit_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

void HomeVisitService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::HomeVisit> options;
  options.on_create = [this](rpc::CallContext& call, v1::HomeVisit& created) -> absl::Status {
    visit_rules::Initialize(created);
    RETURN_IF_ERROR(Check(call, created));
    visit_rules::Begin(created, rpc::StepOf(call, created.occurred_on()));
    return absl::OkStatus();
  };
  options.on_update = [this](rpc::CallContext& call, const v1::HomeVisit& current,
                             v1::HomeVisit& updated) -> absl::Status {
    RETURN_IF_ERROR(visit_rules::CheckEditable(current));
    return Check(call, updated);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kHomeVisitByOrganization},
                          {.field = "household", .index_tag = tags::kHomeVisitByHousehold}};
  rpc::RegisterStandardMethods(router, *v1::HomeVisit::descriptor()->file()->FindServiceByName("HomeVisitService"),
                               visits_, tokens, std::move(options));
  router.Unary(this, &HomeVisitService::Plan);
  router.Unary(this, &HomeVisitService::Complete);
  router.Unary(this, &HomeVisitService::RecordNotAtHome);
  router.Unary(this, &HomeVisitService::Close);
}

absl::Status HomeVisitService::Check(rpc::CallContext& call, const v1::HomeVisit& visit) const {
  Violations violations;
  visit_rules::CheckContent(visit, call.today(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const registry::v1::Household household,
                   directory_.Household(call.reader(), CountedName(visit.household(), visit.counted_household())));
  const Day day = DayOr(visit.occurred_on(), call.today());
  const change::RegistryView registry(directory_, call.reader(), call.txn().tree());
  return visit_rules::CheckHousehold(household, day,
                                     registry.IsWithin(household.organization(), visit.organization(), day));
}

absl::StatusOr<v1::HomeVisit> HomeVisitService::Plan(rpc::CallContext& call, const v1::PlanVisitRequest& request) {
  v1::HomeVisit visit;
  visit.set_name(absl::StrCat("homeVisits/",
                              request.home_visit_id().empty() ? NewId(call.now_micros()) : request.home_visit_id()));
  visit.set_organization(request.organization());
  visit.set_household(request.household());
  *visit.mutable_reasons() = request.reasons();
  *visit.mutable_visitors() = request.visitors();
  *visit.mutable_due_on() = request.due_on();
  visit.set_linked_record(request.linked_record());
  visit_rules::Initialize(visit);
  const Step step = rpc::StepOf(call, request.occurred_on());
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  *visit.mutable_fact_on() = DayToProto(step.day);
  RETURN_IF_ERROR(Check(call, visit));
  visit_rules::Begin(visit, step);
  RETURN_IF_ERROR(visits_.Insert(call.txn(), visit));
  return visit;
}

absl::StatusOr<v1::HomeVisit> HomeVisitService::Complete(rpc::CallContext& call,
                                                         const v1::CompleteVisitRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on());
  return rpc::ChangeRecord(call, visits_, request, [&](v1::HomeVisit& visit) -> absl::Status {
    RETURN_IF_ERROR(visit_rules::Make(visit, v1::HOME_VISIT_FINDING_HOME, step));
    if (!request.visitors().empty()) *visit.mutable_visitors() = request.visitors();
    visit.mutable_needs()->MergeFrom(request.needs());
    if (request.has_follow_up_due()) *visit.mutable_follow_up_due() = request.follow_up_due();
    visit.set_photo_consent(visit.photo_consent() || request.photo_consent());
    return Check(call, visit);
  });
}

absl::StatusOr<v1::HomeVisit> HomeVisitService::RecordNotAtHome(rpc::CallContext& call,
                                                                const v1::RecordNotAtHomeRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on());
  return rpc::ChangeRecord(call, visits_, request, [&](v1::HomeVisit& visit) -> absl::Status {
    RETURN_IF_ERROR(visit_rules::Make(visit, v1::HOME_VISIT_FINDING_NOT_AT_HOME, step));
    if (!request.visitors().empty()) *visit.mutable_visitors() = request.visitors();
    if (request.has_follow_up_due()) *visit.mutable_follow_up_due() = request.follow_up_due();
    return Check(call, visit);
  });
}

absl::StatusOr<v1::HomeVisit> HomeVisitService::Close(rpc::CallContext& call, const v1::CloseVisitRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on());
  return rpc::ChangeRecord(call, visits_, request,
                           [&](v1::HomeVisit& visit) { return visit_rules::Close(visit, request.outcome(), step); });
}

}  // namespace dangjian::welfare
