#include "services/welfare/payment_batch/recovery.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/welfare/payment_batch/batch_calculation.h"
#include "services/welfare/payment_batch/batch_rules.h"
#include "services/welfare/payment_batch/case_lines.h"
#include "services/welfare/payment_batch/due_rules.h"
#include "services/welfare/payment_batch/recovery_rules.h"
#include "services/welfare/payment_line/dispute_rules.h"
#include "services/welfare/payment_line/line_key.h"
#include "services/welfare/payment_line/line_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using due_rules::CaseLine;

// What the month was paid above its due: paid lines of that component, less what is asked back and the award in force.
// Contract bounds of awards and earlier checks keep the sums far from the end of 64 bits; CoveredFen checks them
// anyway.
absl::StatusOr<int64_t> OverpaidFen(const std::vector<CaseLine>& lines, const std::vector<v1::MlsAward>& awards,
                                    Day month, v1::BenefitComponent component) {
  std::vector<CaseLine> settled;
  for (const CaseLine& entry : lines) {
    const bool asked = due_rules::AsksBack(entry);
    if (entry.line.state() != v1::PAYMENT_LINE_STATE_PAID && !asked) continue;
    settled.push_back(entry);
    if (asked) settled.back().line.set_state(v1::PAYMENT_LINE_STATE_PAID);
  }
  ASSIGN_OR_RETURN(const int64_t covered, due_rules::CoveredFen(settled, month, component));
  return covered - due_rules::DueFen(awards, month, component);
}

// What the recoveries of the batch's month ask of the case already, in this batch and in others. Those that could not
// be collected, or were left out of their batch under appeal, took nothing.
absl::StatusOr<int64_t> AskedFen(const BatchTables& tables, const storage::Reader& reader,
                                 const std::vector<CaseLine>& lines, const v1::PaymentBatch& batch) {
  const Day month = DayOr(batch.benefit_month(), Day());
  int64_t asked = 0;
  for (const CaseLine& entry : lines) {
    if (!due_rules::AsksBack(entry)) continue;
    ASSIGN_OR_RETURN(const v1::PaymentBatch other, tables.batches.Get(reader, entry.line.payment_batch()));
    // Each is at most 10^11 fen, and all of a month are below a cap of that size.
    if (DayOr(other.benefit_month(), Day()) == month) asked -= entry.line.amount_fen();
  }
  return asked;
}

absl::Status CheckBatch(const v1::PaymentBatch& batch) {
  RETURN_IF_ERROR(batch_rules::CheckEditable(batch, "a recovery line"));
  if (batch_rules::IsRecovery(batch) && batch.state() == v1::PAYMENT_BATCH_STATE_DRAFT) return absl::OkStatus();
  const std::string_view state = batch_rules::IsRecovery(batch)
                                     ? StripPrefix(v1::PaymentBatchState_Name(batch.state()), "PAYMENT_BATCH_STATE_")
                                     : StripPrefix(v1::PaymentRunKind_Name(batch.run_kind()), "PAYMENT_RUN_KIND_");
  return IllegalTransition(batch.name(), state, "a recovery line");
}

