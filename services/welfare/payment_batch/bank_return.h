#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/database.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "services/welfare/bank_file/bank_file.h"
#include "services/welfare/payment_batch/batch_tables.h"

namespace dangjian::welfare {

// Takes a part of a bank return into a batch: settles the lines that it names, posts what moved as one ledger entry,
// and tells every row that settled nothing. A row that contradicts an earlier answer makes its line disputed. `batch`
// is changed and written when a line was settled or the file is new.
absl::StatusOr<v1::ImportBankReturnResponse> TakeBankReturn(const BatchTables& tables, storage::Transaction& txn,
                                                            v1::PaymentBatch& batch,
                                                            const v1::ImportBankReturnRequest& request,
                                                            const Step& step);

}  // namespace dangjian::welfare
