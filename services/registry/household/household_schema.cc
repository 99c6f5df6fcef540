#include "services/registry/household/household_schema.h"

#include <string>
#include <vector>

#include "services/registry/household/household_rules.h"
#include "services/registry/stock_days.h"

namespace dangjian::registry {
namespace {

using storage::Contribution;
using storage::KeyWriter;
using v1::Household;

std::string OwnerOf(const Household& household) { return household.organization(); }

bool ByOrganization(const Household& household, KeyWriter& key) {
  key.Text(household.organization());
  return true;
}

std::vector<Contribution> ContributionsOf(const Household& household) {
  std::vector<Contribution> contributions;
  const DayRange counted = CountedDays(household);
  AddStock(kHouseholds, counted, {ShortName(household.kind())}, "", contributions);
  for (const v1::HouseholdTag& tag : household.tags()) {
    AddStock(kHouseholdsTagged, Intersect(counted, DaysOf(tag)), {ShortName(tag.kind())}, "", contributions);
  }
  return contributions;
}

}  // namespace

const storage::MeasureDef kHouseholds = {.tag = 0x0171,
                                         .id = "households",
                                         .label_zh = "居民户数",
                                         .label_en = "Households",
                                         .unit = "household",
                                         .kind = measure::v1::MEASURE_KIND_STOCK,
                                         .time = measure::v1::MEASURE_TIME_STOCK,
                                         .dimensions = {"kind"}};

const storage::MeasureDef kHouseholdsTagged = {.tag = 0x0172,
                                               .id = "households_tagged",
                                               .label_zh = "标签户数",
                                               .label_en = "Households by mark",
                                               .unit = "household",
                                               .kind = measure::v1::MEASURE_KIND_STOCK,
                                               .time = measure::v1::MEASURE_TIME_STOCK,
                                               .dimensions = {"tag"}};

storage::TableSchema<Household> HouseholdSchema() {
  return {.tag = kHouseholdTable,
          .collection = "households",
          .owner = &OwnerOf,
          .indexes = {{.tag = kHouseholdByOrganization, .name = "by_organization", .columns = &ByOrganization}},
          .measures = {&kHouseholds, &kHouseholdsTagged},
          .contributions = &ContributionsOf};
}

}  // namespace dangjian::registry
