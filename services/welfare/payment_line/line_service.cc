#include "services/welfare/payment_line/line_service.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/quantity.h"
#include "services/welfare/payment_batch/batch_rules.h"
#include "services/welfare/payment_batch/case_facts.h"
#include "services/welfare/payment_batch/case_lines.h"
#include "services/welfare/payment_batch/recheck_rules.h"
#include "services/welfare/payment_line/dispute.h"
#include "services/welfare/payment_line/dispute_rules.h"
#include "services/welfare/payment_line/line_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

void PaymentLineService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::RegisterStandardMethods(router, *v1::PaymentLine::descriptor()->file()->service(0), tables_.lines, tokens,
                               rpc::StandardOptions<v1::PaymentLine>{
                                   .list_filters = {{.field = "payment_batch", .index_tag = tags::kPaymentLineByBatch},
                                                    {.field = "mls_case", .index_tag = tags::kPaymentLineByCase}}});
  router.Unary(this, &PaymentLineService::Hold);
  router.Unary(this, &PaymentLineService::Release);
  router.Unary(this, &PaymentLineService::Propose);
  router.Unary(this, &PaymentLineService::Confirm);
  router.Unary(this, &PaymentLineService::Explain);
}

absl::Status PaymentLineService::CountHold(rpc::CallContext& call, const v1::PaymentLine& line, int sign,
                                           const Step& step) const {
  ASSIGN_OR_RETURN(v1::PaymentBatch batch, tables_.batches.Get(call.reader(), line.payment_batch()));
  RETURN_IF_ERROR(batch_rules::CheckHoldable(batch));
  const auto held = CheckedAdd(batch.held_fen(), sign * line.amount_fen());
  if (!held.has_value()) return Error(reasons::kPaymentSumOverflow, "the held sum leaves 64 bits");
  batch.set_held_fen(*held);
  batch.set_held_count(batch.held_count() + sign);
  batch_rules::Edited(batch, step);
  return tables_.batches.Update(call.txn(), batch);
}

absl::StatusOr<v1::PaymentLine> PaymentLineService::Hold(rpc::CallContext& call,
                                                         const v1::HoldPaymentLineRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on(), request.note());
  return rpc::ChangeRecord(call, tables_.lines, request, [&](v1::PaymentLine& line) -> absl::Status {
    if (line.released()) {
      RETURN_IF_ERROR(CheckNotTakenUp(call.reader(), line, "taking a release back"));
      return line_rules::TakeReleaseBack(line, step);
    }
    RETURN_IF_ERROR(CountHold(call, line, 1, step));
    return line_rules::Hold(line, v1::HOLD_REASON_MANUAL, step);
  });
}

absl::StatusOr<v1::PaymentLine> PaymentLineService::Release(rpc::CallContext& call,
                                                            const v1::ReleasePaymentLineRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on(), request.note());
  return rpc::ChangeRecord(call, tables_.lines, request, [&](v1::PaymentLine& line) -> absl::Status {
    ASSIGN_OR_RETURN(const v1::PaymentBatch batch, tables_.batches.Get(call.reader(), line.payment_batch()));
    const bool recovery = line.run_kind() == v1::PAYMENT_RUN_KIND_RECOVERY;
    if (batch_rules::IsApproved(batch) && !recovery) {
      RETURN_IF_ERROR(CheckNotTakenUp(call.reader(), line, "a release"));
      return line_rules::ReleaseForNextRun(line, step);
    }
    RETURN_IF_ERROR(CountHold(call, line, -1, step));
    RETURN_IF_ERROR(line_rules::Release(line, step));
    return recovery ? absl::OkStatus() : CheckDue(call.reader(), line);
  });
}

