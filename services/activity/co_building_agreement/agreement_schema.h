#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/activity/v1/co_building_agreement.pb.h"

namespace dangjian::activity {

// Table of co-building agreements: by organisation, by party. One that was put into force counts from `valid_from`
// through its last day, whether its end has been recorded or not.
storage::TableSchema<v1::CoBuildingAgreement> CoBuildingAgreementSchema();

}  // namespace dangjian::activity
