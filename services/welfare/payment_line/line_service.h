#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/payment_line.pb.h"
#include "services/welfare/payment_batch/batch_tables.h"

namespace dangjian::welfare {

// Handlers of dangjian.welfare.v1.PaymentLineService. Thread-safe.
class PaymentLineService {
 public:
  explicit PaymentLineService(const BatchTables& tables) : tables_(tables) {}
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::PaymentLine> Hold(rpc::CallContext& call, const v1::HoldPaymentLineRequest& request);
  absl::StatusOr<v1::PaymentLine> Release(rpc::CallContext& call, const v1::ReleasePaymentLineRequest& request);
  absl::StatusOr<v1::PaymentLine> Propose(rpc::CallContext& call, const v1::ProposePaymentLineOutcomeRequest& request);
  absl::StatusOr<v1::PaymentLine> Confirm(rpc::CallContext& call, const v1::ConfirmPaymentLineOutcomeRequest& request);
  absl::StatusOr<v1::ExplainPaymentLineResponse> Explain(rpc::CallContext& call,
                                                         const v1::ExplainPaymentLineRequest& request);

 private:
  // ILLEGAL_TRANSITION when a line of a later run has taken the place of the held one.
  absl::Status CheckNotTakenUp(const storage::Reader& reader, const v1::PaymentLine& line,
                               std::string_view wanted) const;
  // LINE_NOT_DUE when the line, which a release makes payable, must not be paid as it stands.
  absl::Status CheckDue(const storage::Reader& reader, const v1::PaymentLine& line) const;
  // Takes a line in or out of the held ones of its batch; `sign` is 1 or -1.
  absl::Status CountHold(rpc::CallContext& call, const v1::PaymentLine& line, int sign, const Step& step) const;

  const BatchTables tables_;
};

}  // namespace dangjian::welfare
