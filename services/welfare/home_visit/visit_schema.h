#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/home_visit.pb.h"

namespace dangjian::welfare {

// Table of home visits: by organisation, by household and day, by the client id of offline entry (unique). Only visits
// on which somebody was met count.
storage::TableSchema<v1::HomeVisit> HomeVisitSchema();

}  // namespace dangjian::welfare
