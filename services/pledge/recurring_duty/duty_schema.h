#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/pledge/v1/recurring_duty.pb.h"

namespace dangjian::pledge {

// Table of recurring duties: by organisation, by campaign. A duty counts through its last day, a member through the
// last day of the assignment.
storage::TableSchema<v1::RecurringDuty> RecurringDutySchema();

}  // namespace dangjian::pledge
