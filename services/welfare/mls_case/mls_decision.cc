#include "services/welfare/mls_case/mls_decision.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/month.h"
#include "common/types/quantity.h"
#include "services/welfare/mls_case/mls_ages.h"
#include "services/welfare/mls_case/mls_benefit.h"
#include "services/welfare/mls_case/mls_clock.h"
#include "services/welfare/mls_case/mls_hearing.h"
#include "services/welfare/mls_case/mls_life.h"
#include "services/welfare/mls_case/mls_work_refusal.h"
#include "services/welfare/reasons.h"

namespace dangjian::welfare::mls {
namespace {

template <class Persons>
bool Contains(const Persons& persons, const std::string& person) {
  return std::find(persons.begin(), persons.end(), person) != persons.end();
}

absl::Status ApproverIsPreparer(const v1::MlsCase& row) {
  return Error(reasons::kApproverIsPreparer, "the decision is taken by one who prepared it",
               {{"resource", row.name()}});
}

std::string Person(const std::string& given, const Step& step) { return given.empty() ? step.actor : given; }

// The preparer of a decision on an application is who wrote the opinion.
std::string PreparerOf(const v1::MlsCase& row, const v1::MlsDecisionNote& note, bool application, const Step& step) {
  if (note.prepared_by().empty() && application && !row.opinions().empty()) {
    return row.opinions(row.opinions_size() - 1).prepared_by();
  }
  return Person(note.prepared_by(), step);
}

// Whether the caller recorded an investigation or an opinion of the case. A subject never equals a name of
// `staff/<id>`, so that one who decides in the caller's own name is compared by the record of steps.
bool CallerPrepared(const v1::MlsCase& row, const Step& step) {
  const auto prepares = [&](const common::v1::Transition& transition) {
    return transition.actor() == step.actor && (transition.state() == NameOf(v1::MLS_CASE_STATE_INVESTIGATING) ||
                                                transition.state() == NameOf(v1::MLS_CASE_STATE_PRELIM_OPINION));
  };
  return std::any_of(row.transitions().begin(), row.transitions().end(), prepares);
}

absl::Status CheckDecider(const v1::MlsCase& row, const v1::MlsDecisionNote& note, bool application, const Step& step) {
  const std::string decider = Person(note.decided_by(), step);
  if (decider == PreparerOf(row, note, application, step)) return ApproverIsPreparer(row);
  if (!application) return absl::OkStatus();
  if (Contains(row.investigation().investigators(), decider)) return ApproverIsPreparer(row);
  const auto is_decider = [&](const v1::MlsOpinion& opinion) { return opinion.prepared_by() == decider; };
  if (std::any_of(row.opinions().begin(), row.opinions().end(), is_decider)) return ApproverIsPreparer(row);
  if (note.decided_by().empty() && CallerPrepared(row, step)) return ApproverIsPreparer(row);
  return absl::OkStatus();
}

absl::Status RequireReason(const v1::MlsDecisionNote& note) {
  if (!note.reason().empty()) return absl::OkStatus();
  Violations violations;
  violations.Add("note.reason", dangjian::reasons::kRequired, "say why");
  return violations.ToStatus();
}

v1::MlsDecision& AddDecision(v1::MlsCase& row, v1::MlsDecisionKind kind, const v1::MlsDecisionNote& note,
                             const Step& step) {
  const bool application = kind == v1::MLS_DECISION_KIND_GRANT || kind == v1::MLS_DECISION_KIND_REFUSE;
  const std::string preparer = PreparerOf(row, note, application, step);
  v1::MlsDecision& decision = *row.add_decisions();
  decision.set_number(row.decisions_size());
  decision.set_kind(kind);
  *decision.mutable_decided_on() = DayToProto(step.day);
  decision.set_prepared_by(preparer);
  decision.set_decided_by(Person(note.decided_by(), step));
  decision.set_document_number(note.document_number());
  decision.set_reason(note.reason());
  *decision.mutable_first_month() = DayToProto(NextMonth(step.day));
  return decision;
}

// The benefit of a family with its explanation.
struct Entitlement {
  Benefit benefit;
  std::vector<std::string> trace;
};

absl::StatusOr<Entitlement> Compute(const v1::MlsCase& row, const v1::MlsRuleSet& rule_set,
                                    const v1::MlsBenefitInputs& inputs) {
  RETURN_IF_ERROR(CheckHealthCodes(inputs, rule_set));
  Entitlement result;
  ASSIGN_OR_RETURN(result.benefit, ComputeBenefit(rule_set, inputs, &result.trace));
  if (result.benefit.total_fen > 0) return result;
  return Error(reasons::kNotEntitled, "by these figures nothing is due: refuse, stop or begin a grace period",
               {{"resource", row.name()}, {"rule_set", rule_set.name()}});
}

void SetAmounts(v1::MlsDecision& decision, const v1::MlsRuleSet& rule_set, const v1::MlsBenefitInputs& inputs,
                const Entitlement& entitlement, Day first_month) {
  decision.set_rule_set(rule_set.name());
  *decision.mutable_inputs() = inputs;
  for (const v1::AwardPart& part : entitlement.benefit.parts) *decision.add_parts() = part;
  decision.set_total_fen(entitlement.benefit.total_fen);
  decision.set_exact_total(entitlement.benefit.exact_total.ToString());
  *decision.mutable_first_month() = DayToProto(first_month);
  for (const std::string& line : entitlement.trace) decision.add_trace(line);
}

// A lower amount, or a person less.
bool IsCut(const v1::MlsAward& before, int64_t total_fen, const v1::MlsBenefitInputs& inputs) {
  if (total_fen < TotalOf(before)) return true;
  const std::vector<std::string> paid = PaidPersons(inputs);
  return std::any_of(before.persons().begin(), before.persons().end(),
                     [&](const std::string& person) { return !Contains(paid, person); });
}

bool IsSame(const v1::MlsAward& award, const std::vector<v1::AwardPart>& parts) {
  return std::equal(parts.begin(), parts.end(), award.parts().begin(), award.parts().end(),
                    [](const v1::AwardPart& a, const v1::AwardPart& b) {
                      return a.component() == b.component() && a.amount_fen() == b.amount_fen();
                    });
}

bool LowersAComponent(const v1::MlsAward& before, const std::vector<v1::AwardPart>& parts) {
  return std::any_of(before.parts().begin(), before.parts().end(), [&](const v1::AwardPart& old) {
    const auto same = [&](const v1::AwardPart& part) { return part.component() == old.component(); };
    const auto part = std::find_if(parts.begin(), parts.end(), same);
    return (part == parts.end() ? 0 : part->amount_fen()) < old.amount_fen();
  });
}

// Another benefit from the month after the decision on. `heard`: what a cut needs a hearing on, but for its amount.
absl::Status Replace(v1::MlsCase& row, Awards& awards, v1::MlsDecisionKind kind, const v1::MlsDecisionNote& note,
                     const v1::MlsRuleSet& rule_set, std::optional<Proposal> heard, const Step& step) {
  ASSIGN_OR_RETURN(const Entitlement entitlement, Compute(row, rule_set, row.inputs()));
  v1::MlsHearing* hearing = nullptr;
  if (heard && !awards.empty() && IsCut(awards.back(), entitlement.benefit.total_fen, row.inputs())) {
    heard->amount_fen = entitlement.benefit.total_fen;
    ASSIGN_OR_RETURN(hearing, FindHearing(row, *heard));
  }
  v1::MlsDecision& decision = AddDecision(row, kind, note, step);
  const Day first = NextMonth(step.day);
  SetAmounts(decision, rule_set, row.inputs(), entitlement, first);
  if (hearing != nullptr) hearing->set_decision_number(decision.number());
  EndAwards(awards, MonthOf(step.day));
  AddAward(awards, row, decision, {first, Day::Max()});
  if (kind == v1::MLS_DECISION_KIND_GRANT) {
    ScheduleReview(row, rule_set, first);
  } else {
    AdvanceReview(row, rule_set, first);
  }
  return absl::OkStatus();
}

absl::Status CheckAssets(const v1::MlsCase& row, const v1::MlsRuleSet& rule_set) {
  if (rule_set.asset_limit_fen() == 0) return absl::OkStatus();
  std::optional<int64_t> sum = 0;
  for (const v1::MlsAsset& asset : row.assets()) {
    if (sum && !asset.exempt()) sum = CheckedAdd(*sum, asset.value_fen());
  }
  const auto limit =
      CheckedMultiply(rule_set.asset_limit_fen(), static_cast<int64_t>(CountedPersons(row.inputs()).size()));
  if (!sum || !limit) return Error(reasons::kAmountOverflow, "the sum of the assets does not fit");
  if (*sum <= *limit) return absl::OkStatus();
  return Error(reasons::kAssetsOverLimit, "the assets that count are above the limit of the rule set",
               {{"resource", row.name()}, {"rule_set", rule_set.name()}});
}

// Takes family and income of a request; a share that is cut stays cut unless it is restored, also of one who was not in
// the family for a while. Returns whose is restored.
template <class Restored>
std::vector<std::string> TakeInputs(v1::MlsCase& row, const v1::MlsBenefitInputs& inputs, const Restored& restored) {
  std::vector<std::string> paid_again;
  *row.mutable_inputs() = inputs;
  for (v1::MlsFamilyMember& member : *row.mutable_inputs()->mutable_family()) {
    const bool cut = IsShareCut(row, member.resident());
    const bool restores = cut && Contains(restored, member.resident());
    member.set_share_cut(cut && !restores);
    if (restores) paid_again.push_back(member.resident());
  }
  return paid_again;
}

// Gives the sum of `benefit`, which is above that of `before`, with no component below `before`: what one keeps, the
// raised ones give up.
void KeepComponents(Benefit& benefit, const v1::MlsAward& before) {
  std::map<v1::BenefitComponent, int64_t> old;
  std::map<v1::BenefitComponent, int64_t> amounts;
  for (const v1::AwardPart& part : before.parts()) old[part.component()] = part.amount_fen();
  for (const v1::AwardPart& part : benefit.parts) amounts[part.component()] = part.amount_fen();
  int64_t kept = 0;
  for (const auto& [component, amount] : old) {
    kept += std::max<int64_t>(0, amount - amounts[component]);
    amounts[component] = std::max(amount, amounts[component]);
  }
  benefit.parts.clear();
  for (const auto& [component, amount] : amounts) {
    const int64_t given_up = std::min(kept, amount - old[component]);
    kept -= given_up;
    if (amount == given_up) continue;
    v1::AwardPart& part = benefit.parts.emplace_back();
    part.set_component(component);
    part.set_amount_fen(amount - given_up);
  }
}

// What recalculation makes of one award: it keeps its first months and gives up the rest to new awards.
class Recalculation {
 public:
  Recalculation(v1::MlsCase& row, Awards& awards, const v1::MlsDecisionNote& note, const Step& step)
      : row_(row),
        awards_(awards),
        note_(note),
        step_(step),
        proposal_(ProposalOf(row, v1::MLS_DECISION_KIND_ADJUST, step)) {}

