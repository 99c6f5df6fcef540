#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "services/welfare/payment_batch/batch_tables.h"

namespace dangjian::welfare {

// Ledger, bank file and bank return of the exported batches of an organisation and month, each counted from its own
// records and never from a header.
absl::StatusOr<v1::QueryPaymentReconciliationResponse> ReconcileMonth(
    const BatchTables& tables, rpc::CallContext& call, const v1::QueryPaymentReconciliationRequest& request);

}  // namespace dangjian::welfare
