#include "services/activity/co_building_agreement/agreement_rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::activity::agreement_rules {
namespace {

std::string_view NameOf(v1::CoBuildingAgreementState state) {
  return StripPrefix(v1::CoBuildingAgreementState_Name(state), "CO_BUILDING_AGREEMENT_STATE_");
}

void Enter(v1::CoBuildingAgreement& agreement, v1::CoBuildingAgreementState state, const Step& step) {
  agreement.set_state(state);
  AddTransition(*agreement.mutable_transitions(), NameOf(state), step);
}

absl::Status CheckMove(const v1::CoBuildingAgreement& agreement, v1::CoBuildingAgreementState from,
                       std::string_view verb, const Step& step) {
  if (agreement.state() != from) return IllegalTransition(agreement.name(), NameOf(agreement.state()), verb);
  return CheckStep(step, LastStepDay(agreement.transitions()));
}

absl::StatusOr<v1::AgreementItem*> FindItem(v1::CoBuildingAgreement& agreement, std::string_view item_id) {
  for (v1::AgreementItem& item : *agreement.mutable_items()) {
    if (item.item_id() == item_id) return &item;
  }
  Violations violations;
  violations.Add("item_id", reasons::kUnknownAgreementItem,
                 absl::StrCat("the agreement has no item ", ToAbsl(item_id)));
  return violations.ToStatus();
}

absl::Status DatesOutOfOrder(const v1::CoBuildingAgreement& agreement, std::string_view message) {
  return Error(reasons::kAgreementDatesOutOfOrder, message, {{"resource", agreement.name()}});
}

absl::Status ItemError(const Reason& reason, const v1::CoBuildingAgreement& agreement, std::string_view item_id) {
  return Error(reason, absl::StrCat("item ", ToAbsl(item_id), " of ", agreement.name()),
               {{"resource", agreement.name()}, {"item", std::string(item_id)}});
}

// The days that one step of a signed agreement after another falls on when it is entered later.
void EnterSigned(v1::CoBuildingAgreement& agreement, Step step) {
  const Day valid_from = DayOr(agreement.valid_from(), Day::Max());
  step.day = DayOr(agreement.signed_on(), step.today);
  Enter(agreement, v1::CO_BUILDING_AGREEMENT_STATE_SIGNED, step);
  if (valid_from > step.today) return;
  step.day = valid_from;
  Enter(agreement, v1::CO_BUILDING_AGREEMENT_STATE_IN_FORCE, step);
}

}  // namespace

std::optional<DayRange> Term(const v1::CoBuildingAgreement& agreement) {
  if (agreement.state() == v1::CO_BUILDING_AGREEMENT_STATE_DRAFT) return std::nullopt;
  const Day agreed = DayOr(agreement.valid_to(), Day::Max());
  return DayRange{DayOr(agreement.valid_from(), Day::Min()), std::min(agreed, DayOr(agreement.ended_on(), Day::Max()))};
}

std::optional<DayRange> DaysInForce(const v1::CoBuildingAgreement& agreement) {
  return agreement.state() == v1::CO_BUILDING_AGREEMENT_STATE_SIGNED ? std::nullopt : Term(agreement);
}

void Initialize(v1::CoBuildingAgreement& agreement, Step step) {
  agreement.set_state(v1::CO_BUILDING_AGREEMENT_STATE_DRAFT);
  agreement.clear_ended_on();
  agreement.clear_predecessor();
  agreement.clear_successor();
  agreement.clear_transitions();
  for (v1::AgreementItem& item : *agreement.mutable_items()) item.clear_done_on();
  if (agreement.has_signed_on()) EnterSigned(agreement, std::move(step));
}

