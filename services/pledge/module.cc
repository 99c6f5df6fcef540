#include "services/pledge/module.h"

#include "services/pledge/annual_assessment/assessment_schema.h"
#include "services/pledge/annual_assessment/assessment_service.h"
#include "services/pledge/campaign/campaign_schema.h"
#include "services/pledge/campaign/campaign_service.h"
#include "services/pledge/campaign_fund/fund_schema.h"
#include "services/pledge/campaign_fund/fund_service.h"
#include "services/pledge/demonstration_site/site_schema.h"
#include "services/pledge/demonstration_site/site_service.h"
#include "services/pledge/disclosure/disclosure_schema.h"
#include "services/pledge/disclosure/disclosure_service.h"
#include "services/pledge/duty_fulfilment/fulfilment_schema.h"
#include "services/pledge/duty_fulfilment/fulfilment_service.h"
#include "services/pledge/evaluation_round/evaluation_schema.h"
#include "services/pledge/evaluation_round/evaluation_service.h"
#include "services/pledge/honour_award/honour_schema.h"
#include "services/pledge/honour_award/honour_service.h"
#include "services/pledge/pledge/pledge_schema.h"
#include "services/pledge/pledge/pledge_service.h"
#include "services/pledge/recurring_duty/duty_schema.h"
#include "services/pledge/recurring_duty/duty_service.h"
#include "services/pledge/target/target_schema.h"
#include "services/pledge/target/target_service.h"

namespace dangjian::pledge {

// The tables are the database's; the services live here.
struct PledgeModule::Parts {
  Parts(storage::Database& database, const change::Directory& directory)
      : campaigns(database.AddTable(CampaignSchema())),
        campaign_service(campaigns),
        pledge_service(database.AddTable(PledgeSchema()), campaigns, directory),
        disclosure_service(database.AddTable(DisclosureSchema()), directory),
        rounds(database.AddTable(EvaluationRoundSchema())),
        evaluation_service(rounds, directory),
        target_service(database.AddTable(TargetSchema()), directory),
        site_service(database.AddTable(DemonstrationSiteSchema())),
        fund_service(database.AddTable(CampaignFundSchema())),
        honour_service(database.AddTable(HonourAwardSchema()), directory),
        duties(database.AddTable(RecurringDutySchema())),
        fulfilments(database.AddTable(DutyFulfilmentSchema())),
        duty_service(duties, fulfilments),
        fulfilment_service(fulfilments, duties),
        assessment_service(database.AddTable(AnnualAssessmentSchema()), rounds) {}

  const storage::Table<v1::Campaign>& campaigns;
  CampaignService campaign_service;
  PledgeService pledge_service;
  DisclosureService disclosure_service;
  const storage::Table<v1::EvaluationRound>& rounds;
  EvaluationService evaluation_service;
  TargetService target_service;
  DemonstrationSiteService site_service;
  CampaignFundService fund_service;
  HonourAwardService honour_service;
  const storage::Table<v1::RecurringDuty>& duties;
  const storage::Table<v1::DutyFulfilment>& fulfilments;
  RecurringDutyService duty_service;
  DutyFulfilmentService fulfilment_service;
  AnnualAssessmentService assessment_service;
};

PledgeModule::PledgeModule() = default;
PledgeModule::~PledgeModule() = default;

std::vector<const google::protobuf::ServiceDescriptor*> PledgeModule::Services() const {
  return {
      v1::Campaign::descriptor()->file()->service(0),        v1::Pledge::descriptor()->file()->service(0),
      v1::Disclosure::descriptor()->file()->service(0),      v1::EvaluationRound::descriptor()->file()->service(0),
      v1::Target::descriptor()->file()->service(0),          v1::DemonstrationSite::descriptor()->file()->service(0),
      v1::CampaignFund::descriptor()->file()->service(0),    v1::HonourAward::descriptor()->file()->service(0),
      v1::RecurringDuty::descriptor()->file()->service(0),   v1::DutyFulfilment::descriptor()->file()->service(0),
      v1::AnnualAssessment::descriptor()->file()->service(0)};
}

absl::Status PledgeModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database, *context.directory);
  parts_->campaign_service.Register(context.router, context.page_tokens);
  parts_->pledge_service.Register(context.router, context.page_tokens);
  parts_->disclosure_service.Register(context.router, context.page_tokens);
  parts_->evaluation_service.Register(context.router, context.page_tokens);
  parts_->target_service.Register(context.router, context.page_tokens);
  parts_->site_service.Register(context.router, context.page_tokens);
  parts_->fund_service.Register(context.router, context.page_tokens);
  parts_->honour_service.Register(context.router, context.page_tokens);
  parts_->duty_service.Register(context.router, context.page_tokens);
  parts_->fulfilment_service.Register(context.router, context.page_tokens);
  parts_->assessment_service.Register(context.router, context.page_tokens);
  context.directory->AddFollower([this](storage::Transaction& txn, std::string_view name) {
    return parts_->honour_service.FollowMerge(txn, name);
  });
  return absl::OkStatus();
}

}  // namespace dangjian::pledge
