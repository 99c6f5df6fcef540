#include "services/registry/resident_unit/resident_unit_schema.h"

#include <string>
#include <vector>

#include "services/registry/resident_unit/resident_unit_rules.h"
#include "services/registry/stock_days.h"

namespace dangjian::registry {
namespace {

using storage::Contribution;
using storage::KeyWriter;
using v1::ResidentUnit;

std::string OwnerOf(const ResidentUnit& unit) { return unit.organization(); }

bool ByOrganization(const ResidentUnit& unit, KeyWriter& key) {
  key.Text(unit.organization());
  return true;
}

bool ByCode(const ResidentUnit& unit, KeyWriter& key) {
  key.Text(unit.unified_social_credit_code());
  return !unit.unified_social_credit_code().empty();
}

std::vector<Contribution> ContributionsOf(const ResidentUnit& unit) {
  std::vector<Contribution> contributions;
  AddStock(kResidentUnits, CountedDays(unit), {ShortName(unit.kind())}, "", contributions);
  return contributions;
}

}  // namespace

const storage::MeasureDef kResidentUnits = {.tag = 0x0191,
                                            .id = "resident_units",
                                            .label_zh = "驻区单位数",
                                            .label_en = "Resident units",
                                            .unit = "resident_unit",
                                            .kind = measure::v1::MEASURE_KIND_STOCK,
                                            .time = measure::v1::MEASURE_TIME_STOCK,
                                            .dimensions = {"kind"}};

storage::TableSchema<ResidentUnit> ResidentUnitSchema() {
  return {.tag = kResidentUnitTable,
          .collection = "residentUnits",
          .owner = &OwnerOf,
          .indexes = {{.tag = kResidentUnitByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = kResidentUnitByCode,
                       .name = "by_unified_social_credit_code",
                       .columns = &ByCode,
                       .unique = true}},
          .measures = {&kResidentUnits},
          .contributions = &ContributionsOf};
}

}  // namespace dangjian::registry
