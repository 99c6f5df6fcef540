#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/assistance_action.pb.h"

namespace dangjian::welfare {

// Table of assistance actions: by organisation, by pairing and by member with the day.
storage::TableSchema<v1::AssistanceAction> AssistanceActionSchema();

}  // namespace dangjian::welfare
