#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"

namespace dangjian::welfare {

// Batches by id; found by organisation and benefit month.
storage::TableSchema<v1::PaymentBatch> PaymentBatchSchema();

}  // namespace dangjian::welfare
