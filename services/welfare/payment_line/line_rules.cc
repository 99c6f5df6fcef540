#include "services/welfare/payment_line/line_rules.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::welfare::line_rules {
namespace {

std::string_view NameOf(v1::PaymentLineState state) {
  return StripPrefix(v1::PaymentLineState_Name(state), "PAYMENT_LINE_STATE_");
}

absl::Status Move(v1::PaymentLine& line, v1::PaymentLineState from, v1::PaymentLineState to, std::string_view verb,
                  const Step& step) {
  if (line.state() != from) return IllegalTransition(line.name(), NameOf(line.state()), verb);
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(line.transitions())));
  line.set_state(to);
  AddTransition(*line.mutable_transitions(), NameOf(to), step);
  return absl::OkStatus();
}

// Adding by hand and releasing both make a line payable.
bool MadePending(const common::v1::Transition& step, std::string_view actor) {
  return step.actor() == actor && step.state() == NameOf(v1::PAYMENT_LINE_STATE_PENDING);
}

}  // namespace

void Enter(v1::PaymentLine& line, const Step& step) {
  line.set_state(v1::PAYMENT_LINE_STATE_PENDING);
  AddTransition(*line.mutable_transitions(), NameOf(line.state()), step);
}

bool IsEnteredBy(const v1::PaymentLine& line, std::string_view actor) {
  return !line.transitions().empty() && MadePending(line.transitions(0), actor);
}

bool IsPassedBy(const v1::PaymentLine& line, std::string_view actor) {
  return std::any_of(line.transitions().begin(), line.transitions().end(),
                     [&](const common::v1::Transition& step) { return MadePending(step, actor); });
}

absl::Status Hold(v1::PaymentLine& line, v1::HoldReason reason, const Step& step) {
  RETURN_IF_ERROR(Move(line, v1::PAYMENT_LINE_STATE_PENDING, v1::PAYMENT_LINE_STATE_HELD, "a hold", step));
  line.set_hold_reason(reason);
  return absl::OkStatus();
}

absl::Status Release(v1::PaymentLine& line, const Step& step) {
  if (line.payee_reference().empty()) {
    return Error(reasons::kLineWithoutAccount, "the line names no account", {{"resource", line.name()}});
  }
  RETURN_IF_ERROR(Move(line, v1::PAYMENT_LINE_STATE_HELD, v1::PAYMENT_LINE_STATE_PENDING, "a release", step));
  line.clear_hold_reason();
  return absl::OkStatus();
}

absl::Status Reissue(v1::PaymentLine& line, int64_t amount_fen, const Step& step) {
  RETURN_IF_ERROR(Move(line, v1::PAYMENT_LINE_STATE_FAILED, v1::PAYMENT_LINE_STATE_REISSUED, "a reissue", step));
  line.set_reissued_fen(amount_fen);
  return absl::OkStatus();
}

absl::Status TakeReissueBack(v1::PaymentLine& line, const Step& step) {
  RETURN_IF_ERROR(
      Move(line, v1::PAYMENT_LINE_STATE_REISSUED, v1::PAYMENT_LINE_STATE_FAILED, "taking a reissue back", step));
  line.clear_reissued_fen();
  return absl::OkStatus();
}

absl::Status Settle(v1::PaymentLine& line, bool paid, std::string_view bank_reason, Day day, const Step& step) {
  Step on_day = step;
  on_day.day = day;
  // A hold before the export is an office's step: the bank's day is its own and may lie before.
  if (line.state() != v1::PAYMENT_LINE_STATE_PENDING) {
    return IllegalTransition(line.name(), NameOf(line.state()), "a bank return");
  }
  RETURN_IF_ERROR(CheckStep(on_day, Day::Min()));
  line.set_state(paid ? v1::PAYMENT_LINE_STATE_PAID : v1::PAYMENT_LINE_STATE_FAILED);
  line.set_bank_reason(std::string(bank_reason));
  *line.mutable_settled_on() = DayToProto(day);
  AddTransition(*line.mutable_transitions(), NameOf(line.state()), on_day);
  return absl::OkStatus();
}

}  // namespace dangjian::welfare::line_rules
