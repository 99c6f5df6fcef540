#include "services/pledge/campaign_fund/fund_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/pledge/campaign_fund/fund_rules.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

absl::Status Compute(v1::CampaignFund& fund) {
  Violations violations;
  fund_rules::ComputeAmounts(fund, violations);
  return violations.ToStatus();
}

}  // namespace

void CampaignFundService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::CampaignFund> options;
  options.on_create = [](rpc::CallContext&, v1::CampaignFund& created) {
    fund_rules::Initialize(created);
    return Compute(created);
  };
  options.on_update = [](rpc::CallContext&, const v1::CampaignFund& current, v1::CampaignFund& updated) {
    RETURN_IF_ERROR(fund_rules::CheckEditable(current));
    // A new rate alone must not be checked against the amounts of the old one.
    if (updated.rate_fen() != current.rate_fen()) {
      for (v1::FundAllotment& allotment : *updated.mutable_allotments()) allotment.clear_amount_fen();
    }
    return Compute(updated);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kCampaignFundByOrganization},
                          {.field = "campaign", .index_tag = tags::kCampaignFundByCampaign}};
  rpc::RegisterStandardMethods(router,
                               *v1::CampaignFund::descriptor()->file()->FindServiceByName("CampaignFundService"),
                               funds_, tokens, std::move(options));
  router.Unary(this, &CampaignFundService::Allot);
  router.Unary(this, &CampaignFundService::RecordTransfer);
  router.Unary(this, &CampaignFundService::ReverseTransfer);
}

absl::StatusOr<v1::CampaignFund> CampaignFundService::Allot(rpc::CallContext& call,
                                                            const v1::AllotCampaignFundRequest& request) {
  Step step = StepOf(call, request.allotted_on());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, funds_, request, [&](v1::CampaignFund& fund) { return fund_rules::Allot(fund, step); });
}

absl::StatusOr<v1::CampaignFund> CampaignFundService::RecordTransfer(rpc::CallContext& call,
                                                                     const v1::RecordTransferRequest& request) {
  const Step step = StepOf(call, request.transfer().transferred_on());
  return ChangeRecord(call, funds_, request,
                      [&](v1::CampaignFund& fund) { return fund_rules::AddTransfer(fund, request.transfer(), step); });
}

absl::StatusOr<v1::CampaignFund> CampaignFundService::ReverseTransfer(rpc::CallContext& call,
                                                                      const v1::ReverseTransferRequest& request) {
  Step step = StepOf(call, call.today());
  step.reason = request.reason();
  return ChangeRecord(call, funds_, request, [&](v1::CampaignFund& fund) {
    return fund_rules::ReverseTransfer(fund, request.transfer_id(), step);
  });
}

}  // namespace dangjian::pledge