void CheckContent(const v1::CoBuildingAgreement& agreement, Day today, Violations& violations) {
  const Day signed_on = DayOr(agreement.signed_on(), Day::Min());
  const Day valid_from = DayOr(agreement.valid_from(), Day::Max());
  if (signed_on > today) {
    violations.Add("co_building_agreement.signed_on", dangjian::reasons::kDateInFuture, "signed after today");
  }
  if (valid_from < signed_on) {
    violations.Add("co_building_agreement.valid_from", reasons::kAgreementDatesOutOfOrder,
                   "in force before it was signed");
  }
  if (DayOr(agreement.valid_to(), Day::Max()) < valid_from) {
    violations.Add("co_building_agreement.valid_to", reasons::kAgreementDatesOutOfOrder, "over before it is in force");
  }
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < agreement.items_size(); ++i) {
    if (seen.insert(agreement.items(i).item_id()).second) continue;
    violations.Add(absl::StrCat("co_building_agreement.items[", i, "].item_id"), reasons::kDuplicateAgreementItem,
                   absl::StrCat(agreement.items(i).item_id(), " is used twice"));
  }
}

absl::Status CheckEditable(const v1::CoBuildingAgreement& agreement) {
  if (agreement.state() == v1::CO_BUILDING_AGREEMENT_STATE_DRAFT) return absl::OkStatus();
  return IllegalTransition(agreement.name(), NameOf(agreement.state()), "an update");
}

absl::Status CheckAlone(const v1::CoBuildingAgreement& agreement, const std::vector<v1::CoBuildingAgreement>& others) {
  const std::optional<DayRange> term = Term(agreement);
  if (!term.has_value()) return absl::OkStatus();
  for (const v1::CoBuildingAgreement& other : others) {
    const std::optional<DayRange> taken = Term(other);
    if (other.name() == agreement.name() || !taken.has_value()) continue;
    if (taken->last < term->first || term->last < taken->first) continue;
    return Error(reasons::kAgreementAlreadyInForce,
                 absl::StrCat(agreement.party(), " is bound by ", other.name(), " at that time"),
                 {{"resource", other.name()}});
  }
  return absl::OkStatus();
}

absl::Status Sign(v1::CoBuildingAgreement& agreement, const Step& step) {
  RETURN_IF_ERROR(CheckMove(agreement, v1::CO_BUILDING_AGREEMENT_STATE_DRAFT, "signing", step));
  if (DayOr(agreement.valid_from(), Day::Max()) < step.day) {
    return DatesOutOfOrder(agreement, "the agreement would be in force before it was signed");
  }
  *agreement.mutable_signed_on() = DayToProto(step.day);
  Enter(agreement, v1::CO_BUILDING_AGREEMENT_STATE_SIGNED, step);
  return absl::OkStatus();
}

absl::Status EnterIntoForce(v1::CoBuildingAgreement& agreement, const Step& step) {
  RETURN_IF_ERROR(CheckMove(agreement, v1::CO_BUILDING_AGREEMENT_STATE_SIGNED, "entering into force", step));
  if (step.day < DayOr(agreement.valid_from(), Day::Max())) {
    return Error(reasons::kAgreementNotYetValid,
                 absl::StrCat(agreement.name(), " is valid from ", FormatDay(DayOr(agreement.valid_from(), Day()))),
                 {{"resource", agreement.name()}});
  }
  Enter(agreement, v1::CO_BUILDING_AGREEMENT_STATE_IN_FORCE, step);
  return absl::OkStatus();
}

