#include "services/welfare/payment_batch/due_rules.h"

#include <algorithm>

#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/month.h"
#include "common/types/quantity.h"
#include "services/welfare/ledger/ledger_rules.h"
#include "services/welfare/payment_line/line_rules.h"

namespace dangjian::welfare::due_rules {
namespace {

using v1::BenefitComponent;
using v1::MlsAward;

constexpr BenefitComponent kComponents[] = {v1::BENEFIT_COMPONENT_REGULAR, v1::BENEFIT_COMPONENT_TOP_UP,
                                            v1::BENEFIT_COMPONENT_PRICE_SUBSIDY};

Day BenefitMonthOf(const v1::PaymentLine& line) { return DayOr(line.benefit_month(), Day()); }

bool HasKey(const CaseLine& entry, Day month, BenefitComponent component) {
  return entry.line.component() == component && BenefitMonthOf(entry.line) == month;
}

bool IsApproved(v1::PaymentBatchState state) {
  return state >= v1::PAYMENT_BATCH_STATE_APPROVED && state != v1::PAYMENT_BATCH_STATE_CANCELLED;
}

bool IsSuspended(const MlsAward& award, Day month) {
  return std::any_of(award.suspended_months().begin(), award.suspended_months().end(),
                     [&](const google::type::Date& date) { return DayOr(date, Day::Min()) == month; });
}

bool IsPaidAgain(const v1::PaymentLine& failed, const std::vector<CaseLine>& lines) {
  return std::any_of(lines.begin(), lines.end(), [&](const CaseLine& other) {
    return other.line.reissue_of() == failed.name() && Covers(other, lines);
  });
}

// Whether a run of this kind pays the component.
bool Pays(v1::PaymentRunKind kind, BenefitComponent component) {
  return (kind == v1::PAYMENT_RUN_KIND_PRICE_SUBSIDY) == (component == v1::BENEFIT_COMPONENT_PRICE_SUBSIDY);
}

// Whether the bank contradicts itself about a line or one that it pays again.
bool IsDisputed(const v1::PaymentLine& line, const std::vector<CaseLine>& lines) {
  if (line.disputed()) return true;
  return std::any_of(lines.begin(), lines.end(), [&](const CaseLine& before) {
    return before.line.name() == line.reissue_of() && IsDisputed(before.line, lines);
  });
}

// Whether the bank paid a line after all that this one was to pay again.
bool IsPaidBefore(const v1::PaymentLine& line, const std::vector<CaseLine>& lines) {
  return std::any_of(lines.begin(), lines.end(), [&](const CaseLine& before) {
    return before.line.name() == line.reissue_of() &&
           (before.line.state() == v1::PAYMENT_LINE_STATE_PAID || IsPaidBefore(before.line, lines));
  });
}

// A failed line that is to be paid again: not one of which the bank says that it was paid.
bool Waits(const CaseLine& entry, const std::vector<CaseLine>& lines) {
  return entry.line.state() == v1::PAYMENT_LINE_STATE_FAILED && !IsDisputed(entry.line, lines) &&
         entry.line.run_kind() != v1::PAYMENT_RUN_KIND_RECOVERY && Covers(entry, lines);
}

// RoomFen beyond those that are planned as well.
absl::StatusOr<int64_t> RoomBeside(const std::vector<MlsAward>& awards, const std::vector<CaseLine>& lines,
                                   const std::vector<PlannedLine>& planned, Day month, BenefitComponent component) {
  ASSIGN_OR_RETURN(int64_t room, RoomFen(awards, lines, month, component));
  // Each planned line took its part of the room, so that nothing overflows.
  for (const PlannedLine& other : planned) {
    if (other.month == month && other.component == component) room -= other.amount_fen;
  }
  return room;
}

// Left out of its approved batch by a hold, and no other line has taken its place.
bool IsLeftOut(const CaseLine& entry, const std::vector<CaseLine>& lines) {
  if (entry.line.state() != v1::PAYMENT_LINE_STATE_HELD || !IsApproved(entry.batch_state)) return false;
  if (entry.line.run_kind() == v1::PAYMENT_RUN_KIND_RECOVERY) return false;
  return std::none_of(lines.begin(), lines.end(), [&](const CaseLine& other) {
    const auto& before = other.line.held_before();
    return other.batch_state != v1::PAYMENT_BATCH_STATE_CANCELLED &&
           std::find(before.begin(), before.end(), entry.line.name()) != before.end();
  });
}

// A hold that nobody has ended.
bool IsOpenHold(const CaseLine& entry, const std::vector<CaseLine>& lines) {
  const v1::HoldReason reason = entry.line.hold_reason();
  // Whether the account is still missing, or the case still suspended, is asked by each calculation.
  const bool asked = reason == v1::HOLD_REASON_NO_ACCOUNT || reason == v1::HOLD_REASON_CASE_SUSPENDED;
  return !asked && !line_rules::MayComeAgain(entry.line) && IsLeftOut(entry, lines);
}

// Lines that take the place of held ones are held for the same reason until somebody releases them.
void CarryHolds(const std::vector<CaseLine>& lines, std::vector<PlannedLine>& planned) {
  for (PlannedLine& plan : planned) {
    if (plan.released != nullptr) continue;
    for (const CaseLine& entry : lines) {
      if (!HasKey(entry, plan.month, plan.component) || !IsOpenHold(entry, lines)) continue;
      plan.hold = entry.line.hold_reason();
      plan.held_before.push_back(entry.line.name());
    }
  }
}

// The next free number of a key when `planned` are written as well: two failed lines of one key come again together.
int32_t NextSeqAfter(const std::vector<CaseLine>& lines, const std::vector<PlannedLine>& planned, Day month,
                     BenefitComponent component, v1::PaymentRunKind run_kind) {
  const auto taken = std::count_if(planned.begin(), planned.end(), [&](const PlannedLine& other) {
    return other.month == month && other.component == component && other.run_kind == run_kind;
  });
  return NextSeq(lines, month, component, run_kind) + static_cast<int32_t>(taken);
}

absl::Status PlanDue(const v1::PaymentBatch& batch, const std::vector<MlsAward>& awards,
                     const std::vector<CaseLine>& lines, std::vector<PlannedLine>& planned) {
  const Day month = DayOr(batch.benefit_month(), Day());
  const MlsAward* award = AwardInForce(awards, month);
  if (award == nullptr) return absl::OkStatus();
  for (const BenefitComponent component : kComponents) {
    if (!Pays(batch.run_kind(), component)) continue;
    ASSIGN_OR_RETURN(const int64_t covered, CoveredFen(lines, month, component));
    const int64_t due = DueFen(awards, month, component) - covered;
    if (due <= 0) continue;
    planned.push_back({.month = month,
                       .component = component,
                       .run_kind = batch.run_kind(),
                       .seq = NextSeqAfter(lines, planned, month, component, batch.run_kind()),
                       .amount_fen = due,
                       .award = award});
  }
  return absl::OkStatus();
}

// The line, held and released since, that was to pay the same failed one again; nullptr when there is none.
const v1::PaymentLine* ReleasedReissue(const v1::PaymentLine& failed, const std::vector<CaseLine>& lines) {
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const CaseLine& other) {
    return other.line.reissue_of() == failed.name() && WaitsForRun(other, lines);
  });
  return found == lines.end() ? nullptr : &found->line;
}

