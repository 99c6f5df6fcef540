#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/facility.pb.h"

namespace dangjian::welfare {

// Facilities by id; found by organisation. One counts under its state of the day, through its last day.
storage::TableSchema<v1::Facility> FacilitySchema();

}  // namespace dangjian::welfare
