#include "services/pledge/pledge/pledge_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/rpc/change_record.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/pledge/pledge/pledge_import.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

absl::Status CheckCampaign(const v1::Pledge& pledge, Day day, const change::RegistryView& registry,
                           const storage::Table<v1::Campaign>& campaigns) {
  if (pledge.campaign().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::Campaign campaign, campaigns.Get(registry.reader(), pledge.campaign()));
  if (campaign.state() != v1::CAMPAIGN_STATE_CLOSED) return absl::OkStatus();
  // Back-entry of what happened while it ran is welcome.
  if (day <= LastStepDay(campaign.transitions())) return absl::OkStatus();
  return Error(reasons::kCampaignClosed, absl::StrCat(campaign.name(), " is closed"), {{"campaign", campaign.name()}});
}

absl::Status CheckPledgerPlace(const v1::Pledge& pledge, Day day, const change::RegistryView& registry) {
  if (pledge.pledger_kind() != v1::PLEDGER_KIND_ORGANIZATION) {
    return registry.CheckMemberWithin(pledge.pledger(), pledge.organization(), day);
  }
  if (registry.IsWithin(pledge.pledger(), pledge.organization(), day)) return absl::OkStatus();
  return Error(reasons::kPledgerNotInOrganization,
               absl::StrCat(pledge.pledger(), " is not below ", pledge.organization(), " on ", FormatDay(day)),
               {{"pledger", pledge.pledger()}, {"organization", pledge.organization()}});
}

}  // namespace

absl::Status CheckUnits(const google::protobuf::RepeatedPtrField<v1::PledgeItem>& items, std::string_view path,
                        const change::RegistryView& registry, Violations& violations) {
  for (int i = 0; i < items.size(); ++i) {
    if (!items[i].has_target()) continue;
    ASSIGN_OR_RETURN(const bool known, registry.HasUnit(items[i].target().unit()));
    if (known) continue;
    violations.Add(absl::StrCat(ToAbsl(path), "[", i, "].target.unit"), dangjian::reasons::kUnknownUnit,
                   absl::StrCat("the unit table has no ", items[i].target().unit()));
  }
  return absl::OkStatus();
}

absl::Status CheckPledge(const v1::Pledge& pledge, std::string_view path, Day day, const change::RegistryView& registry,
                         const storage::Table<v1::Campaign>& campaigns) {
  Violations violations;
  pledge_rules::CheckContent(pledge, path, violations);
  RETURN_IF_ERROR(CheckUnits(pledge.items(), absl::StrCat(ToAbsl(path), ".items"), registry, violations));
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckCampaign(pledge, day, registry, campaigns));
  return CheckPledgerPlace(pledge, day, registry);
}

absl::StatusOr<pledge_rules::Judge> JudgeFor(const v1::Pledge& pledge, const std::string& verifier, Day day,
                                             const change::RegistryView& registry) {
  pledge_rules::Judge judge{.name = verifier};
  if (pledge.pledger_kind() == v1::PLEDGER_KIND_ORGANIZATION && verifier.rfind("members/", 0) == 0) {
    ASSIGN_OR_RETURN(judge.organization, registry.OrganizationOfMember(verifier, day));
  }
  return judge;
}

change::RegistryView PledgeService::View(rpc::CallContext& call) const {
  return change::RegistryView(directory_, call.reader(), call.txn().tree());
}

void PledgeService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  const auto check = [this](rpc::CallContext& call, const v1::Pledge& pledge) {
    return CheckPledge(pledge, "pledge", call.today(), View(call), campaigns_);
  };
  rpc::StandardOptions<v1::Pledge> options;
  options.on_create = [check](rpc::CallContext& call, v1::Pledge& created) {
    pledge_rules::Initialize(created);
    return check(call, created);
  };
  options.on_update = [check](rpc::CallContext& call, const v1::Pledge& current, v1::Pledge& updated) {
    RETURN_IF_ERROR(pledge_rules::CheckEditable(current));
    pledge_rules::InitializeItems(*updated.mutable_items());
    return check(call, updated);
  };
  options.on_delete = [](rpc::CallContext&, const v1::Pledge& current) {
    return pledge_rules::CheckDeletable(current);
  };
  options.on_answer = [](rpc::CallContext& call, v1::Pledge& answered) {
    pledge_rules::DeriveOverdue(answered, call.today());
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kPledgeByOrganization},
                          {.field = "pledger", .index_tag = tags::kPledgeByPledger}};
  rpc::RegisterStandardMethods(router, *v1::Pledge::descriptor()->file()->FindServiceByName("PledgeService"), pledges_,
                               tokens, std::move(options));
  router.Unary(this, &PledgeService::Submit);
  router.Unary(this, &PledgeService::Review);
  router.Unary(this, &PledgeService::Return);
  router.Unary(this, &PledgeService::Publish);
  router.Unary(this, &PledgeService::Withdraw);
  router.Unary(this, &PledgeService::Amend);
  router.Unary(this, &PledgeService::ClaimItem);
  router.Unary(this, &PledgeService::VerifyItem);
  router.Unary(this, &PledgeService::RecordNotMet);
  router.Unary(this, &PledgeService::RecordSupervisionCheck);
  router.ClientStream(this, &PledgeService::Import);
}

