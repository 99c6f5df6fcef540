#include "services/pledge/recurring_duty/duty_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/pledge/recurring_duty/duty_rules.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

absl::Status FulfilledLater(const v1::RecurringDuty& duty, const v1::DutyFulfilment& fulfilment) {
  return Error(reasons::kDutyFulfilledLater,
               absl::StrCat("the duty was fulfilled on ", FormatDay(DayOr(fulfilment.occurred_on(), Day()))),
               {{"resource", duty.name()}, {"fulfilment", fulfilment.name()}});
}

}  // namespace

absl::Status RecurringDutyService::CheckUnused(rpc::CallContext& call, const v1::RecurringDuty& duty) const {
  storage::KeyWriter prefix(tags::kDutyFulfilmentByDuty);
  prefix.Text(duty.name());
  ASSIGN_OR_RETURN(const auto newest, fulfilments_.Find(call.reader(), prefix, 1));
  if (newest.empty()) return absl::OkStatus();
  return Error(reasons::kDutyHasFulfilments, absl::StrCat(duty.name(), " has been fulfilled"),
               {{"resource", duty.name()}, {"fulfilment", newest[0].name()}});
}

absl::Status RecurringDutyService::CheckNoneAfter(rpc::CallContext& call, const v1::RecurringDuty& duty,
                                                  Day day) const {
  storage::KeyWriter prefix(tags::kDutyFulfilmentByDuty);
  prefix.Text(duty.name());
  ASSIGN_OR_RETURN(const auto newest, fulfilments_.Find(call.reader(), prefix, 1));
  if (newest.empty() || DayOr(newest[0].occurred_on(), Day()) <= day) return absl::OkStatus();
  return FulfilledLater(duty, newest[0]);
}

absl::Status RecurringDutyService::CheckNoneBetween(rpc::CallContext& call, const v1::RecurringDuty& duty,
                                                    const std::string& member, Day day, Day last) const {
  storage::KeyWriter prefix(tags::kDutyFulfilmentOfPeriod);
  prefix.Text(duty.name()).Text(member);
  // Newest first; those of a later assignment are passed over.
  std::string after;
  do {
    ASSIGN_OR_RETURN(const storage::RowPage page,
                     fulfilments_.core().ListByIndex(call.reader(), prefix.str(), after, 50));
    for (const auto& row : page.rows) {
      const auto& fulfilment = static_cast<const v1::DutyFulfilment&>(*row);
      const Day occurred = DayOr(fulfilment.occurred_on(), Day());
      if (occurred <= day) return absl::OkStatus();
      if (occurred <= last) return FulfilledLater(duty, fulfilment);
    }
    after = page.last_key;
  } while (!after.empty());
  return absl::OkStatus();
}

void RecurringDutyService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::RecurringDuty> options;
  options.on_create = [](rpc::CallContext& call, v1::RecurringDuty& created) {
    duty_rules::Initialize(created);
    Violations violations;
    duty_rules::CheckContent(created, call.today(), violations);
    return violations.ToStatus();
  };
  options.on_delete = [this](rpc::CallContext& call, const v1::RecurringDuty& current) {
    return CheckUnused(call, current);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kRecurringDutyByOrganization},
                          {.field = "campaign", .index_tag = tags::kRecurringDutyByCampaign}};
  rpc::RegisterStandardMethods(router,
                               *v1::RecurringDuty::descriptor()->file()->FindServiceByName("RecurringDutyService"),
                               duties_, tokens, std::move(options));
  router.Unary(this, &RecurringDutyService::Assign);
  router.Unary(this, &RecurringDutyService::Release);
  router.Unary(this, &RecurringDutyService::End);
}

absl::StatusOr<v1::RecurringDuty> RecurringDutyService::Assign(rpc::CallContext& call,
                                                               const v1::AssignMemberRequest& request) {
  Step step = StepOf(call, request.assigned_from());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, duties_, request, [&](v1::RecurringDuty& duty) {
    return duty_rules::Assign(duty, request.member(), DayOr(request.assigned_to(), Day::Max()), step);
  });
}

absl::StatusOr<v1::RecurringDuty> RecurringDutyService::Release(rpc::CallContext& call,
                                                                const v1::ReleaseMemberRequest& request) {
  Step step = StepOf(call, request.occurred_on(), request.reason());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, duties_, request, [&](v1::RecurringDuty& duty) -> absl::Status {
    const v1::DutyAssignment* assignment = duty_rules::AssignmentOn(duty, request.member(), step.day);
    if (assignment != nullptr) {
      const Day last = DayOr(assignment->assigned_to(), Day::Max());
      RETURN_IF_ERROR(CheckNoneBetween(call, duty, request.member(), step.day, last));
    }
    return duty_rules::Release(duty, request.member(), step);
  });
}

absl::StatusOr<v1::RecurringDuty> RecurringDutyService::End(rpc::CallContext& call, const v1::EndDutyRequest& request) {
  Step step = StepOf(call, request.occurred_on(), request.reason());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, duties_, request, [&](v1::RecurringDuty& duty) -> absl::Status {
    RETURN_IF_ERROR(duty_rules::End(duty, step));
    return CheckNoneAfter(call, duty, step.day);
  });
}

}  // namespace dangjian::pledge
