#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/pledge/v1/duty_fulfilment.pb.h"

namespace dangjian::pledge {

// Table of duty fulfilments: by duty and by member, newest first; one a duty, member and period.
storage::TableSchema<v1::DutyFulfilment> DutyFulfilmentSchema();

}  // namespace dangjian::pledge
