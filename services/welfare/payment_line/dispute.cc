#include "services/welfare/payment_line/dispute.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/quantity.h"
#include "services/welfare/payment_line/dispute_rules.h"
#include "services/welfare/payment_line/line_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using v1::PaymentLine;

constexpr size_t kAll = std::numeric_limits<size_t>::max();

// The lines of the case and month of `line`: a handful.
absl::StatusOr<std::vector<PaymentLine>> Neighbours(const BatchTables& tables, const storage::Reader& reader,
                                                    const PaymentLine& line) {
  storage::KeyWriter prefix(tags::kPaymentLineByCase);
  prefix.Text(line.mls_case()).Date(DayOr(line.benefit_month(), Day()));
  return tables.lines.Find(reader, prefix, kAll);
}

// Whether `other` pays `line` again, directly or by way of others of the month that failed too.
bool PaysAgain(const std::vector<PaymentLine>& lines, const PaymentLine& other, const PaymentLine& line) {
  for (std::string failed = other.reissue_of(); !failed.empty();) {
    if (failed == line.name()) return true;
    const auto before =
        std::find_if(lines.begin(), lines.end(), [&](const PaymentLine& row) { return row.name() == failed; });
    failed = before == lines.end() ? "" : before->reissue_of();
  }
  return false;
}

// Whether a batch in this state may still send the money of `other`, and nothing asks on the way whether it is due.
bool MayGo(const PaymentLine& other, v1::PaymentBatchState state, bool pays_again) {
  if (state == v1::PAYMENT_BATCH_STATE_APPROVED) return line_rules::InFile(other);
  // The approval asks of a reissue whether what it pays again is unpaid (CheckUnpaid), of no other line. A hold may be
  // ended until then.
  return state < v1::PAYMENT_BATCH_STATE_APPROVED && !pays_again;
}

// Before a settlement makes the month better paid, whatever was reckoned without it and can still be stopped must be.
absl::Status CheckNothingElseGoes(const BatchTables& tables, const storage::Reader& reader, const PaymentLine& line) {
  ASSIGN_OR_RETURN(const std::vector<PaymentLine> lines, Neighbours(tables, reader, line));
  for (const PaymentLine& other : lines) {
    const bool recovery = other.run_kind() == v1::PAYMENT_RUN_KIND_RECOVERY;
    if (recovery || other.component() != line.component() || other.name() == line.name()) continue;
    ASSIGN_OR_RETURN(const v1::PaymentBatch batch, tables.batches.Get(reader, other.payment_batch()));
    if (!MayGo(other, batch.state(), PaysAgain(lines, other, line))) continue;
    return Error(reasons::kReissueStands,
                 absl::StrCat("cancel ", batch.name(), ", or before its approval hold ", other.name(), " and approve"),
                 {{"resource", line.name()}, {"payment_batch", batch.name()}});
  }
  return absl::OkStatus();
}

// What a line counts for in the header of its batch.
struct Count {
  int32_t paid = 0;
  int32_t failed = 0;
  int64_t paid_fen = 0;
  int64_t failed_fen = 0;
  int64_t paid_after_reissue_fen = 0;
};

Count CountOf(const PaymentLine& line) {
  if (line.state() != v1::PAYMENT_LINE_STATE_PAID) return {.failed = 1, .failed_fen = line.amount_fen()};
  return {.paid = 1,
          .paid_fen = line.amount_fen(),
          .paid_after_reissue_fen = line.paid_after_reissue() ? line.reissued_fen() : 0};
}

// Takes `before` out of the header and puts `after` in. PAYMENT_SUM_OVERFLOW.
absl::Status Recount(v1::PaymentBatch& batch, const PaymentLine& before, const PaymentLine& after) {
  const Count out = CountOf(before);
  const Count in = CountOf(after);
  // The differences are those of one line, at most 10^11 fen.
  const auto paid = CheckedAdd(batch.paid_fen(), in.paid_fen - out.paid_fen);
  const auto failed = CheckedAdd(batch.failed_fen(), in.failed_fen - out.failed_fen);
  const auto twice = CheckedAdd(batch.paid_after_reissue_fen(), in.paid_after_reissue_fen - out.paid_after_reissue_fen);
  if (!paid.has_value() || !failed.has_value() || !twice.has_value()) {
    return Error(reasons::kPaymentSumOverflow, "a sum of the batch leaves 64 bits", {{"resource", batch.name()}});
  }
  batch.set_paid_count(batch.paid_count() + in.paid - out.paid);
  batch.set_failed_count(batch.failed_count() + in.failed - out.failed);
  batch.set_paid_fen(*paid);
  batch.set_failed_fen(*failed);
  batch.set_paid_after_reissue_fen(*twice);
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckDisputes(const BatchTables& tables, const storage::Reader& reader, const v1::PaymentBatch& batch) {
  ASSIGN_OR_RETURN(const std::vector<PaymentLine> disputed,
                   tables.lines.Find(reader, storage::KeyWriter(tags::kPaymentLineDisputed), kAll));
  for (const PaymentLine& line : disputed) {
    ASSIGN_OR_RETURN(const std::vector<PaymentLine> lines, Neighbours(tables, reader, line));
    for (const PaymentLine& other : lines) {
      const bool moves_money = other.payment_batch() == batch.name() && line_rules::InFile(other);
      if (moves_money && other.component() == line.component()) return dispute_rules::Disputed(line, batch.name());
    }
  }
  return absl::OkStatus();
}

absl::Status CheckUnpaid(const BatchTables& tables, const storage::Reader& reader, const PaymentLine& failed) {
  for (PaymentLine line = failed;;) {
    if (line.state() == v1::PAYMENT_LINE_STATE_PAID) {
      return Error(reasons::kReissuedLinePaid,
                   absl::StrCat(line.name(), " was settled to PAID: hold the line that pays it again"),
                   {{"resource", line.name()}});
    }
    if (line.reissue_of().empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(line, tables.lines.Get(reader, line.reissue_of()));
  }
}

absl::StatusOr<PaymentLine> ConfirmOutcome(const BatchTables& tables, rpc::CallContext& call,
                                           const v1::ConfirmPaymentLineOutcomeRequest& request) {
  Step step = rpc::StepOf(call, request.occurred_on());
  step.on_behalf_of = request.confirmer();
  return rpc::ChangeRecord(call, tables.lines, request, [&](PaymentLine& line) -> absl::Status {
    const PaymentLine before = line;
    RETURN_IF_ERROR(dispute_rules::Confirm(line, request.outcome(), request.confirmer(), step));
    if (line.state() == before.state()) return absl::OkStatus();
    const bool recovery = line.run_kind() == v1::PAYMENT_RUN_KIND_RECOVERY;
    const bool paid = line.state() == v1::PAYMENT_LINE_STATE_PAID;
    if (paid != recovery) RETURN_IF_ERROR(CheckNothingElseGoes(tables, call.reader(), line));
    ASSIGN_OR_RETURN(v1::PaymentBatch batch, tables.batches.Get(call.reader(), line.payment_batch()));
    RETURN_IF_ERROR(Recount(batch, before, line));
    RETURN_IF_ERROR(tables.ledger.Post(call.txn(), batch, dispute_rules::EntryOf(before, line), step.day));
    return tables.batches.Update(call.txn(), batch);
  });
}

}  // namespace dangjian::welfare
