#include "services/welfare/payment_batch/batch_rules.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "common/types/month.h"
#include "services/welfare/payment_line/line_key.h"
#include "services/welfare/reasons.h"

namespace dangjian::welfare::batch_rules {
namespace {

using v1::PaymentBatch;
using v1::PaymentBatchState;

std::string_view NameOf(PaymentBatchState state) {
  return StripPrefix(v1::PaymentBatchState_Name(state), "PAYMENT_BATCH_STATE_");
}

// A step of the batch in which it stays, or becomes again, REVIEWED.
constexpr std::string_view kRecheckHeld = "recheck:HELD";

absl::Status Move(PaymentBatch& batch, std::initializer_list<PaymentBatchState> from, PaymentBatchState to,
                  std::string_view verb, const Step& step) {
  if (std::find(from.begin(), from.end(), batch.state()) == from.end()) {
    return IllegalTransition(batch.name(), NameOf(batch.state()), verb);
  }
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(batch.transitions())));
  batch.set_state(to);
  AddTransition(*batch.mutable_transitions(), NameOf(to), step);
  return absl::OkStatus();
}

absl::Status CheckPerson(const PaymentBatch& batch, std::string_view person, std::string_view role) {
  if (person != batch.preparer() && person != batch.reviewer()) return absl::OkStatus();
  return ActedBefore(batch, person, role);
}

// Whether the caller calculated some of the batch: the steps before the first review. Those after it are edits.
bool HasCalculated(const PaymentBatch& batch, std::string_view actor) {
  for (const common::v1::Transition& step : batch.transitions()) {
    if (step.state() == NameOf(v1::PAYMENT_BATCH_STATE_REVIEWED)) return false;
    if (step.actor() == actor) return true;
  }
  return false;
}

bool HasReviewed(const PaymentBatch& batch, std::string_view actor) {
  return std::any_of(batch.transitions().begin(), batch.transitions().end(), [&](const common::v1::Transition& step) {
    return step.state() == NameOf(v1::PAYMENT_BATCH_STATE_REVIEWED) && step.actor() == actor;
  });
}

bool IsMonth(const google::type::Date& date) {
  const Day day = DayOr(date, Day::Min());
  return day != Day::Min() && day.civil().day() == 1;
}

// What a caller may set.
PaymentBatch ContentOf(const PaymentBatch& batch) {
  PaymentBatch content;
  content.set_scheme(batch.scheme());
  content.set_organization(batch.organization());
  *content.mutable_benefit_month() = batch.benefit_month();
  content.set_run_kind(batch.run_kind());
  content.set_sequence(std::max(batch.sequence(), 1));
  content.set_hold_above_fen(batch.hold_above_fen());
  content.set_change_note_bp(batch.change_note_bp());
  if (batch.has_arrears_from()) *content.mutable_arrears_from() = batch.arrears_from();
  content.set_note(batch.note());
  return content;
}

}  // namespace

std::string BatchId(const PaymentBatch& batch, int32_t sequence) {
  std::string key =
      absl::StrCat(batch.scheme(), "-", line_key::IdOf(batch.organization()), "-",
                   line_key::MonthText(DayOr(batch.benefit_month(), Day())), "-", line_key::WordOf(batch.run_kind()));
  if (sequence > 1) absl::StrAppend(&key, "-", sequence);
  return line_key::FittingId(key);
}

absl::Status CheckKey(const PaymentBatch& batch) {
  Violations violations;
  if (!IsMonth(batch.benefit_month())) {
    violations.Add("payment_batch.benefit_month", dangjian::reasons::kInvalidDate, "a month is its first day");
  }
  if (batch.has_arrears_from() && !IsMonth(batch.arrears_from())) {
    violations.Add("payment_batch.arrears_from", dangjian::reasons::kInvalidDate, "a month is its first day");
  }
  return violations.ToStatus();
}

void Initialize(PaymentBatch& batch) {
  batch = ContentOf(batch);
  batch.set_name(absl::StrCat("paymentBatches/", BatchId(batch, batch.sequence())));
  batch.set_state(v1::PAYMENT_BATCH_STATE_DRAFT);
}

bool SameContent(const PaymentBatch& a, const PaymentBatch& b) {
  return ContentOf(a).SerializeAsString() == ContentOf(b).SerializeAsString();
}

bool RunsOnce(v1::PaymentRunKind kind) {
  return kind == v1::PAYMENT_RUN_KIND_REGULAR || kind == v1::PAYMENT_RUN_KIND_PRICE_SUBSIDY;
}

bool IsCalculated(const PaymentBatch& batch) { return batch.state() != v1::PAYMENT_BATCH_STATE_DRAFT; }

