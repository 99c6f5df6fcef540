#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/pledge/v1/campaign_fund.pb.h"

namespace dangjian::pledge {

// Table of campaign funds: by organisation, by campaign. Money counts for the branch that gets it.
storage::TableSchema<v1::CampaignFund> CampaignFundSchema();

}  // namespace dangjian::pledge
