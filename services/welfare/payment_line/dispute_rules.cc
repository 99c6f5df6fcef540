#include "services/welfare/payment_line/dispute_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/welfare/ledger/ledger_rules.h"

namespace dangjian::welfare::dispute_rules {
namespace {

constexpr int kMostAnswers = 100;

// Steps of the dispute beside those of the line itself.
constexpr std::string_view kOpened = "dispute:OPENED";
constexpr std::string_view kProposed = "dispute:PROPOSED";
constexpr std::string_view kSettled = "dispute:SETTLED";

v1::PaymentLineState OutcomeOf(const v1::PaymentLine& line) {
  return line.state() == v1::PAYMENT_LINE_STATE_PAID ? v1::PAYMENT_LINE_STATE_PAID : v1::PAYMENT_LINE_STATE_FAILED;
}

v1::BankAnswer FirstAnswer(const v1::PaymentLine& line) {
  v1::BankAnswer answer;
  answer.set_outcome(OutcomeOf(line));
  answer.set_bank_reason(line.bank_reason());
  *answer.mutable_answered_on() = line.settled_on();
  return answer;
}

bool SameAnswer(const v1::BankAnswer& a, const v1::BankAnswer& b) {
  return a.outcome() == b.outcome() && DayOr(a.answered_on(), Day()) == DayOr(b.answered_on(), Day());
}

bool WasHeard(const v1::PaymentLine& line, const v1::BankAnswer& answer) {
  return std::any_of(line.bank_answers().begin(), line.bank_answers().end(),
                     [&](const v1::BankAnswer& known) { return SameAnswer(known, answer); });
}

void Keep(v1::PaymentLine& line, const v1::BankAnswer& answer) {
  if (line.bank_answers().empty()) *line.add_bank_answers() = FirstAnswer(line);
  if (line.bank_answers_size() < kMostAnswers) *line.add_bank_answers() = answer;
  line.clear_proposal();
}

// The newest answer of that outcome; nullptr when the bank never gave it.
const v1::BankAnswer* AnswerOf(const v1::PaymentLine& line, v1::PaymentLineState outcome) {
  const v1::BankAnswer* found = nullptr;
  for (const v1::BankAnswer& answer : line.bank_answers()) {
    if (answer.outcome() == outcome) found = &answer;
  }
  return found;
}

absl::Status CheckDisputed(const v1::PaymentLine& line) {
  if (line.disputed()) return absl::OkStatus();
  return Error(reasons::kLineNotDisputed, absl::StrCat(line.name(), " is not disputed"), {{"resource", line.name()}});
}

// Money that failed waits in RETURNED. What a later line took from there, and all of a recovery, is the appropriation's
// when it is paid after all.
int64_t OfAppropriationFen(const v1::PaymentLine& before, const v1::PaymentLine& after) {
  if (after.run_kind() == v1::PAYMENT_RUN_KIND_RECOVERY) return after.amount_fen();
  return before.paid_after_reissue() || after.paid_after_reissue() ? after.reissued_fen() : 0;
}

// The day that a step of the dispute may not precede: that of the bank's answer and of the newest step, whatever it
// was.
Day NewestDay(const v1::PaymentLine& line) {
  const Day answered = DayOr(line.settled_on(), Day::Min());
  if (line.transitions().empty()) return answered;
  return std::max(answered, DayOr(line.transitions().rbegin()->occurred_on(), Day::Min()));
}

}  // namespace

Heard Hear(v1::PaymentLine& line, const v1::BankAnswer& answer, const Step& step) {
  const bool agrees = OutcomeOf(line) == answer.outcome();
  if (SameAnswer(FirstAnswer(line), answer) || WasHeard(line, answer)) return Heard::kAgain;
  Keep(line, answer);
  if (agrees) return Heard::kAgrees;
  if (!line.disputed()) AddTransition(*line.mutable_transitions(), kOpened, step);
  line.set_disputed(true);
  return Heard::kContradicts;
}

absl::Status Propose(v1::PaymentLine& line, const v1::ProposePaymentLineOutcomeRequest& request, const Step& step) {
  RETURN_IF_ERROR(CheckDisputed(line));
  if (AnswerOf(line, request.outcome()) == nullptr) {
    return Error(reasons::kOutcomeNotAnswered, "the bank has not answered that", {{"resource", line.name()}});
  }
  RETURN_IF_ERROR(CheckStep(step, NewestDay(line)));
  v1::OutcomeProposal& proposal = *line.mutable_proposal();
  proposal.set_outcome(request.outcome());
  proposal.set_proposer(request.proposer());
  proposal.set_proposed_by(step.actor);
  proposal.set_note(request.note());
  *proposal.mutable_proposed_on() = DayToProto(step.day);
  AddTransition(*line.mutable_transitions(), kProposed, step);
  return absl::OkStatus();
}

absl::Status Confirm(v1::PaymentLine& line, v1::PaymentLineState outcome, std::string_view confirmer,
                     const Step& step) {
  RETURN_IF_ERROR(CheckDisputed(line));
  const v1::OutcomeProposal& proposal = line.proposal();
  const v1::BankAnswer* answer = AnswerOf(line, outcome);
  if (!line.has_proposal() || proposal.outcome() != outcome || answer == nullptr) {
    return Error(reasons::kOutcomeNotProposed, "read the line again: that outcome is not proposed",
                 {{"resource", line.name()}});
  }
  if (proposal.proposer() == confirmer || proposal.proposed_by() == step.actor) {
    return Error(reasons::kConfirmerIsProposer, "the confirmer must be another person than the proposer",
                 {{"resource", line.name()}, {"person", std::string(confirmer)}});
  }
  RETURN_IF_ERROR(CheckStep(step, NewestDay(line)));
  AddTransition(*line.mutable_transitions(), kSettled, step);
  line.set_disputed(false);
  if (OutcomeOf(line) != outcome) {
    const bool paid = outcome == v1::PAYMENT_LINE_STATE_PAID;
    const bool reissued = line.state() == v1::PAYMENT_LINE_STATE_REISSUED || line.paid_after_reissue();
    const v1::PaymentLineState unpaid = reissued ? v1::PAYMENT_LINE_STATE_REISSUED : v1::PAYMENT_LINE_STATE_FAILED;
    line.set_paid_after_reissue(paid && reissued);
    line.set_state(paid ? v1::PAYMENT_LINE_STATE_PAID : unpaid);
    line.set_bank_reason(answer->bank_reason());
    *line.mutable_settled_on() = answer->answered_on();
    AddTransition(*line.mutable_transitions(),
                  StripPrefix(v1::PaymentLineState_Name(line.state()), "PAYMENT_LINE_STATE_"), step);
  }
  line.clear_proposal();
  return absl::OkStatus();
}

v1::LedgerEntry EntryOf(const v1::PaymentLine& before, const v1::PaymentLine& after) {
  v1::LedgerEntry entry;
  if (OutcomeOf(before) == OutcomeOf(after)) return entry;
  entry.set_cause(v1::LEDGER_CAUSE_SETTLED_DISPUTE);
  entry.set_cites(before.ledger_entry());
  const int sign = after.state() == v1::PAYMENT_LINE_STATE_PAID ? 1 : -1;
  const int64_t appropriation = OfAppropriationFen(before, after);
  ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_PAID, sign * after.amount_fen());
  ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_APPROPRIATION, -sign * appropriation);
  ledger_rules::AddPosting(entry, v1::LEDGER_ACCOUNT_RETURNED, -sign * (after.amount_fen() - appropriation));
  return entry;
}

absl::Status Disputed(const v1::PaymentLine& line, const std::string& resource) {
  return Error(reasons::kLineDisputed, absl::StrCat("the bank contradicts itself about ", line.name()),
               {{"resource", resource}, {"payment_line", line.name()}});
}

}  // namespace dangjian::welfare::dispute_rules
