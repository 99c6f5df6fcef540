#include "services/pledge/demonstration_site/site_schema.h"

#include "common/types/date.h"
#include "services/pledge/demonstration_site/site_rules.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

const storage::MeasureDef kSites{.tag = tags::kDemonstrationSites,
                                 .id = "demonstration_sites",
                                 .label_zh = "示范点",
                                 .label_en = "Demonstration sites",
                                 .unit = "site",
                                 .kind = measure::v1::MEASURE_KIND_STOCK,
                                 .time = measure::v1::MEASURE_TIME_STOCK,
                                 .dimensions = {"programme"}};
const storage::MeasureDef kMeeting{.tag = tags::kDemonstrationSitesMeetingStandard,
                                   .id = "demonstration_sites_meeting_standard",
                                   .label_zh = "达标示范点",
                                   .label_en = "Demonstration sites that meet their standard",
                                   .unit = "site",
                                   .kind = measure::v1::MEASURE_KIND_STOCK,
                                   .time = measure::v1::MEASURE_TIME_STOCK,
                                   .dimensions = {"programme"}};

std::vector<storage::Contribution> Contributions(const v1::DemonstrationSite& site) {
  std::vector<storage::Contribution> list;
  const auto add = [&](const storage::MeasureDef& measure, Day day, int64_t amount) {
    list.push_back({.measure = &measure, .day = day, .amount = amount, .dimensions = {site.programme()}});
  };
  add(kSites, DayOr(site.designated_on(), Day()), 1);
  if (site.has_revoked_on()) add(kSites, DayOr(site.revoked_on(), Day()) + 1, -1);
  for (const site_rules::StandardChange& change : site_rules::StandardChanges(site)) {
    add(kMeeting, change.day, change.meets ? 1 : -1);
  }
  return list;
}

bool ByOrganization(const v1::DemonstrationSite& site, storage::KeyWriter& key) {
  key.Text(site.organization());
  return true;
}

bool ByCampaign(const v1::DemonstrationSite& site, storage::KeyWriter& key) {
  key.Text(site.campaign());
  return !site.campaign().empty();
}

}  // namespace

storage::TableSchema<v1::DemonstrationSite> DemonstrationSiteSchema() {
  return {.tag = tags::kDemonstrationSite,
          .collection = "demonstrationSites",
          .owner = [](const v1::DemonstrationSite& site) { return site.organization(); },
          .indexes = {{.tag = tags::kDemonstrationSiteByOrganization,
                       .name = "by_organization",
                       .columns = &ByOrganization},
                      {.tag = tags::kDemonstrationSiteByCampaign, .name = "by_campaign", .columns = &ByCampaign}},
          .measures = {&kSites, &kMeeting},
          .contributions = &Contributions};
}

}  // namespace dangjian::pledge