absl::Status Renew(v1::CoBuildingAgreement& agreement, const v1::RenewCoBuildingAgreementRequest& request,
                   const Step& step, v1::CoBuildingAgreement& successor) {
  RETURN_IF_ERROR(CheckMove(agreement, v1::CO_BUILDING_AGREEMENT_STATE_IN_FORCE, "a renewal", step));
  const Day first = DayOr(request.valid_from(), Day::Min());
  if (first <= DayOr(agreement.valid_from(), Day::Min())) {
    return DatesOutOfOrder(agreement, "the new agreement would not begin after the old one");
  }
  successor.set_organization(agreement.organization());
  successor.set_party(agreement.party());
  successor.set_title(agreement.title());
  *successor.mutable_items() = request.items_size() > 0 ? request.items() : agreement.items();
  if (request.items_size() == 0) {
    for (v1::AgreementItem& item : *successor.mutable_items()) item.clear_due_on();
  }
  *successor.mutable_signed_on() = DayToProto(step.day);
  *successor.mutable_valid_from() = request.valid_from();
  if (request.has_valid_to()) *successor.mutable_valid_to() = request.valid_to();
  Initialize(successor, step);
  successor.set_predecessor(agreement.name());
  Violations violations;
  CheckContent(successor, step.today, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (DayOr(agreement.valid_to(), Day::Max()) >= first) *agreement.mutable_ended_on() = DayToProto(first - 1);
  agreement.set_successor(successor.name());
  Enter(agreement, v1::CO_BUILDING_AGREEMENT_STATE_RENEWED, step);
  return absl::OkStatus();
}

void UndoRenewal(v1::CoBuildingAgreement& agreement, const Step& step) {
  agreement.clear_successor();
  agreement.clear_ended_on();
  Enter(agreement, v1::CO_BUILDING_AGREEMENT_STATE_IN_FORCE, step);
}

absl::Status Expire(v1::CoBuildingAgreement& agreement, const Step& step) {
  RETURN_IF_ERROR(CheckMove(agreement, v1::CO_BUILDING_AGREEMENT_STATE_IN_FORCE, "expiry", step));
  if (step.day <= DayOr(agreement.valid_to(), Day::Max())) {
    return Error(reasons::kAgreementStillValid, absl::StrCat(agreement.name(), " is valid on ", FormatDay(step.day)),
                 {{"resource", agreement.name()}});
  }
  Enter(agreement, v1::CO_BUILDING_AGREEMENT_STATE_EXPIRED, step);
  return absl::OkStatus();
}

absl::Status Terminate(v1::CoBuildingAgreement& agreement, const Step& step) {
  RETURN_IF_ERROR(CheckMove(agreement, v1::CO_BUILDING_AGREEMENT_STATE_IN_FORCE, "termination", step));
  if (step.day > DayOr(agreement.valid_to(), Day::Max())) {
    return Error(reasons::kAgreementTermOver, absl::StrCat(agreement.name(), " was over before"),
                 {{"resource", agreement.name()}});
  }
  *agreement.mutable_ended_on() = DayToProto(step.day);
  Enter(agreement, v1::CO_BUILDING_AGREEMENT_STATE_TERMINATED, step);
  return absl::OkStatus();
}

absl::Status FulfilItem(v1::CoBuildingAgreement& agreement, std::string_view item_id, const Step& step) {
  ASSIGN_OR_RETURN(v1::AgreementItem * item, FindItem(agreement, item_id));
  if (!DaysInForce(agreement).has_value()) {
    return IllegalTransition(agreement.name(), NameOf(agreement.state()), "a fulfilment");
  }
  if (item->has_done_on()) return ItemError(reasons::kAgreementItemDone, agreement, item_id);
  RETURN_IF_ERROR(CheckStep(step, DayOr(agreement.valid_from(), Day::Min())));
  *item->mutable_done_on() = DayToProto(step.day);
  AddTransition(*agreement.mutable_transitions(), absl::StrCat(ToAbsl(item_id), ":DONE"), step);
  return absl::OkStatus();
}

absl::Status ReopenItem(v1::CoBuildingAgreement& agreement, std::string_view item_id, const Step& step) {
  ASSIGN_OR_RETURN(v1::AgreementItem * item, FindItem(agreement, item_id));
  if (!item->has_done_on()) return ItemError(reasons::kAgreementItemOpen, agreement, item_id);
  item->clear_done_on();
  AddTransition(*agreement.mutable_transitions(), absl::StrCat(ToAbsl(item_id), ":OPEN"), step);
  return absl::OkStatus();
}

}  // namespace dangjian::activity::agreement_rules