absl::Status PaymentLineService::CheckNotTakenUp(const storage::Reader& reader, const v1::PaymentLine& line,
                                                 std::string_view wanted) const {
  ASSIGN_OR_RETURN(const std::vector<due_rules::CaseLine> lines,
                   ReadCaseLines(tables_, reader, line.mls_case(), DayOr(line.benefit_month(), Day())));
  for (const due_rules::CaseLine& other : lines) {
    const auto& before = other.line.held_before();
    const bool takes_place = std::find(before.begin(), before.end(), line.name()) != before.end();
    if (!takes_place || other.batch_state == v1::PAYMENT_BATCH_STATE_CANCELLED) continue;
    return IllegalTransition(line.name(), absl::StrCat("taken up by ", other.line.name()), wanted);
  }
  return absl::OkStatus();
}

absl::Status PaymentLineService::CheckDue(const storage::Reader& reader, const v1::PaymentLine& line) const {
  const Day month = DayOr(line.benefit_month(), Day());
  ASSIGN_OR_RETURN(const CaseFacts facts, ReadCaseFacts(tables_, reader, line.organization(), line.mls_case(), kNow));
  // The line, held as yet, is among those that cover the month.
  ASSIGN_OR_RETURN(const std::vector<due_rules::CaseLine> lines,
                   ReadCaseLines(tables_, reader, line.mls_case(), month));
  ASSIGN_OR_RETURN(const int64_t room, due_rules::RoomFen(facts.awards, lines, month, line.component()));
  if (recheck_rules::IsPayable(line, facts, room + line.amount_fen())) return absl::OkStatus();
  return Error(
      reasons::kLineNotDue, absl::StrCat(line.name(), " is not due as it stands, however the hit was checked"),
      {{"resource", line.name()}, {"due_fen", absl::StrCat(due_rules::DueFen(facts.awards, month, line.component()))}});
}

absl::StatusOr<v1::PaymentLine> PaymentLineService::Propose(rpc::CallContext& call,
                                                            const v1::ProposePaymentLineOutcomeRequest& request) {
  Step step = rpc::StepOf(call, request.occurred_on(), request.note());
  step.on_behalf_of = request.proposer();
  return rpc::ChangeRecord(call, tables_.lines, request,
                           [&](v1::PaymentLine& line) { return dispute_rules::Propose(line, request, step); });
}

absl::StatusOr<v1::PaymentLine> PaymentLineService::Confirm(rpc::CallContext& call,
                                                            const v1::ConfirmPaymentLineOutcomeRequest& request) {
  return ConfirmOutcome(tables_, call, request);
}

absl::StatusOr<v1::ExplainPaymentLineResponse> PaymentLineService::Explain(
    rpc::CallContext& call, const v1::ExplainPaymentLineRequest& request) {
  v1::ExplainPaymentLineResponse answer;
  ASSIGN_OR_RETURN(*answer.mutable_payment_line(), tables_.lines.Get(call.reader(), request.name()));
  const v1::PaymentLine& line = answer.payment_line();
  ASSIGN_OR_RETURN(const v1::PaymentBatch batch, tables_.batches.Get(call.reader(), line.payment_batch()));
  answer.set_snapshot_revision(batch.snapshot_revision());
  answer.set_preparer(batch.preparer());
  answer.set_reviewer(batch.reviewer());
  answer.set_approver(batch.approver());
  answer.set_digest(batch.digest());
  if (!line.award().empty()) {
    // A recovery stands in its batch before the snapshot is fixed.
    const int64_t revision = batch.snapshot_revision() > 0 ? batch.snapshot_revision() : call.revision();
    RETURN_IF_ERROR(tables_.awards.core().GetAt(call.reader(), line.award(), revision, answer.mutable_award()));
    answer.set_decision_number(answer.award().decision_number());
    answer.set_rule_set(answer.award().rule_set());
  }
  ASSIGN_OR_RETURN(const std::vector<v1::LedgerEntry> entries, tables_.ledger.EntriesOf(call.reader(), batch.name()));
  for (const v1::LedgerEntry& entry : entries) answer.add_ledger_entries(entry.name());
  for (std::string failed = line.reissue_of(); !failed.empty();) {
    ASSIGN_OR_RETURN(const v1::PaymentLine before, tables_.lines.Get(call.reader(), failed));
    answer.add_failed_lines(failed);
    failed = before.reissue_of();
  }
  return answer;
}

}  // namespace dangjian::welfare
