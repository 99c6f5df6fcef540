#include "services/welfare/payment_batch/batch_reconciliation.h"

#include <limits>
#include <vector>

#include "common/base/status_macros.h"
#include "common/change/registry_view.h"
#include "common/types/date.h"
#include "common/types/month.h"
#include "services/welfare/payment_batch/batch_rules.h"
#include "services/welfare/payment_batch/batch_totals.h"
#include "services/welfare/payment_line/line_key.h"
#include "services/welfare/payment_line/line_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

constexpr int kMostOpenLines = 1000;
constexpr int32_t kOverdueDays = 5;  // working days after which the bank is to be asked

// What the ledger says of the batch, in the terms of its bank file.
void SetLedger(const v1::PaymentBatch& batch, const batch_totals::Totals& totals, const ledger_rules::Balances& ledger,
               v1::BatchReconciliation& side) {
  const auto of = [&](v1::LedgerAccount account) { return ledger[static_cast<size_t>(account)]; };
  if (batch_rules::IsRecovery(batch)) {
    side.set_ledger_in_transit_fen(-of(v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE));
    side.set_ledger_paid_fen(-of(v1::LEDGER_ACCOUNT_APPROPRIATION));
    side.set_ledger_returned_fen(batch_rules::FileFen(batch) - of(v1::LEDGER_ACCOUNT_PAID));
    return;
  }
  side.set_ledger_in_transit_fen(of(v1::LEDGER_ACCOUNT_IN_TRANSIT));
  side.set_ledger_paid_fen(of(v1::LEDGER_ACCOUNT_PAID));
  side.set_ledger_returned_fen(of(v1::LEDGER_ACCOUNT_RETURNED) + totals.reissued_fen - totals.paid_after_reissue_fen);
}

bool Matches(const v1::PaymentBatch& batch, const v1::BatchReconciliation& side) {
  const bool file = side.file_fen() == side.returned_paid_fen() + side.returned_failed_fen() + side.open_fen();
  return file && side.ledger_in_transit_fen() == side.open_fen() &&
         side.ledger_paid_fen() == side.returned_paid_fen() &&
         side.ledger_returned_fen() == side.returned_failed_fen() && side.file_fen() == batch_rules::FileFen(batch) &&
         side.disputed_lines() == 0;
}

// One batch at a time into the answer.
class Comparison {
 public:
  Comparison(const BatchTables& tables, rpc::CallContext& call, Day as_of)
      : tables_(tables), call_(call), as_of_(as_of) {
    answer_.set_matches(true);
  }

  absl::Status Take(const v1::PaymentBatch& batch) {
    v1::BatchReconciliation side;
    side.set_payment_batch(batch.name());
    ASSIGN_OR_RETURN(const int32_t age, AgeOf(batch));
    const auto visit = [&](const v1::PaymentLine& line) { return Visit(batch, line, age, side); };
    ASSIGN_OR_RETURN(const batch_totals::Totals totals,
                     batch_totals::Sum(tables_.lines, call_.reader(), batch.name(), visit));
    side.set_file_lines(totals.lines - totals.held);
    side.set_file_fen(totals.total_fen - totals.held_fen);
    side.set_returned_paid_fen(totals.paid_fen);
    side.set_returned_failed_fen(totals.failed_fen);
    side.set_disputed_lines(totals.disputed);
    ASSIGN_OR_RETURN(const ledger_rules::Balances ledger, tables_.ledger.BalancesOf(call_.reader(), batch.name()));
    SetLedger(batch, totals, ledger, side);
    side.set_matches(Matches(batch, side));
    answer_.set_matches(answer_.matches() && side.matches());
    *answer_.add_batches() = std::move(side);
    return absl::OkStatus();
  }

  v1::QueryPaymentReconciliationResponse& answer() { return answer_; }

 private:
  // Working days since the file was sent; 0 before.
  absl::StatusOr<int32_t> AgeOf(const v1::PaymentBatch& batch) const {
    const Day sent = DayOr(batch.sent_on(), Day::Max());
    if (sent >= as_of_) return 0;
    const auto tree = call_.database()->tree();
    ASSIGN_OR_RETURN(const WorkingDays days,
                     change::RegistryView(tables_.directory, call_.reader(), *tree).CalendarsOf(sent, as_of_));
    return days.CountWorkingDays({sent + 1, as_of_});
  }

  absl::Status Visit(const v1::PaymentBatch& batch, const v1::PaymentLine& line, int32_t age,
                     v1::BatchReconciliation& side) {
    if (line.position() % 256 == 0) RETURN_IF_ERROR(call_.CheckAlive());
    if (line.state() != v1::PAYMENT_LINE_STATE_PENDING) return absl::OkStatus();
    side.set_open_lines(side.open_lines() + 1);
    side.set_open_fen(side.open_fen() + line.amount_fen());
    if (!batch.has_sent_on()) return absl::OkStatus();
    answer_.set_open_line_count(answer_.open_line_count() + 1);
    if (age > kOverdueDays) answer_.set_overdue_line_count(answer_.overdue_line_count() + 1);
    if (answer_.open_lines_size() >= kMostOpenLines) return absl::OkStatus();
    v1::OpenPaymentLine& open = *answer_.add_open_lines();
    open.set_payment_line(line.name());
    open.set_amount_fen(line.amount_fen());
    open.set_working_days(age);
    return absl::OkStatus();
  }

  const BatchTables& tables_;
  rpc::CallContext& call_;
  const Day as_of_;
  v1::QueryPaymentReconciliationResponse answer_;
};

}  // namespace

absl::StatusOr<v1::QueryPaymentReconciliationResponse> ReconcileMonth(
    const BatchTables& tables, rpc::CallContext& call, const v1::QueryPaymentReconciliationRequest& request) {
  const Day month = MonthOf(DayOr(request.month(), call.today()));
  storage::KeyWriter prefix(tags::kPaymentBatchByOrganization);
  prefix.Text(request.organization()).Date(month);
  // A month has a handful of batches.
  ASSIGN_OR_RETURN(const std::vector<v1::PaymentBatch> batches,
                   tables.batches.Find(call.reader(), prefix, std::numeric_limits<size_t>::max()));
  Comparison comparison(tables, call, DayOr(request.as_of(), call.today()));
  for (const v1::PaymentBatch& batch : batches) {
    if (!batch.file_digest().empty()) RETURN_IF_ERROR(comparison.Take(batch));
  }
  return std::move(comparison.answer());
}

}  // namespace dangjian::welfare