  absl::Status Run(const std::vector<RulePeriod>& periods) {
    const size_t count = awards_.size();  // those that are added need no second look
    for (size_t i = 0; i < count; ++i) RETURN_IF_ERROR(OfAward(i, periods));
    if (changed_) return absl::OkStatus();
    return Error(reasons::kNothingToRecalculate, "the amounts are those of the newest rules",
                 {{"resource", row_.name()}});
  }

 private:
  struct Rest {
    size_t index;
    v1::MlsAward award;  // as it was
    Day from;            // from here on it stands until something replaces it; Day::Max(): nothing of it is left
    bool replaced = false;
  };

  absl::Status OfAward(size_t index, const std::vector<RulePeriod>& periods) {
    const DayRange months = MonthsOf(awards_[index]);
    Rest rest{.index = index, .award = awards_[index], .from = months.first};
    for (const RulePeriod& period : periods) {
      const DayRange piece{std::max(months.first, period.months.first), std::min(months.last, period.months.last)};
      if (piece.last < piece.first || rest.award.rule_set() == period.rule_set.name()) continue;
      RETURN_IF_ERROR(OfPiece(rest, period.rule_set, piece));
    }
    if (rest.replaced && rest.from <= months.last && rest.from != Day::Max()) {
      AddCopy(awards_, rest.award, {rest.from, months.last});
    }
    return absl::OkStatus();
  }