bool IsApproved(const PaymentBatch& batch) {
  return batch.state() >= v1::PAYMENT_BATCH_STATE_APPROVED && batch.state() != v1::PAYMENT_BATCH_STATE_CANCELLED;
}

absl::Status CheckCalculation(const PaymentBatch& batch, std::string_view preparer) {
  if (batch.state() == v1::PAYMENT_BATCH_STATE_CANCELLED) {
    return IllegalTransition(batch.name(), NameOf(batch.state()), "the calculation");
  }
  if (!batch.preparer().empty() && batch.preparer() != preparer) {
    return Error(reasons::kPreparerDiffers, "another person began the calculation", {{"resource", batch.name()}});
  }
  return absl::OkStatus();
}

absl::Status BeginCalculation(PaymentBatch& batch, std::string_view preparer, int64_t snapshot, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  if (DayOr(batch.benefit_month(), Day::Max()) > NextMonth(step.day)) {
    return Error(reasons::kBenefitMonthAhead,
                 absl::StrCat("on ", FormatDay(step.day), " no month later than the next one is calculated"),
                 {{"resource", batch.name()}});
  }
  batch.set_preparer(std::string(preparer));
  batch.set_snapshot_revision(snapshot);
  *batch.mutable_calculated_on() = DayToProto(step.day);
  return absl::OkStatus();
}

void NotePortion(PaymentBatch& batch, const Step& step) {
  if (HasCalculated(batch, step.actor)) return;
  AddTransition(*batch.mutable_transitions(), NameOf(v1::PAYMENT_BATCH_STATE_DRAFT), step);
}

absl::Status FinishCalculation(PaymentBatch& batch, const Step& step) {
  Step done = step;
  done.day = DayOr(batch.calculated_on(), step.day);
  done.on_behalf_of = batch.preparer();
  RETURN_IF_ERROR(
      Move(batch, {v1::PAYMENT_BATCH_STATE_DRAFT}, v1::PAYMENT_BATCH_STATE_CALCULATED, "the calculation", done));
  batch.set_digest(batch.lines_digest());
  return absl::OkStatus();
}

absl::Status CheckEditable(const PaymentBatch& batch, std::string_view wanted) {
  if (IsApproved(batch)) {
    return Error(reasons::kBatchApproved,
                 absl::StrCat(batch.name(), " is ", ToAbsl(NameOf(batch.state())), ": ", ToAbsl(wanted),
                              " is not possible after the approval"),
                 {{"resource", batch.name()}, {"state", std::string(NameOf(batch.state()))}});
  }
  if (batch.state() != v1::PAYMENT_BATCH_STATE_CANCELLED) return absl::OkStatus();
  return IllegalTransition(batch.name(), NameOf(batch.state()), wanted);
}

absl::Status CheckHoldable(const PaymentBatch& batch) {
  constexpr std::string_view kWanted = "a change of what is held";
  RETURN_IF_ERROR(CheckEditable(batch, kWanted));
  return IsCalculated(batch) ? absl::OkStatus() : IllegalTransition(batch.name(), NameOf(batch.state()), kWanted);
}

void Edited(PaymentBatch& batch, const Step& step) {
  if (batch.state() != v1::PAYMENT_BATCH_STATE_REVIEWED) return;
  batch.set_state(v1::PAYMENT_BATCH_STATE_CALCULATED);
  batch.clear_reviewer();
  batch.set_digest(batch.lines_digest());
  AddTransition(*batch.mutable_transitions(), NameOf(batch.state()), step);
}

absl::Status ActedBefore(const PaymentBatch& batch, std::string_view who, std::string_view role) {
  return Error(reasons::kApproverIsPreparer,
               absl::StrCat("the ", ToAbsl(role), " must be another person than those who acted on the batch before"),
               {{"resource", batch.name()}, {"person", std::string(who)}});
}

absl::Status Review(PaymentBatch& batch, std::string_view reviewer, const Step& step) {
  RETURN_IF_ERROR(CheckEditable(batch, "the review"));
  RETURN_IF_ERROR(CheckPerson(batch, reviewer, "reviewer"));
  if (HasCalculated(batch, step.actor)) return ActedBefore(batch, step.actor, "reviewer");
  RETURN_IF_ERROR(
      Move(batch, {v1::PAYMENT_BATCH_STATE_CALCULATED}, v1::PAYMENT_BATCH_STATE_REVIEWED, "the review", step));
  batch.set_reviewer(std::string(reviewer));
  return absl::OkStatus();
}

