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

// Steps of a held line after the approval of its batch, in which it stays HELD.
constexpr std::string_view kReleased = "hold:RELEASED";
constexpr std::string_view kTakenBack = "hold:TAKEN_BACK";

// Adding by hand and releasing both make a line payable.
bool MakesPayable(const common::v1::Transition& step) {
  return step.state() == NameOf(v1::PAYMENT_LINE_STATE_PENDING) || step.state() == kReleased;
}

bool IsMadePayableBy(const common::v1::Transition& step, std::string_view actor) {
  return step.actor() == actor && MakesPayable(step);
}

}  // namespace

void Enter(v1::PaymentLine& line, const Step& step) {
  line.set_state(v1::PAYMENT_LINE_STATE_PENDING);
  AddTransition(*line.mutable_transitions(), NameOf(line.state()), step);
}

bool IsEnteredBy(const v1::PaymentLine& line, std::string_view actor) {
  return !line.transitions().empty() && IsMadePayableBy(line.transitions(0), actor);
}

bool IsPassedBy(const v1::PaymentLine& line, std::string_view actor) {
  return std::any_of(line.transitions().begin(), line.transitions().end(),
                     [&](const common::v1::Transition& step) { return IsMadePayableBy(step, actor); });
}

std::string_view HoldText(v1::HoldReason reason) {
  switch (reason) {
    case v1::HOLD_REASON_DECEASED:
      return "家庭成员已死亡";
    case v1::HOLD_REASON_MOVED_OUT:
      return "家庭成员已迁出本辖区";
    case v1::HOLD_REASON_IN_CUSTODY:
      return "家庭成员被羁押";
    case v1::HOLD_REASON_DUPLICATE_PERSON:
      return "家庭成员疑似重复登记";
    case v1::HOLD_REASON_SHARED_ACCOUNT:
      return "多户共用同一账户";
    case v1::HOLD_REASON_ABOVE_THRESHOLD:
      return "金额超过批次设定的核查线";
    case v1::HOLD_REASON_UNDER_APPEAL:
      return "追缴决定正在申诉";
    case v1::HOLD_REASON_MANUAL:
      return "人工暂缓";
    case v1::HOLD_REASON_NO_ACCOUNT:
      return "未登记收款账户";
    case v1::HOLD_REASON_CASE_SUSPENDED:
      return "低保案件已暂停";
    case v1::HOLD_REASON_CASE_ENDED:
      return "测算后低保案件已停发";
    case v1::HOLD_REASON_PAYEE_CHANGED:
      return "测算后领款人或账户已变更";
    case v1::HOLD_REASON_AWARD_CHANGED:
      return "测算后该月应发金额已变更";
    default:
      return "";
  }
}

absl::Status Hold(v1::PaymentLine& line, v1::HoldReason reason, const Step& step) {
  RETURN_IF_ERROR(Move(line, v1::PAYMENT_LINE_STATE_PENDING, v1::PAYMENT_LINE_STATE_HELD, "a hold", step));
  line.set_hold_reason(reason);
  line.set_hold_reason_zh(std::string(HoldText(reason)));
  return absl::OkStatus();
}

absl::Status Release(v1::PaymentLine& line, const Step& step) {
  if (line.payee_reference().empty()) {
    return Error(reasons::kLineWithoutAccount, "the line names no account", {{"resource", line.name()}});
  }
  RETURN_IF_ERROR(Move(line, v1::PAYMENT_LINE_STATE_HELD, v1::PAYMENT_LINE_STATE_PENDING, "a release", step));
  line.clear_hold_reason();
  line.clear_hold_reason_zh();
  line.clear_released();
  return absl::OkStatus();
}

absl::Status ReleaseForNextRun(v1::PaymentLine& line, const Step& step) {
  if (line.state() != v1::PAYMENT_LINE_STATE_HELD || line.released()) {
    const std::string_view state = line.released() ? "RELEASED" : NameOf(line.state());
    return IllegalTransition(line.name(), state, "a release");
  }
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(line.transitions())));
  line.set_released(true);
  AddTransition(*line.mutable_transitions(), kReleased, step);
  return absl::OkStatus();
}

absl::Status TakeReleaseBack(v1::PaymentLine& line, const Step& step) {
  if (!line.released()) return IllegalTransition(line.name(), NameOf(line.state()), "taking a release back");
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(line.transitions())));
  line.set_released(false);
  AddTransition(*line.mutable_transitions(), kTakenBack, step);
  return absl::OkStatus();
}

bool MayComeAgain(const v1::PaymentLine& line) {
  if (line.state() != v1::PAYMENT_LINE_STATE_HELD || line.run_kind() == v1::PAYMENT_RUN_KIND_RECOVERY) return false;
  const v1::HoldReason reason = line.hold_reason();
  return line.released() || reason == v1::HOLD_REASON_CASE_ENDED || reason == v1::HOLD_REASON_PAYEE_CHANGED ||
         reason == v1::HOLD_REASON_AWARD_CHANGED;
}

const common::v1::Transition* NewestRelease(const v1::PaymentLine& line) {
  const auto found = std::find_if(line.transitions().rbegin(), line.transitions().rend(), &MakesPayable);
  return found == line.transitions().rend() ? nullptr : &*found;
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