// A family that is paid nothing this month still gets what failed, as far as it is still due.
absl::Status PlanReissues(const v1::PaymentBatch& batch, const std::vector<MlsAward>& awards,
                          const std::vector<CaseLine>& lines, std::vector<PlannedLine>& planned) {
  const MlsAward* award = AwardToPay(awards, DayOr(batch.benefit_month(), Day()));
  for (const CaseLine& entry : lines) {
    const v1::PaymentLine& line = entry.line;
    // A price subsidy does not wait for the next run of its kind, which may be years away.
    const bool takes = batch.run_kind() == v1::PAYMENT_RUN_KIND_REGULAR || Pays(batch.run_kind(), line.component());
    if (!takes || !Waits(entry, lines)) continue;
    ASSIGN_OR_RETURN(const int64_t room, RoomBeside(awards, lines, planned, BenefitMonthOf(line), line.component()));
    if (room <= 0) continue;
    planned.push_back({.month = BenefitMonthOf(line),
                       .component = line.component(),
                       .run_kind = line.run_kind(),
                       .seq = NextSeqAfter(lines, planned, BenefitMonthOf(line), line.component(), line.run_kind()),
                       .amount_fen = std::min(line.amount_fen(), room),
                       .award = award,
                       .reissue_of = line.name(),
                       .released = ReleasedReissue(line, lines)});
    PlannedLine& plan = planned.back();
    if (plan.released != nullptr) plan.held_before.push_back(plan.released->name());
  }
  return absl::OkStatus();
}