  // The months of `piece` by other rules. Payments are settled component by component, and what was paid of one is
  // never taken back by itself: a lower component begins after the decision, months of before get a higher sum only.
  absl::Status OfPiece(Rest& rest, const v1::MlsRuleSet& rule_set, DayRange piece) {
    ASSIGN_OR_RETURN(const Entitlement entitlement, Compute(row_, rule_set, InputsOf(rest.award)));
    if (IsSame(rest.award, entitlement.benefit.parts)) return absl::OkStatus();
    if (!LowersAComponent(rest.award, entitlement.benefit.parts)) {
      Begin(rest, rule_set, entitlement, piece);
      return absl::OkStatus();
    }
    const Day later = std::max(piece.first, NextMonth(step_.day));
    const int64_t before = TotalOf(rest.award);
    if (piece.first < later && before < entitlement.benefit.total_fen) {
      Entitlement due = entitlement;
      KeepComponents(due.benefit, rest.award);
      due.trace.push_back("决定当月及以前各项不低于原额,合计不变");
      Begin(rest, rule_set, due, {piece.first, std::min(piece.last, AddMonths(later, -1))});
    }
    if (piece.last < later) return absl::OkStatus();
    v1::MlsHearing* hearing = nullptr;
    if (entitlement.benefit.total_fen < before) {
      proposal_.amount_fen = entitlement.benefit.total_fen;
      ASSIGN_OR_RETURN(hearing, FindHearing(row_, proposal_));
    }
    const int32_t decision = Begin(rest, rule_set, entitlement, {later, piece.last});
    if (hearing != nullptr) hearing->set_decision_number(decision);
    return absl::OkStatus();
  }

