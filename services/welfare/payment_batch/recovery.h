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

// RECOVERY_EXCEEDS_OVERPAYMENT when `line` is a recovery that its batch is about to ask back and the month is no longer
// paid as much above its due as its recoveries ask, this one among them: the bank or a decision may have changed what
// was overpaid since the line was added. Other lines pass.
absl::Status CheckStillOverpaid(const BatchTables& tables, const storage::Reader& reader, const v1::PaymentLine& line);

}  // namespace dangjian::welfare