// What a hold kept out of its batch, each in its own month.
absl::Status PlanReleased(const v1::PaymentBatch& batch, const std::vector<MlsAward>& awards,
                          const std::vector<CaseLine>& lines, std::vector<PlannedLine>& planned) {
  for (const CaseLine& entry : lines) {
    const v1::PaymentLine& line = entry.line;
    const Day month = BenefitMonthOf(line);
    const bool takes = batch.run_kind() == v1::PAYMENT_RUN_KIND_REGULAR || Pays(batch.run_kind(), line.component());
    // What was to pay a failed line again comes with that line.
    if (!takes || !line.reissue_of().empty() || !WaitsForRun(entry, lines)) continue;
    ASSIGN_OR_RETURN(const int64_t room, RoomBeside(awards, lines, planned, month, line.component()));
    if (room <= 0) continue;
    planned.push_back({.month = month,
                       .component = line.component(),
                       .run_kind = line.run_kind(),
                       .seq = NextSeqAfter(lines, planned, month, line.component(), line.run_kind()),
                       .amount_fen = std::min(line.amount_fen(), room),
                       .award = AwardToPay(awards, month),
                       .released = &line,
                       .held_before = {line.name()}});
  }
  return absl::OkStatus();
}

absl::Status PlanArrears(const v1::PaymentBatch& batch, const std::vector<MlsAward>& awards,
                         const std::vector<CaseLine>& lines, std::vector<PlannedLine>& planned) {
  Day first = Day::Max();
  for (const MlsAward& award : awards) first = std::min(first, DayOr(award.first_month(), Day::Max()));
  first = std::max(first, DayOr(batch.arrears_from(), Day::Min()));
  // The month of the calculation is due by its own run.
  const Day end = std::min(DayOr(batch.benefit_month(), Day::Min()),
                           MonthOf(DayOr(batch.calculated_on(), DayOr(batch.benefit_month(), Day()))));
  for (Day month = first; month < end; month = NextMonth(month)) {
    const MlsAward* award = AwardToPay(awards, month);
    if (award == nullptr) continue;
    for (const BenefitComponent component : kComponents) {
      ASSIGN_OR_RETURN(const int64_t covered, CoveredFen(lines, month, component));
      // `covered` is below zero only where a disputed recovery was collected twice, by no more than recoveries may ask:
      // far from an overflow.
      const int64_t short_by = DueFen(awards, month, component) - covered;
      if (short_by <= 0) continue;
      planned.push_back({.month = month,
                         .component = component,
                         .run_kind = batch.run_kind(),
                         .seq = NextSeqAfter(lines, planned, month, component, batch.run_kind()),
                         .amount_fen = short_by,
                         .award = award});
    }
  }
  return absl::OkStatus();
}

}  // namespace

const MlsAward* AwardInForce(const std::vector<MlsAward>& awards, Day month) {
  const MlsAward* best = nullptr;
  for (const MlsAward& award : awards) {
    if (month < DayOr(award.first_month(), Day::Max()) || DayOr(award.last_month(), Day::Max()) < month) continue;
    const bool later = best == nullptr || award.decision_number() > best->decision_number() ||
                       (award.decision_number() == best->decision_number() && award.name() > best->name());
    if (later) best = &award;
  }
  return best;
}

const MlsAward* AwardToPay(const std::vector<MlsAward>& awards, Day month) {
  const MlsAward* award = AwardInForce(awards, month);
  if (award != nullptr || awards.empty()) return award;
  return &*std::max_element(awards.begin(), awards.end(), [](const MlsAward& a, const MlsAward& b) {
    return a.decision_number() < b.decision_number();
  });
}

int64_t DueFen(const std::vector<MlsAward>& awards, Day month, BenefitComponent component) {
  const MlsAward* award = AwardInForce(awards, month);
  if (award == nullptr || IsSuspended(*award, month)) return 0;
  for (const v1::AwardPart& part : award->parts()) {
    if (part.component() == component) return part.amount_fen();
  }
  return 0;
}

