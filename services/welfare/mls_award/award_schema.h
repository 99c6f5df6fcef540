#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/mls_award.pb.h"

namespace dangjian::welfare {

// Awards by id; found by case, and by organisation.
storage::TableSchema<v1::MlsAward> MlsAwardSchema();

}  // namespace dangjian::welfare