template <class Request>
absl::StatusOr<v1::Pledge> PledgeService::Change(rpc::CallContext& call, const Request& request, const Rule& rule) {
  ASSIGN_OR_RETURN(v1::Pledge pledge, ChangeRecord(call, pledges_, request, rule));
  pledge_rules::DeriveOverdue(pledge, call.today());
  return pledge;
}

absl::StatusOr<v1::Pledge> PledgeService::Submit(rpc::CallContext& call, const v1::SubmitPledgeRequest& request) {
  return Change(call, request,
                [&](v1::Pledge& pledge) { return pledge_rules::Submit(pledge, StepOf(call, request.occurred_on())); });
}

absl::StatusOr<v1::Pledge> PledgeService::Review(rpc::CallContext& call, const v1::ReviewPledgeRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.on_behalf_of = request.reviewer();
  step.reason = request.comment();
  return Change(call, request, [&](v1::Pledge& pledge) { return pledge_rules::Review(pledge, step); });
}

absl::StatusOr<v1::Pledge> PledgeService::Return(rpc::CallContext& call, const v1::ReturnPledgeRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.on_behalf_of = request.on_behalf_of();
  step.reason = request.reason();
  return Change(call, request, [&](v1::Pledge& pledge) { return pledge_rules::Return(pledge, step); });
}

absl::StatusOr<v1::Pledge> PledgeService::Publish(rpc::CallContext& call, const v1::PublishPledgeRequest& request) {
  Step step = StepOf(call, request.published_on());
  step.reason = request.channel();
  return Change(call, request, [&](v1::Pledge& pledge) { return pledge_rules::Publish(pledge, step); });
}

absl::StatusOr<v1::Pledge> PledgeService::Withdraw(rpc::CallContext& call, const v1::WithdrawPledgeRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.reason = request.reason();
  return Change(call, request, [&](v1::Pledge& pledge) { return pledge_rules::Withdraw(pledge, step); });
}

absl::StatusOr<v1::Pledge> PledgeService::Amend(rpc::CallContext& call, const v1::AmendPledgeRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.reason = request.reason();
  return Change(call, request, [&](v1::Pledge& pledge) -> absl::Status {
    Violations violations;
    RETURN_IF_ERROR(CheckUnits(request.items(), "items", View(call), violations));
    RETURN_IF_ERROR(violations.ToStatus());
    return pledge_rules::Amend(pledge, request.items(), step);
  });
}

absl::StatusOr<v1::Pledge> PledgeService::ClaimItem(rpc::CallContext& call, const v1::ClaimPledgeItemRequest& request) {
  return Change(call, request, [&](v1::Pledge& pledge) {
    return pledge_rules::ClaimItem(pledge, request.item_id(), request.evidence(), StepOf(call, request.claimed_on()));
  });
}

absl::StatusOr<v1::Pledge> PledgeService::VerifyItem(rpc::CallContext& call,
                                                     const v1::VerifyPledgeItemRequest& request) {
  Step step = StepOf(call, request.verified_on());
  step.on_behalf_of = request.verifier();
  step.reason = request.comment();
  return Change(call, request, [&](v1::Pledge& pledge) -> absl::Status {
    ASSIGN_OR_RETURN(const pledge_rules::Judge judge, JudgeFor(pledge, request.verifier(), step.day, View(call)));
    return pledge_rules::VerifyItem(pledge, request.item_id(), judge, step);
  });
}

absl::StatusOr<v1::Pledge> PledgeService::RecordNotMet(rpc::CallContext& call,
                                                       const v1::RecordPledgeItemNotMetRequest& request) {
  Step step = StepOf(call, request.not_met_on());
  step.on_behalf_of = request.verifier();
  return Change(call, request, [&](v1::Pledge& pledge) -> absl::Status {
    ASSIGN_OR_RETURN(const pledge_rules::Judge judge, JudgeFor(pledge, request.verifier(), step.day, View(call)));
    return pledge_rules::RecordNotMet(pledge, request.item_id(), judge, request.cause(), request.explanation(), step);
  });
}

absl::StatusOr<v1::Pledge> PledgeService::RecordSupervisionCheck(rpc::CallContext& call,
                                                                 const v1::RecordSupervisionCheckRequest& request) {
  Step step = StepOf(call, request.check().checked_on());
  step.on_behalf_of = request.check().supervisor();
  return Change(call, request, [&](v1::Pledge& pledge) -> absl::Status {
    ASSIGN_OR_RETURN(const registry::v1::OrganizationKind kind, View(call).KindOf(request.check().supervisor()));
    return pledge_rules::AddSupervisionCheck(pledge, request.check(),
                                             kind == registry::v1::ORGANIZATION_KIND_DISCIPLINE_COMMISSION, step);
  });
}

absl::StatusOr<v1::ImportPledgesResponse> PledgeService::Import(rpc::CallContext& call,
                                                                rpc::StreamReader<v1::ImportPledgesRequest>& reader) {
  return PledgeImport(pledges_, campaigns_, directory_, call).Run(reader);
}

}  // namespace dangjian::pledge
