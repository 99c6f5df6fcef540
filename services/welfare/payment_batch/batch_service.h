#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "services/welfare/payment_batch/batch_tables.h"
#include "services/welfare/payment_batch/batch_totals.h"
#include "services/welfare/payment_batch/recheck.h"

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
  // What the lines of a batch have come to, as found before the transaction of a step; nullptr when the batch is not in
  // the state for it.
  using Prepared = std::shared_ptr<const Recheck>;
  absl::StatusOr<Prepared> PrepareApproval(rpc::CallContext& call, const v1::ApprovePaymentBatchRequest& request);
  absl::StatusOr<v1::PaymentBatch> Approve(rpc::CallContext& call, const v1::ApprovePaymentBatchRequest& request);
  absl::StatusOr<Prepared> PrepareExport(rpc::CallContext& call, const v1::ExportPaymentBatchRequest& request);
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
  absl::StatusOr<Prepared> AskAgain(rpc::CallContext& call, const std::string& name, v1::PaymentBatchState state,
                                    const google::type::Date& occurred_on) const;
  // The lines that must not go out, as the call's transaction sees them. STALE_ETAG when the batch was changed since
  // they were looked at.
  absl::StatusOr<std::vector<Finding>> Found(rpc::CallContext& call, const v1::PaymentBatch& batch, Day day) const;
  // Takes the place of an approval or export: holds what was found. `batch` is REVIEWED.
  absl::Status HoldInstead(rpc::CallContext& call, const std::vector<Finding>& findings, const Step& step,
                           v1::PaymentBatch& batch) const;
  // Takes the approval of `before`, which is APPROVED, back in lines and ledger; counts the entry in `batch`.
  absl::Status TakeApprovalBack(rpc::CallContext& call, const Step& step, const v1::PaymentBatch& before,
                                v1::PaymentBatch& batch) const;
  // APPROVER_IS_PREPARER when the caller added or released the line, or the held one whose place it takes.
  absl::Status CheckNotPassedBy(const storage::Reader& reader, const v1::PaymentBatch& batch,
                                const v1::PaymentLine& line, const std::string& actor) const;
  // Marks the lines that the batch pays again, or takes the marks back; `visit`, when it is set, sees each line.
  absl::Status MarkReissues(rpc::CallContext& call, const v1::PaymentBatch& batch, const Step& step, bool back,
                            const batch_totals::Visit& visit = {}) const;

  const BatchTables tables_;
};

}  // namespace dangjian::welfare
