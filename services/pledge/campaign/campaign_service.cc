#include "services/pledge/campaign/campaign_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "services/pledge/campaign/campaign_rules.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {

void CampaignService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::Campaign> options;
  options.on_create = [](rpc::CallContext&, v1::Campaign& created) {
    campaign_rules::Initialize(created);
    return campaign_rules::CheckContent(created);
  };
  options.on_update = [](rpc::CallContext&, const v1::Campaign& current, v1::Campaign& updated) {
    RETURN_IF_ERROR(campaign_rules::CheckEditable(current));
    return campaign_rules::CheckContent(updated);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kCampaignByOrganization}};
  rpc::RegisterStandardMethods(router, *v1::Campaign::descriptor()->file()->FindServiceByName("CampaignService"),
                               campaigns_, tokens, std::move(options));
  router.Unary(this, &CampaignService::Start);
  router.Unary(this, &CampaignService::Close);
}

absl::StatusOr<v1::Campaign> CampaignService::Start(rpc::CallContext& call, const v1::StartCampaignRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, campaigns_, request,
                      [&](v1::Campaign& campaign) { return campaign_rules::Start(campaign, step); });
}

absl::StatusOr<v1::Campaign> CampaignService::Close(rpc::CallContext& call, const v1::CloseCampaignRequest& request) {
  Step step = StepOf(call, request.occurred_on());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, campaigns_, request,
                      [&](v1::Campaign& campaign) { return campaign_rules::Close(campaign, step); });
}

}  // namespace dangjian::pledge