absl::Status Approve(PaymentBatch& batch, std::string_view approver, std::string_view digest, const Step& step) {
  RETURN_IF_ERROR(CheckEditable(batch, "approval"));
  RETURN_IF_ERROR(CheckPerson(batch, approver, "approver"));
  if (HasCalculated(batch, step.actor) || HasReviewed(batch, step.actor)) {
    return ActedBefore(batch, step.actor, "approver");
  }
  if (batch.state() == v1::PAYMENT_BATCH_STATE_REVIEWED && batch.digest() != digest) {
    return Error(reasons::kBatchDigestMismatch, "the digest is not that of the batch: read it again",
                 {{"resource", batch.name()}});
  }
  RETURN_IF_ERROR(Move(batch, {v1::PAYMENT_BATCH_STATE_REVIEWED}, v1::PAYMENT_BATCH_STATE_APPROVED, "approval", step));
  batch.set_approver(std::string(approver));
  batch.clear_held_by_recheck();
  return absl::OkStatus();
}

void ReviewedAgain(PaymentBatch& batch) {
  batch.set_state(v1::PAYMENT_BATCH_STATE_REVIEWED);
  batch.clear_approver();
}

void NoteRecheck(PaymentBatch& batch, const Step& step) {
  Step noted = step;
  noted.reason = absl::StrCat("复查发现 ", batch.held_by_recheck(), " 笔情况有变,已暂缓");
  AddTransition(*batch.mutable_transitions(), kRecheckHeld, noted);
}

absl::Status Export(PaymentBatch& batch, const Step& step) {
  return Move(batch, {v1::PAYMENT_BATCH_STATE_APPROVED}, v1::PAYMENT_BATCH_STATE_EXPORTED, "the export", step);
}

absl::Status MarkSent(PaymentBatch& batch, const Step& step) {
  RETURN_IF_ERROR(Move(batch, {v1::PAYMENT_BATCH_STATE_EXPORTED}, v1::PAYMENT_BATCH_STATE_SENT, "sending", step));
  *batch.mutable_sent_on() = DayToProto(step.day);
  return absl::OkStatus();
}

absl::Status CheckReturn(const PaymentBatch& batch, const Step& step) {
  const bool awaited = batch.state() == v1::PAYMENT_BATCH_STATE_SENT ||
                       batch.state() == v1::PAYMENT_BATCH_STATE_PARTIALLY_PAID ||
                       batch.state() == v1::PAYMENT_BATCH_STATE_SETTLED;
  if (!awaited) return IllegalTransition(batch.name(), NameOf(batch.state()), "a bank return");
  return CheckStep(step, DayOr(batch.sent_on(), Day::Min()));
}

void Receive(PaymentBatch& batch, const Step& step) {
  if (batch.state() != v1::PAYMENT_BATCH_STATE_SENT) return;
  batch.set_state(v1::PAYMENT_BATCH_STATE_PARTIALLY_PAID);
  AddTransition(*batch.mutable_transitions(), NameOf(batch.state()), step);
}

absl::Status Settle(PaymentBatch& batch, const Step& step) {
  const int32_t open = FileLines(batch) - batch.paid_count() - batch.failed_count();
  const bool sent =
      batch.state() == v1::PAYMENT_BATCH_STATE_SENT || batch.state() == v1::PAYMENT_BATCH_STATE_PARTIALLY_PAID;
  if (sent && open != 0) {
    return Error(reasons::kLinesInTransit, absl::StrCat(open, " lines have no answer of the bank"),
                 {{"resource", batch.name()}, {"open_lines", absl::StrCat(open)}});
  }
  return Move(batch, {v1::PAYMENT_BATCH_STATE_SENT, v1::PAYMENT_BATCH_STATE_PARTIALLY_PAID},
              v1::PAYMENT_BATCH_STATE_SETTLED, "settlement", step);
}

absl::Status Cancel(PaymentBatch& batch, const Step& step) {
  return Move(batch,
              {v1::PAYMENT_BATCH_STATE_DRAFT, v1::PAYMENT_BATCH_STATE_CALCULATED, v1::PAYMENT_BATCH_STATE_REVIEWED,
               v1::PAYMENT_BATCH_STATE_APPROVED},
              v1::PAYMENT_BATCH_STATE_CANCELLED, "cancellation", step);
}

bool ChangeNeedsNote(const PaymentBatch& batch, int64_t previous_fen) {
  if (batch.change_note_bp() == 0) return false;
  constexpr int64_t kBasisPoints = 10'000;
  // Exact: |total - previous| / previous > bp / 10,000, without dividing.
  const __int128 change = static_cast<__int128>(batch.total_fen()) - previous_fen;
  return (change < 0 ? -change : change) * kBasisPoints > static_cast<__int128>(previous_fen) * batch.change_note_bp();
}

}  // namespace dangjian::welfare::batch_rules
