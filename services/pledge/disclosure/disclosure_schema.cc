#include "services/pledge/disclosure/disclosure_schema.h"

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/pledge/tags.h"

namespace dangjian::pledge {
namespace {

const storage::MeasureDef kDisclosures{.tag = tags::kDisclosures,
                                       .id = "disclosures",
                                       .label_zh = "公开事项",
                                       .label_en = "Disclosures posted",
                                       .unit = "notice",
                                       .kind = measure::v1::MEASURE_KIND_EVENT,
                                       .time = measure::v1::MEASURE_TIME_FLOW,
                                       .dimensions = {"category"}};

std::vector<storage::Contribution> Contributions(const v1::Disclosure& disclosure) {
  if (disclosure.state() != v1::DISCLOSURE_STATE_POSTED && disclosure.state() != v1::DISCLOSURE_STATE_CLOSED) return {};
  const std::string category(StripPrefix(v1::DisclosureCategory_Name(disclosure.category()), "DISCLOSURE_CATEGORY_"));
  return {{.measure = &kDisclosures, .day = DayOr(disclosure.posted_on(), Day()), .dimensions = {category}}};
}

bool ByOrganization(const v1::Disclosure& disclosure, storage::KeyWriter& key) {
  key.Text(disclosure.organization());
  return true;
}

bool ByCampaign(const v1::Disclosure& disclosure, storage::KeyWriter& key) {
  key.Text(disclosure.campaign());
  return !disclosure.campaign().empty();
}

}  // namespace

storage::TableSchema<v1::Disclosure> DisclosureSchema() {
  return {.tag = tags::kDisclosure,
          .collection = "disclosures",
          .owner = [](const v1::Disclosure& disclosure) { return disclosure.organization(); },
          .indexes = {{.tag = tags::kDisclosureByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kDisclosureByCampaign, .name = "by_campaign", .columns = &ByCampaign}},
          .measures = {&kDisclosures},
          .contributions = &Contributions};
}

}  // namespace dangjian::pledge