// A month about which the bank contradicts itself is settled before money is asked back.
absl::Status CheckUndisputed(const std::vector<CaseLine>& lines, Day month, v1::BenefitComponent component) {
  for (const CaseLine& entry : lines) {
    const bool same = entry.line.component() == component && DayOr(entry.line.benefit_month(), Day()) == month;
    if (same && entry.line.disputed()) return dispute_rules::Disputed(entry.line, entry.line.mls_case());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::MlsAward>> AwardsOf(const BatchTables& tables, const storage::Reader& reader,
                                                   const std::string& mls_case) {
  return tables.awards.FindAll(reader, storage::KeyWriter(tags::kMlsAwardByCase).Text(mls_case));
}

}  // namespace

absl::Status CheckStillOverpaid(const BatchTables& tables, const storage::Reader& reader, const v1::PaymentLine& line) {
  if (line.run_kind() != v1::PAYMENT_RUN_KIND_RECOVERY || !line_rules::InFile(line)) return absl::OkStatus();
  const Day month = DayOr(line.benefit_month(), Day());
  ASSIGN_OR_RETURN(std::vector<CaseLine> lines, ReadCaseLines(tables, reader, line.mls_case(), month));
  for (CaseLine& entry : lines) {
    // What this batch holds is left out of it.
    if (entry.line.payment_batch() == line.payment_batch()) entry.batch_state = v1::PAYMENT_BATCH_STATE_APPROVED;
  }
  ASSIGN_OR_RETURN(const std::vector<v1::MlsAward> awards, AwardsOf(tables, reader, line.mls_case()));
  ASSIGN_OR_RETURN(const int64_t left, OverpaidFen(lines, awards, month, line.component()));
  if (left >= 0) return absl::OkStatus();
  return Error(reasons::kRecoveryExceedsOverpayment,
               absl::StrCat(line.name(), ": what was overpaid has gone since, ", -left, " fen are asked too much"),
               {{"resource", line.payment_batch()}, {"payment_line", line.name()}});
}

absl::StatusOr<v1::PaymentLine> AddRecoveryLine(const BatchTables& tables, storage::Transaction& txn,
                                                v1::PaymentBatch& batch, const v1::AddRecoveryLineRequest& request,
                                                const Step& step) {
  RETURN_IF_ERROR(CheckBatch(batch));
  RETURN_IF_ERROR(recovery_rules::CheckDecision(request, step.today));
  const Day month = DayOr(request.benefit_month(), Day());
  BatchCalculation calculation(tables, txn, batch, step);
  ASSIGN_OR_RETURN(const std::vector<CaseLine> lines, calculation.LinesOf(request.mls_case(), std::nullopt));
  ASSIGN_OR_RETURN(const std::vector<v1::MlsAward> awards, AwardsOf(tables, txn.reader(), request.mls_case()));
  const v1::MlsAward* award = due_rules::AwardToPay(awards, month);
  if (award == nullptr || award->organization() != batch.organization()) {
    return Error(reasons::kCaseOfOtherOrganization,
                 absl::StrCat(batch.organization(), " has no award of ", request.mls_case(), " in that month"),
                 {{"resource", request.mls_case()}, {"organization", batch.organization()}});
  }
  RETURN_IF_ERROR(CheckUndisputed(lines, month, request.component()));
  ASSIGN_OR_RETURN(const int64_t overpaid, OverpaidFen(lines, awards, month, request.component()));
  ASSIGN_OR_RETURN(const int64_t asked, AskedFen(tables, txn.reader(), lines, batch));
  RETURN_IF_ERROR(recovery_rules::CheckAmount(request, overpaid, asked));
  v1::PaymentLine line;
  line.set_seq(due_rules::NextSeq(lines, month, request.component(), v1::PAYMENT_RUN_KIND_RECOVERY));
  line.set_name(absl::StrCat("paymentLines/", line_key::LineId(request.mls_case(), month, request.component(),
                                                               v1::PAYMENT_RUN_KIND_RECOVERY, line.seq())));
  line.set_payment_batch(batch.name());
  line.set_organization(batch.organization());
  line.set_mls_case(request.mls_case());
  line.set_household(award->household());
  line.set_payee_name(award->payee_name());
  line.set_payee_reference(award->payee_reference());
  line.set_award(award->name());
  *line.mutable_benefit_month() = request.benefit_month();
  line.set_component(request.component());
  line.set_run_kind(v1::PAYMENT_RUN_KIND_RECOVERY);
  line.set_amount_fen(-request.amount_fen());
  *line.mutable_recovery() = request.decision();
  // Of the day of the notice: what the bank answered since may be entered late.
  Step entry = step;
  entry.day = DayOr(request.decision().notice_on(), step.day);
  line_rules::Enter(line, entry);
  RETURN_IF_ERROR(calculation.Write(
      line, request.decision().under_appeal() ? v1::HOLD_REASON_UNDER_APPEAL : v1::HOLD_REASON_UNSPECIFIED));
  RETURN_IF_ERROR(tables.batches.Update(txn, batch));
  return line;
}

}  // namespace dangjian::welfare
