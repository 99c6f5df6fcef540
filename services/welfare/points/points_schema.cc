#include "services/welfare/points/points_schema.h"

#include "common/types/date.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using storage::KeyWriter;

bool ByOrganization(const v1::PointsEntry& entry, KeyWriter& key) {
  key.Text(entry.organization());
  return true;
}

bool ByAccount(const v1::PointsEntry& entry, KeyWriter& key) {
  key.Text(entry.resident()).Text(entry.organization()).Date(DayOr(entry.occurred_on(), Day()));
  return true;
}

}  // namespace

storage::TableSchema<v1::PointsEntry> PointsEntrySchema() {
  return {.tag = tags::kPointsEntry,
          .collection = "pointsEntries",
          .owner = [](const v1::PointsEntry& entry) { return entry.organization(); },
          .indexes = {{.tag = tags::kPointsEntryByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kPointsEntryByAccount, .name = "by_account", .columns = &ByAccount}}};
}

}  // namespace dangjian::welfare
