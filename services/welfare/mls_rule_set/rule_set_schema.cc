#include "services/welfare/mls_rule_set/rule_set_schema.h"

#include "common/types/date.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

bool ByOrganization(const v1::MlsRuleSet& row, storage::KeyWriter& key) {
  key.Text(row.organization()).Date(DayOr(row.effective_from(), Day::Min())).Int32(row.version());
  return true;
}

}  // namespace

storage::TableSchema<v1::MlsRuleSet> MlsRuleSetSchema() {
  return {.tag = tags::kMlsRuleSet,
          .collection = "mlsRuleSets",
          .owner = [](const v1::MlsRuleSet& row) { return row.organization(); },
          .indexes = {{.tag = tags::kMlsRuleSetByOrganization,
                       .name = "by_organization",
                       .columns = &ByOrganization,
                       .unique = true}}};
}

}  // namespace dangjian::welfare
