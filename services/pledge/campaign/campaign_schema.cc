#include "services/pledge/campaign/campaign_schema.h"

#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

bool ByOrganization(const v1::Campaign& campaign, storage::KeyWriter& key) {
  key.Text(campaign.organization());
  return true;
}

}  // namespace

storage::TableSchema<v1::Campaign> CampaignSchema() {
  return {.tag = tags::kCampaign,
          .collection = "campaigns",
          .owner = [](const v1::Campaign& campaign) { return campaign.organization(); },
          .indexes = {{.tag = tags::kCampaignByOrganization, .name = "by_organization", .columns = &ByOrganization}}};
}

}  // namespace dangjian::pledge
