#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/stop_list_entry.pb.h"

namespace dangjian::welfare {

// Entries by id; found by what they are about.
storage::TableSchema<v1::StopListEntry> StopListEntrySchema();

}  // namespace dangjian::welfare
