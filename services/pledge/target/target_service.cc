#include "services/pledge/target/target_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/change/registry_view.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/pledge/tags.h"
#include "services/pledge/target/target_rules.h"

namespace dangjian::pledge {

absl::Status TargetService::Complete(rpc::CallContext& call, v1::Target& target) const {
  Violations violations;
  target_rules::Complete(target, violations);
  const change::RegistryView registry(directory_, call.reader(), call.txn().tree());
  ASSIGN_OR_RETURN(const bool known, registry.HasUnit(target.unit()));
  if (!known) {
    violations.Add("target.unit", dangjian::reasons::kUnknownUnit,
                   absl::StrCat("the unit table has no ", target.unit()));
  }
  target.clear_pace();
  return violations.ToStatus();
}

void TargetService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::Target> options;
  options.on_create = [this](rpc::CallContext& call, v1::Target& created) {
    created.clear_progress();
    created.clear_transitions();
    return Complete(call, created);
  };
  options.on_update = [this](rpc::CallContext& call, const v1::Target&, v1::Target& updated) {
    return Complete(call, updated);
  };
  options.on_answer = [](rpc::CallContext& call, v1::Target& answered) {
    *answered.mutable_pace() = target_rules::PaceOf(answered, call.today());
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kTargetByOrganization},
                          {.field = "campaign", .index_tag = tags::kTargetByCampaign}};
  rpc::RegisterStandardMethods(router, *v1::Target::descriptor()->file()->FindServiceByName("TargetService"), targets_,
                               tokens, std::move(options));
  router.Unary(this, &TargetService::RecordProgress);
  router.Unary(this, &TargetService::RemoveProgress);
}

absl::StatusOr<v1::Target> TargetService::RecordProgress(rpc::CallContext& call,
                                                         const v1::RecordTargetProgressRequest& request) {
  const Step step = StepOf(call, request.progress().date());
  ASSIGN_OR_RETURN(v1::Target target, ChangeRecord(call, targets_, request, [&](v1::Target& row) {
                     return target_rules::AddProgress(row, request.progress(), step);
                   }));
  *target.mutable_pace() = target_rules::PaceOf(target, call.today());
  return target;
}

absl::StatusOr<v1::Target> TargetService::RemoveProgress(rpc::CallContext& call,
                                                         const v1::RemoveTargetProgressRequest& request) {
  Step step = StepOf(call, call.today());
  step.reason = request.reason();
  ASSIGN_OR_RETURN(v1::Target target, ChangeRecord(call, targets_, request, [&](v1::Target& row) {
                     return target_rules::RemoveProgress(row, DayOr(request.date(), Day::Min()), step);
                   }));
  *target.mutable_pace() = target_rules::PaceOf(target, call.today());
  return target;
}

}  // namespace dangjian::pledge