bool Covers(const CaseLine& entry, const std::vector<CaseLine>& lines) {
  if (entry.batch_state == v1::PAYMENT_BATCH_STATE_CANCELLED) return false;
  const bool recovery = entry.line.run_kind() == v1::PAYMENT_RUN_KIND_RECOVERY;
  switch (entry.line.state()) {
    case v1::PAYMENT_LINE_STATE_PAID:
      return !(recovery && entry.line.disputed());
    // Money that is asked back counts only when it has come: else the month could be paid again before it does.
    case v1::PAYMENT_LINE_STATE_PENDING:
      return !recovery;
    case v1::PAYMENT_LINE_STATE_HELD:
      return !recovery && !IsApproved(entry.batch_state);
    case v1::PAYMENT_LINE_STATE_FAILED:
      // When the line before it was paid after all, nothing waits for this one: what is due is reckoned without it.
      return !recovery && !IsPaidAgain(entry.line, lines) &&
             (entry.line.disputed() || !IsPaidBefore(entry.line, lines));
    default:
      return false;
  }
}

bool WaitsForRun(const CaseLine& entry, const std::vector<CaseLine>& lines) {
  return line_rules::MayComeAgain(entry.line) && IsLeftOut(entry, lines);
}

bool AsksBack(const CaseLine& entry) {
  if (entry.line.run_kind() != v1::PAYMENT_RUN_KIND_RECOVERY) return false;
  switch (entry.line.state()) {
    case v1::PAYMENT_LINE_STATE_FAILED:
      return entry.line.disputed();
    case v1::PAYMENT_LINE_STATE_HELD:
      return entry.batch_state != v1::PAYMENT_BATCH_STATE_CANCELLED && !IsApproved(entry.batch_state);
    default:
      return entry.batch_state != v1::PAYMENT_BATCH_STATE_CANCELLED;
  }
}

absl::StatusOr<int64_t> CoveredFen(const std::vector<CaseLine>& lines, Day month, BenefitComponent component) {
  int64_t sum = 0;
  for (const CaseLine& entry : lines) {
    if (!HasKey(entry, month, component) || !Covers(entry, lines)) continue;
    const auto next = CheckedAdd(sum, entry.line.amount_fen());
    if (!next.has_value()) {
      return Error(reasons::kPaymentSumOverflow, "what a case was paid for a month leaves 64 bits",
                   {{"resource", entry.line.mls_case()}});
    }
    sum = *next;
  }
  return sum;
}

absl::StatusOr<int64_t> RoomFen(const std::vector<MlsAward>& awards, const std::vector<CaseLine>& lines, Day month,
                                BenefitComponent component) {
  std::vector<CaseLine> firm = lines;
  std::erase_if(firm, [&](const CaseLine& entry) { return Waits(entry, lines); });
  ASSIGN_OR_RETURN(const int64_t covered, CoveredFen(firm, month, component));
  return DueFen(awards, month, component) - covered;
}

absl::StatusOr<std::vector<PlannedLine>> Plan(const v1::PaymentBatch& batch, const std::vector<MlsAward>& awards,
                                              const std::vector<CaseLine>& lines) {
  std::vector<PlannedLine> planned;
  switch (batch.run_kind()) {
    case v1::PAYMENT_RUN_KIND_REGULAR:
    case v1::PAYMENT_RUN_KIND_PRICE_SUBSIDY:
      RETURN_IF_ERROR(PlanDue(batch, awards, lines, planned));
      RETURN_IF_ERROR(PlanReissues(batch, awards, lines, planned));
      RETURN_IF_ERROR(PlanReleased(batch, awards, lines, planned));
      break;
    case v1::PAYMENT_RUN_KIND_ARREARS:
    case v1::PAYMENT_RUN_KIND_CORRECTION:
      RETURN_IF_ERROR(PlanArrears(batch, awards, lines, planned));
      break;
    default:
      break;
  }
  CarryHolds(lines, planned);
  return planned;
}

int32_t NextSeq(const std::vector<CaseLine>& lines, Day month, BenefitComponent component,
                v1::PaymentRunKind run_kind) {
  int32_t last = 0;
  for (const CaseLine& entry : lines) {
    if (HasKey(entry, month, component) && entry.line.run_kind() == run_kind) last = std::max(last, entry.line.seq());
  }
  return last + 1;
}

}  // namespace dangjian::welfare::due_rules
