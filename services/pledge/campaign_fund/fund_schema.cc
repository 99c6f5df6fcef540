#include "services/pledge/campaign_fund/fund_schema.h"

#include "common/types/date.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

const storage::MeasureDef kAllotted{.tag = tags::kCampaignFundsAllotted,
                                    .id = "campaign_funds_allotted",
                                    .label_zh = "分配活动经费",
                                    .label_en = "Campaign funds allotted",
                                    .unit = "fen",
                                    .scale = 2,
                                    .kind = measure::v1::MEASURE_KIND_MONEY,
                                    .time = measure::v1::MEASURE_TIME_FLOW};
const storage::MeasureDef kTransferred{.tag = tags::kCampaignFundsTransferred,
                                       .id = "campaign_funds_transferred",
                                       .label_zh = "拨付活动经费",
                                       .label_en = "Campaign funds transferred",
                                       .unit = "fen",
                                       .scale = 2,
                                       .kind = measure::v1::MEASURE_KIND_MONEY,
                                       .time = measure::v1::MEASURE_TIME_FLOW};

std::vector<storage::Contribution> Contributions(const v1::CampaignFund& fund) {
  if (fund.state() != v1::CAMPAIGN_FUND_STATE_ALLOTTED) return {};
  std::vector<storage::Contribution> list;
  for (const v1::FundAllotment& allotment : fund.allotments()) {
    list.push_back({.measure = &kAllotted,
                    .day = DayOr(fund.allotted_on(), Day()),
                    .amount = allotment.amount_fen(),
                    .organization = allotment.organization()});
  }
  for (const v1::FundTransfer& transfer : fund.transfers()) {
    if (transfer.reversed()) continue;
    list.push_back({.measure = &kTransferred,
                    .day = DayOr(transfer.transferred_on(), Day()),
                    .amount = transfer.amount_fen(),
                    .organization = transfer.organization()});
  }
  return list;
}

bool ByOrganization(const v1::CampaignFund& fund, storage::KeyWriter& key) {
  key.Text(fund.organization());
  return true;
}

bool ByCampaign(const v1::CampaignFund& fund, storage::KeyWriter& key) {
  key.Text(fund.campaign());
  return true;
}

}  // namespace

storage::TableSchema<v1::CampaignFund> CampaignFundSchema() {
  return {.tag = tags::kCampaignFund,
          .collection = "campaignFunds",
          .owner = [](const v1::CampaignFund& fund) { return fund.organization(); },
          .indexes = {{.tag = tags::kCampaignFundByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kCampaignFundByCampaign, .name = "by_campaign", .columns = &ByCampaign}},
          .measures = {&kAllotted, &kTransferred},
          .contributions = &Contributions};
}

}  // namespace dangjian::pledge
