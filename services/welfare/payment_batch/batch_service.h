#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "services/welfare/payment_batch/batch_tables.h"
#include "services/welfare/payment_batch/batch_totals.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.PaymentBatchService. Thread-safe.
class PaymentBatchService {
 public:
  explicit PaymentBatchService(const BatchTables& tables) : tables_(tables) {}
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::PaymentBatch> Create(rpc::CallContext& call, const v1::CreatePaymentBatchRequest& request);
  absl::StatusOr<v1::PaymentBatch> Calculate(rpc::CallContext& call, const v1::CalculatePaymentBatchRequest& request);
  absl::StatusOr<v1::PaymentLine> AddRecovery(rpc::CallContext& call, const v1::AddRecoveryLineRequest& request);
  absl::StatusOr<v1::PaymentBatch> Review(rpc::CallContext& call, const v1::ReviewPaymentBatchRequest& request);
  absl::StatusOr<v1::PaymentBatch> Approve(rpc::CallContext& call, const v1::ApprovePaymentBatchRequest& request);
  absl::StatusOr<v1::PaymentBatch> Export(rpc::CallContext& call, const v1::ExportPaymentBatchRequest& request);
  absl::Status QueryFile(rpc::CallContext& call, const v1::QueryBankFileRequest& request,
                         rpc::StreamWriter<v1::QueryBankFileResponse>& writer);
  absl::StatusOr<v1::PaymentBatch> MarkSent(rpc::CallContext& call, const v1::MarkPaymentBatchSentRequest& request);
  absl::StatusOr<v1::ImportBankReturnResponse> ImportReturn(rpc::CallContext& call,
                                                            const v1::ImportBankReturnRequest& request);
  absl::StatusOr<v1::PaymentBatch> Settle(rpc::CallContext& call, const v1::SettlePaymentBatchRequest& request);
  absl::StatusOr<v1::PaymentBatch> Cancel(rpc::CallContext& call, const v1::CancelPaymentBatchRequest& request);
  absl::StatusOr<v1::QueryPaymentReconciliationResponse> Reconcile(
      rpc::CallContext& call, const v1::QueryPaymentReconciliationRequest& request);

 private:
  // Counts the lines anew and holds them against the header and the ledger: CONTROL_TOTAL_MISMATCH.
  absl::StatusOr<batch_totals::Totals> Control(const storage::Reader& reader, const v1::PaymentBatch& batch,
                                               const batch_totals::Visit& visit = {}) const;
  absl::Status CheckPreviousRun(const storage::Reader& reader, const v1::PaymentBatch& batch) const;
  // The sum of the same run of the month before; nullopt when there is none.
  absl::StatusOr<std::optional<int64_t>> SumOfMonthBefore(const storage::Reader& reader,
                                                          const v1::PaymentBatch& batch) const;
  // Marks the lines that the batch pays again, or takes the marks back; `visit`, when it is set, sees each line.
  absl::Status MarkReissues(rpc::CallContext& call, const v1::PaymentBatch& batch, const Step& step, bool back,
                            const batch_totals::Visit& visit = {}) const;

  const BatchTables tables_;
};

}  // namespace dangjian::welfare