  v1::MlsBenefitInputs InputsOf(const v1::MlsAward& award) const {
    return row_.decisions(award.decision_number() - 1).inputs();
  }

  // The award stands up to the month before `months`, in which the other amount is paid. Returns the decision's number.
  int32_t Begin(Rest& rest, const v1::MlsRuleSet& rule_set, const Entitlement& entitlement, DayRange months) {
    const DayRange stands{rest.from, AddMonths(months.first, -1)};
    if (!rest.replaced) {
      *awards_[rest.index].mutable_last_month() = DayToProto(stands.last);
    } else if (stands.first <= stands.last) {
      AddCopy(awards_, rest.award, stands);
    }
    const v1::MlsBenefitInputs inputs = InputsOf(rest.award);
    v1::MlsDecision& decision = AddDecision(row_, v1::MLS_DECISION_KIND_ADJUST, note_, step_);
    SetAmounts(decision, rule_set, inputs, entitlement, months.first);
    *AddAward(awards_, row_, decision, months).mutable_suspended_months() = rest.award.suspended_months();
    rest.from = months.last == Day::Max() ? Day::Max() : AddMonths(months.last, 1);
    rest.replaced = true;
    changed_ = true;
    return decision.number();
  }

  v1::MlsCase& row_;
  Awards& awards_;
  const v1::MlsDecisionNote& note_;
  const Step& step_;
  Proposal proposal_;  // of the case before the first of the new decisions
  bool changed_ = false;
};

}  // namespace

absl::Status Confirm(v1::MlsCase& row, Awards& awards, const v1::ConfirmMlsCaseRequest& request,
                     const v1::MlsRuleSet& rule_set, const Step& step) {
  if (row.state() == v1::MLS_CASE_STATE_IN_PUBLICITY) RETURN_IF_ERROR(CheckPrepared(row, step.day));
  RETURN_IF_ERROR(Move(row, {v1::MLS_CASE_STATE_TO_COUNTY}, v1::MLS_CASE_STATE_CONFIRMED, "confirmation", step));
  RETURN_IF_ERROR(CheckDecider(row, request.note(), true, step));
  RETURN_IF_ERROR(CheckPrepared(row, step.day));
  RETURN_IF_ERROR(CheckAssets(row, rule_set));
  RETURN_IF_ERROR(CheckTopUpAges(row.inputs(), rule_set, NextMonth(step.day)));
  if (row.payee_name().empty() || row.payee_reference().empty()) {
    return Error(reasons::kPayeeMissing, "payee_name and payee_reference are needed", {{"resource", row.name()}});
  }
  RETURN_IF_ERROR(Replace(row, awards, v1::MLS_DECISION_KIND_GRANT, request.note(), rule_set, std::nullopt, step));
  row.set_certificate_number(request.certificate_number());
  *row.mutable_first_month() = DayToProto(NextMonth(step.day));
  return absl::OkStatus();
}

absl::Status Refuse(v1::MlsCase& row, const v1::MlsDecisionNote& note, const v1::MlsRuleSet& rule_set,
                    const WorkingDays& calendars, const Step& step) {
  RETURN_IF_ERROR(Move(row, {v1::MLS_CASE_STATE_TO_COUNTY}, v1::MLS_CASE_STATE_NOT_CONFIRMED, "a refusal", step));
  RETURN_IF_ERROR(CheckDecider(row, note, true, step));
  RETURN_IF_ERROR(RequireReason(note));
  v1::MlsDecision& decision = AddDecision(row, v1::MLS_DECISION_KIND_REFUSE, note, step);
  decision.clear_first_month();
  decision.set_rule_set(rule_set.name());
  *decision.mutable_inputs() = row.inputs();
  StartRefusalClock(row, rule_set, calendars, step.day);
  return absl::OkStatus();
}

absl::Status Activate(v1::MlsCase& row, const Step& step) {
  if (IsApplication(row.state())) {
    return Error(reasons::kActivationNotPrepared,
                 absl::StrCat("the case is ", std::string(NameOf(row.state())), ": nothing is confirmed"),
                 {{"resource", row.name()}});
  }
  const Day first = DayOr(row.first_month(), Day::Max());
  if (row.state() == v1::MLS_CASE_STATE_CONFIRMED && step.day < first) {
    return Error(reasons::kFirstMonthNotReached, absl::StrCat("the first benefit month begins on ", FormatDay(first)),
                 {{"resource", row.name()}});
  }
  // EnterDueState has just done it.
  if (row.state() == v1::MLS_CASE_STATE_ACTIVE && row.transitions().rbegin()->revision() == step.revision) {
    return absl::OkStatus();
  }
  return Move(row, {v1::MLS_CASE_STATE_CONFIRMED}, v1::MLS_CASE_STATE_ACTIVE, "activation", step);
}

absl::Status Adjust(v1::MlsCase& row, Awards& awards, const v1::AdjustMlsCaseRequest& request,
                    const v1::MlsRuleSet& rule_set, const Step& step) {
  RETURN_IF_ERROR(
      Stay(row, {v1::MLS_CASE_STATE_CONFIRMED, v1::MLS_CASE_STATE_ACTIVE}, "ADJUSTED", "an adjustment", step));
  RETURN_IF_ERROR(CheckDecider(row, request.note(), false, step));
  RETURN_IF_ERROR(CheckInputs(request.inputs(), "inputs"));
  const std::vector<std::string> restored = TakeInputs(row, request.inputs(), request.restored_shares());
  RETURN_IF_ERROR(CheckAuthorised(row, step.day));
  RETURN_IF_ERROR(CheckTopUpAges(row.inputs(), rule_set, NextMonth(step.day)));
  const Proposal proposal = ProposalOf(row, v1::MLS_DECISION_KIND_ADJUST, step);
  RETURN_IF_ERROR(Replace(row, awards, proposal.kind, request.note(), rule_set, proposal, step));
  for (const std::string& person : restored) row.mutable_decisions()->rbegin()->add_shares_changed(person);
  return absl::OkStatus();
}

absl::Status Recalculate(v1::MlsCase& row, Awards& awards, const v1::MlsDecisionNote& note,
                         const std::vector<RulePeriod>& periods, const Step& step) {
  RETURN_IF_ERROR(
      Stay(row, {v1::MLS_CASE_STATE_CONFIRMED, v1::MLS_CASE_STATE_ACTIVE}, "ADJUSTED", "a recalculation", step));
  RETURN_IF_ERROR(CheckDecider(row, note, false, step));
  RETURN_IF_ERROR(Recalculation(row, awards, note, step).Run(periods));
  SortAwards(awards);
  return absl::OkStatus();
}

absl::Status CutShare(v1::MlsCase& row, Awards& awards, const v1::CutMlsShareRequest& request,
                      const v1::MlsRuleSet& rule_set, const Step& step) {
  RETURN_IF_ERROR(Stay(row, {v1::MLS_CASE_STATE_CONFIRMED, v1::MLS_CASE_STATE_ACTIVE}, "ADJUSTED", "a cut", step));
  RETURN_IF_ERROR(CheckDecider(row, request.note(), false, step));
  RETURN_IF_ERROR(CheckRefusals(row, request.resident(), rule_set, step.day));
  for (v1::MlsFamilyMember& member : *row.mutable_inputs()->mutable_family()) {
    if (member.resident() == request.resident()) member.set_share_cut(true);
  }
  // The only person of a family has no family to keep the rest: that is a stop.
  Proposal proposal = ProposalOf(row, v1::MLS_DECISION_KIND_CAP, step);
  proposal.resident = request.resident();
  RETURN_IF_ERROR(Replace(row, awards, proposal.kind, request.note(), rule_set, proposal, step));
  row.mutable_decisions()->rbegin()->add_shares_changed(request.resident());
  return absl::OkStatus();
}

absl::Status StartGrace(v1::MlsCase& row, Awards& awards, const v1::MlsDecisionNote& note,
                        const v1::MlsRuleSet& rule_set, const Step& step) {
  RETURN_IF_ERROR(Move(row, {v1::MLS_CASE_STATE_ACTIVE}, v1::MLS_CASE_STATE_GRACE, "a grace period", step));
  RETURN_IF_ERROR(CheckDecider(row, note, false, step));
  if (rule_set.grace_months() == 0) {
    return Error(reasons::kNoGracePeriod, "the rule set knows no grace period", {{"rule_set", rule_set.name()}});
  }
  ASSIGN_OR_RETURN(v1::MlsHearing * hearing, FindHearing(row, ProposalOf(row, v1::MLS_DECISION_KIND_GRACE, step)));
  v1::MlsDecision& decision = AddDecision(row, v1::MLS_DECISION_KIND_GRACE, note, step);
  decision.set_rule_set(rule_set.name());
  hearing->set_decision_number(decision.number());
  EndAwards(awards, AddMonths(MonthOf(step.day), rule_set.grace_pays_former_amount() ? rule_set.grace_months() : 0));
  return absl::OkStatus();
}

absl::Status EndGrace(v1::MlsCase& row, Awards& awards, const v1::EndMlsGraceRequest& request,
                      const v1::MlsRuleSet& rule_set, const Step& step) {
  RETURN_IF_ERROR(
      Move(row, {v1::MLS_CASE_STATE_GRACE}, v1::MLS_CASE_STATE_ACTIVE, "the end of the grace period", step));
  RETURN_IF_ERROR(CheckDecider(row, request.note(), false, step));
  RETURN_IF_ERROR(CheckInputs(request.inputs(), "inputs"));
  TakeInputs(row, request.inputs(), std::vector<std::string>());
  RETURN_IF_ERROR(CheckAuthorised(row, step.day));
  RETURN_IF_ERROR(CheckTopUpAges(row.inputs(), rule_set, NextMonth(step.day)));
  // The hearing was before the grace period, which announced the end of the whole benefit.
  return Replace(row, awards, v1::MLS_DECISION_KIND_ADJUST, request.note(), rule_set, std::nullopt, step);
}

absl::Status Suspend(v1::MlsCase& row, Awards& awards, const v1::MlsDecisionNote& note, const Step& step) {
  RETURN_IF_ERROR(Move(row, {v1::MLS_CASE_STATE_ACTIVE}, v1::MLS_CASE_STATE_SUSPENDED, "a suspension", step));
  RETURN_IF_ERROR(CheckDecider(row, note, false, step));
  RETURN_IF_ERROR(RequireReason(note));
  AddDecision(row, v1::MLS_DECISION_KIND_SUSPEND, note, step);
  EndAwards(awards, MonthOf(step.day));
  return absl::OkStatus();
}

absl::Status Resume(v1::MlsCase& row, Awards& awards, const v1::ResumeMlsCaseRequest& request, const Step& step) {
  RETURN_IF_ERROR(Move(row, {v1::MLS_CASE_STATE_SUSPENDED}, v1::MLS_CASE_STATE_ACTIVE, "a resumption", step));
  RETURN_IF_ERROR(CheckDecider(row, request.note(), false, step));
  v1::MlsDecision& decision = AddDecision(row, v1::MLS_DECISION_KIND_RESUME, request.note(), step);
  v1::MlsAward& award = awards.back();
  const Day first_unpaid = std::max(AddMonths(MonthsOf(award).last, 1), MonthsOf(award).first);
  award.clear_last_month();
  *decision.mutable_first_month() =
      DayToProto(request.withhold_suspended_months() ? NextMonth(step.day) : first_unpaid);
  if (!request.withhold_suspended_months()) return absl::OkStatus();
  for (Day month = first_unpaid; month <= step.day; month = AddMonths(month, 1)) {
    *award.add_suspended_months() = DayToProto(month);
  }
  return absl::OkStatus();
}

absl::Status Stop(v1::MlsCase& row, Awards& awards, const v1::MlsDecisionNote& note, const Step& step) {
  RETURN_IF_ERROR(Move(
      row,
      {v1::MLS_CASE_STATE_CONFIRMED, v1::MLS_CASE_STATE_ACTIVE, v1::MLS_CASE_STATE_GRACE, v1::MLS_CASE_STATE_SUSPENDED},
      v1::MLS_CASE_STATE_STOPPED, "a stop", step));
  RETURN_IF_ERROR(CheckDecider(row, note, false, step));
  RETURN_IF_ERROR(RequireReason(note));
  ASSIGN_OR_RETURN(v1::MlsHearing * hearing, FindHearing(row, ProposalOf(row, v1::MLS_DECISION_KIND_STOP, step)));
  v1::MlsDecision& decision = AddDecision(row, v1::MLS_DECISION_KIND_STOP, note, step);
  hearing->set_decision_number(decision.number());
  EndAwards(awards, MonthOf(step.day));
  row.clear_next_review_due();
  return absl::OkStatus();
}

absl::Status NotifyDecision(v1::MlsCase& row, const v1::NotifyMlsDecisionRequest& request, const Step& step) {
  if (request.number() > row.decisions_size()) {
    Violations violations;
    violations.Add("number", reasons::kUnknownDecision, "the case has no such decision");
    return violations.ToStatus();
  }
  v1::MlsDecision& decision = *row.mutable_decisions(request.number() - 1);
  if (decision.has_notified_on()) {
    return Error(reasons::kNoticeAlreadyGiven, "the notice is recorded already", {{"resource", row.name()}});
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(decision.decided_on(), Day::Min())));
  *decision.mutable_notified_on() = DayToProto(step.day);
  decision.set_notice_number(request.notice_number());
  AddTransition(*row.mutable_transitions(), "decision:NOTIFIED", step);
  return absl::OkStatus();
}

