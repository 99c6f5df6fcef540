#include "services/welfare/stop_list/stop_list_schema.h"

#include "services/welfare/stop_list/stop_list_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

bool BySubject(const v1::StopListEntry& entry, storage::KeyWriter& key) {
  key.Text(stop_list_rules::SubjectOf(entry));
  return true;
}

}  // namespace

storage::TableSchema<v1::StopListEntry> StopListEntrySchema() {
  return {.tag = tags::kStopListEntry,
          .collection = "stopListEntries",
          .indexes = {{.tag = tags::kStopListEntryBySubject, .name = "by_subject", .columns = &BySubject}}};
}

}  // namespace dangjian::welfare
