#pragma once

#include "absl/status/statusor.h"
#include "common/storage/database.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "services/welfare/payment_batch/batch_tables.h"

namespace dangjian::welfare {

// Adds the negative line of a recovery to a RECOVERY batch in state DRAFT and writes both. Errors as
// PaymentBatchService.AddRecoveryLine.
absl::StatusOr<v1::PaymentLine> AddRecoveryLine(const BatchTables& tables, storage::Transaction& txn,
                                                v1::PaymentBatch& batch, const v1::AddRecoveryLineRequest& request,
                                                const Step& step);

}  // namespace dangjian::welfare
