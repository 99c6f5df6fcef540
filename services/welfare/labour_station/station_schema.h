#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/labour_station.pb.h"

namespace dangjian::welfare {

// Stations by id; found by organisation. One counts from its first day through its last.
storage::TableSchema<v1::LabourStation> LabourStationSchema();

}  // namespace dangjian::welfare
