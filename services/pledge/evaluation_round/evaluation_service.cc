#include "services/pledge/evaluation_round/evaluation_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/change/registry_view.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/pledge/evaluation_round/evaluation_rules.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

// The step of a verb request that says on whose behalf it is taken.
template <class Request>
Step StepFor(rpc::CallContext& call, const Request& request) {
  Step step = StepOf(call, request.occurred_on());
  step.on_behalf_of = request.on_behalf_of();
  return step;
}

}  // namespace

absl::Status EvaluationService::Check(rpc::CallContext& call, const v1::EvaluationRound& round) const {
  Violations violations;
  evaluation_rules::CheckContent(round, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (round.direction() != v1::EVALUATION_DIRECTION_MEMBERS) return absl::OkStatus();
  const change::RegistryView registry(directory_, call.reader(), call.txn().tree());
  const Day day = DayOr(round.held_on(), call.today());
  for (int i = 0; i < round.ratees_size(); ++i) {
    const absl::Status within = registry.CheckMemberWithin(round.ratees(i), round.organization(), day);
    if (within.ok()) continue;
    if (ReasonOf(within) != dangjian::reasons::kMemberNotInOrganization.name) return within;
    violations.Add(absl::StrCat("evaluation_round.ratees[", i, "]"), dangjian::reasons::kMemberNotInOrganization,
                   ToStd(within.message()));
  }
  return violations.ToStatus();
}

void EvaluationService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::EvaluationRound> options;
  options.on_create = [this](rpc::CallContext& call, v1::EvaluationRound& created) {
    evaluation_rules::Initialize(created);
    return Check(call, created);
  };
  options.on_update = [this](rpc::CallContext& call, const v1::EvaluationRound& current, v1::EvaluationRound& updated) {
    RETURN_IF_ERROR(evaluation_rules::CheckEditable(current));
    return Check(call, updated);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kEvaluationRoundByOrganization},
                          {.field = "campaign", .index_tag = tags::kEvaluationRoundByCampaign}};
  rpc::RegisterStandardMethods(router,
                               *v1::EvaluationRound::descriptor()->file()->FindServiceByName("EvaluationRoundService"),
                               rounds_, tokens, std::move(options));
  router.Unary(this, &EvaluationService::Open);
  router.Unary(this, &EvaluationService::RecordTallySheets);
  router.Unary(this, &EvaluationService::Close);
  router.Unary(this, &EvaluationService::Tally);
  router.Unary(this, &EvaluationService::RecordMemberResults);
  router.Unary(this, &EvaluationService::Confirm);
  router.Unary(this, &EvaluationService::Notify);
  router.Unary(this, &EvaluationService::Reopen);
}

absl::StatusOr<v1::EvaluationRound> EvaluationService::Open(rpc::CallContext& call,
                                                            const v1::OpenEvaluationRoundRequest& request) {
  return ChangeRecord(call, rounds_, request, [&](v1::EvaluationRound& round) {
    return evaluation_rules::Open(round, StepFor(call, request));
  });
}

absl::StatusOr<v1::EvaluationRound> EvaluationService::RecordTallySheets(rpc::CallContext& call,
                                                                         const v1::RecordTallySheetsRequest& request) {
  return ChangeRecord(call, rounds_, request, [&](v1::EvaluationRound& round) {
    return evaluation_rules::AddTallySheets(round, request.tally_sheets());
  });
}

absl::StatusOr<v1::EvaluationRound> EvaluationService::Close(rpc::CallContext& call,
                                                             const v1::CloseEvaluationRoundRequest& request) {
  return ChangeRecord(call, rounds_, request, [&](v1::EvaluationRound& round) {
    return evaluation_rules::Close(round, StepFor(call, request));
  });
}

absl::StatusOr<v1::EvaluationRound> EvaluationService::Tally(rpc::CallContext& call,
                                                             const v1::TallyEvaluationRoundRequest& request) {
  return ChangeRecord(call, rounds_, request, [&](v1::EvaluationRound& round) {
    return evaluation_rules::Tally(round, StepFor(call, request));
  });
}

absl::StatusOr<v1::EvaluationRound> EvaluationService::RecordMemberResults(
    rpc::CallContext& call, const v1::RecordMemberResultsRequest& request) {
  return ChangeRecord(call, rounds_, request, [&](v1::EvaluationRound& round) {
    return evaluation_rules::SetMemberResults(round, request.member_results());
  });
}

absl::StatusOr<v1::EvaluationRound> EvaluationService::Confirm(rpc::CallContext& call,
                                                               const v1::ConfirmEvaluationRoundRequest& request) {
  return ChangeRecord(call, rounds_, request, [&](v1::EvaluationRound& round) {
    return evaluation_rules::Confirm(round, StepFor(call, request));
  });
}

absl::StatusOr<v1::EvaluationRound> EvaluationService::Notify(rpc::CallContext& call,
                                                              const v1::NotifyEvaluationRoundRequest& request) {
  return ChangeRecord(call, rounds_, request, [&](v1::EvaluationRound& round) {
    return evaluation_rules::Notify(round, StepFor(call, request));
  });
}

absl::StatusOr<v1::EvaluationRound> EvaluationService::Reopen(rpc::CallContext& call,
                                                              const v1::ReopenEvaluationRoundRequest& request) {
  Step step = StepFor(call, request);
  step.reason = request.reason();
  return ChangeRecord(call, rounds_, request,
                      [&](v1::EvaluationRound& round) { return evaluation_rules::Reopen(round, step); });
}

}  // namespace dangjian::pledge