absl::Status Review(v1::MlsCase& row, const v1::ReviewMlsCaseRequest& request, const v1::MlsRuleSet& rule_set,
                    const Step& step) {
  RETURN_IF_ERROR(Stay(row, {v1::MLS_CASE_STATE_ACTIVE, v1::MLS_CASE_STATE_GRACE, v1::MLS_CASE_STATE_SUSPENDED},
                       "review:DONE", "a review", step));
  v1::MlsReview& review = *row.add_reviews();
  *review.mutable_reviewed_on() = DayToProto(step.day);
  review.set_reviewed_by(Person(request.reviewed_by(), step));
  review.set_finding(request.finding());
  ScheduleReview(row, rule_set, step.day);
  return absl::OkStatus();
}

absl::Status ChangePayee(v1::MlsCase& row, Awards& awards, const v1::ChangeMlsPayeeRequest& request, const Step& step) {
  RETURN_IF_ERROR(Stay(
      row,
      {v1::MLS_CASE_STATE_PRELIM_OPINION, v1::MLS_CASE_STATE_IN_PUBLICITY, v1::MLS_CASE_STATE_OBJECTED,
       v1::MLS_CASE_STATE_RE_INVESTIGATION, v1::MLS_CASE_STATE_DELIBERATION, v1::MLS_CASE_STATE_TO_COUNTY,
       v1::MLS_CASE_STATE_CONFIRMED, v1::MLS_CASE_STATE_ACTIVE, v1::MLS_CASE_STATE_GRACE, v1::MLS_CASE_STATE_SUSPENDED},
      "payee:CHANGED", "a change of the payee", step));
  row.set_payee_name(request.payee_name());
  row.set_payee_reference(request.payee_reference());
  for (v1::MlsAward& award : awards) {
    award.set_payee_name(request.payee_name());
    award.set_payee_reference(request.payee_reference());
  }
  return absl::OkStatus();
}

}  // namespace dangjian::welfare::mls
