#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/pledge/v1/campaign.pb.h"

namespace dangjian::pledge {

// Table of campaigns, by the leading organisation.
storage::TableSchema<v1::Campaign> CampaignSchema();

}  // namespace dangjian::pledge
