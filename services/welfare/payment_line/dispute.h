#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "dangjian/welfare/v1/payment_line.pb.h"
#include "services/welfare/payment_batch/batch_tables.h"

// Disputed lines in storage.

namespace dangjian::welfare {

// LINE_DISPUTED when a line of the batch that is not held pays or asks back money of a case, month and component in
// which one is disputed. Reads the disputed lines, which are few, and those of their months.
absl::Status CheckDisputes(const BatchTables& tables, const storage::Reader& reader, const v1::PaymentBatch& batch);

// REISSUED_LINE_PAID when a line that is to be paid again, or one that it was to pay again itself, was settled to PAID.
absl::Status CheckUnpaid(const BatchTables& tables, const storage::Reader& reader, const v1::PaymentLine& failed);

// Confirms the outcome of a disputed line: line, counters of its batch and ledger in one transaction. Errors as
// PaymentLineService.ConfirmPaymentLineOutcome.
absl::StatusOr<v1::PaymentLine> ConfirmOutcome(const BatchTables& tables, rpc::CallContext& call,
                                               const v1::ConfirmPaymentLineOutcomeRequest& request);

}  // namespace dangjian::welfare
