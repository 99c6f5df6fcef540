#include "services/pledge/demonstration_site/site_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/pledge/demonstration_site/site_rules.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

absl::Status Check(rpc::CallContext& call, v1::DemonstrationSite& site) {
  Violations violations;
  site_rules::CheckContent(site, call.today(), violations);
  site_rules::DeriveStandard(site);
  return violations.ToStatus();
}

}  // namespace

void DemonstrationSiteService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::DemonstrationSite> options;
  options.on_create = [](rpc::CallContext& call, v1::DemonstrationSite& created) {
    site_rules::Initialize(created);
    return Check(call, created);
  };
  options.on_update = [](rpc::CallContext& call, const v1::DemonstrationSite& current, v1::DemonstrationSite& updated) {
    RETURN_IF_ERROR(site_rules::CheckChange(current, updated));
    return Check(call, updated);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kDemonstrationSiteByOrganization},
                          {.field = "campaign", .index_tag = tags::kDemonstrationSiteByCampaign}};
  rpc::RegisterStandardMethods(
      router, *v1::DemonstrationSite::descriptor()->file()->FindServiceByName("DemonstrationSiteService"), sites_,
      tokens, std::move(options));
  router.Unary(this, &DemonstrationSiteService::RecordCheck);
  router.Unary(this, &DemonstrationSiteService::Revoke);
}

absl::StatusOr<v1::DemonstrationSite> DemonstrationSiteService::RecordCheck(
    rpc::CallContext& call, const v1::RecordCriterionCheckRequest& request) {
  Step step = StepOf(call, request.check().checked_on());
  step.on_behalf_of = request.check().checker();
  return ChangeRecord(call, sites_, request,
                      [&](v1::DemonstrationSite& site) { return site_rules::AddCheck(site, request.check(), step); });
}

absl::StatusOr<v1::DemonstrationSite> DemonstrationSiteService::Revoke(
    rpc::CallContext& call, const v1::RevokeDemonstrationSiteRequest& request) {
  Step step = StepOf(call, request.revoked_on());
  step.on_behalf_of = request.on_behalf_of();
  step.reason = request.reason();
  return ChangeRecord(call, sites_, request,
                      [&](v1::DemonstrationSite& site) { return site_rules::Revoke(site, step); });
}

}  // namespace dangjian::pledge
