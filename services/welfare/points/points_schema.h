#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/points_entry.pb.h"

namespace dangjian::welfare {

// Table of points entries: by organisation, by account (resident, then organisation, then day).
storage::TableSchema<v1::PointsEntry> PointsEntrySchema();

}  // namespace dangjian::welfare
