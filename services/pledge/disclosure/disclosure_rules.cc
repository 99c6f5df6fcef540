#include "services/pledge/disclosure/disclosure_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::pledge::disclosure_rules {
namespace {

constexpr int32_t kResidentsAffairsDays = 15;

std::string_view NameOf(v1::DisclosureState state) {
  return StripPrefix(v1::DisclosureState_Name(state), "DISCLOSURE_STATE_");
}

std::string_view NameOf(v1::ObjectionState state) {
  return StripPrefix(v1::ObjectionState_Name(state), "OBJECTION_STATE_");
}

absl::Status Move(v1::Disclosure& disclosure, std::initializer_list<v1::DisclosureState> from, v1::DisclosureState to,
                  std::string_view verb, const Step& step) {
  if (std::find(from.begin(), from.end(), disclosure.state()) == from.end()) {
    return IllegalTransition(disclosure.name(), NameOf(disclosure.state()), verb);
  }
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(disclosure.transitions())));
  disclosure.set_state(to);
  AddTransition(*disclosure.mutable_transitions(), NameOf(to), step);
  return absl::OkStatus();
}

absl::StatusOr<v1::Objection*> FindObjection(v1::Disclosure& disclosure, std::string_view objection_id) {
  for (v1::Objection& objection : *disclosure.mutable_objections()) {
    if (objection.objection_id() == objection_id) return &objection;
  }
  Violations violations;
  violations.Add("objection_id", reasons::kUnknownObjection,
                 absl::StrCat("the disclosure has no objection ", ToAbsl(objection_id)));
  return violations.ToStatus();
}

absl::StatusOr<v1::Objection*> MoveObjection(v1::Disclosure& disclosure, std::string_view objection_id,
                                             std::initializer_list<v1::ObjectionState> from, v1::ObjectionState to,
                                             std::string_view verb, const Step& step) {
  ASSIGN_OR_RETURN(v1::Objection * objection, FindObjection(disclosure, objection_id));
  if (std::find(from.begin(), from.end(), objection->state()) == from.end()) {
    return IllegalTransition(absl::StrCat(disclosure.name(), " objection ", ToAbsl(objection_id)),
                             NameOf(objection->state()), verb);
  }
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(objection->transitions())));
  objection->set_state(to);
  AddTransition(*objection->mutable_transitions(), NameOf(to), step);
  return objection;
}

void SetClosing(v1::Disclosure& disclosure, const WorkingDays& calendars) {
  const DueDay last = ClosesOn(disclosure.period(), DayOr(disclosure.posted_on(), Day::Min()), calendars);
  *disclosure.mutable_closes_on() = DayToProto(last.day);
  disclosure.set_provisional(last.provisional);
}

absl::Status CheckLength(const v1::Disclosure& disclosure, Day day) {
  if (disclosure.category() != v1::DISCLOSURE_CATEGORY_RESIDENTS_AFFAIRS) return absl::OkStatus();
  if (day < Day::Of(2026, 1, 1) || disclosure.period().days() >= kResidentsAffairsDays) return absl::OkStatus();
  Violations violations;
  violations.Add("disclosure.period.days", reasons::kPeriodTooShort,
                 absl::StrCat("residents' affairs stand for at least ", kResidentsAffairsDays, " days"));
  return violations.ToStatus();
}

std::string NextObjectionId(const v1::Disclosure& disclosure) {
  int next = disclosure.objections_size() + 1;
  const auto taken = [&](const v1::Objection& objection) { return objection.objection_id() == absl::StrCat(next); };
  while (std::any_of(disclosure.objections().begin(), disclosure.objections().end(), taken)) ++next;
  return absl::StrCat(next);
}

}  // namespace

void Initialize(v1::Disclosure& disclosure) {
  disclosure.set_state(v1::DISCLOSURE_STATE_DRAFT);
  disclosure.clear_posted_on();
  disclosure.clear_closes_on();
  disclosure.clear_provisional();
  disclosure.clear_closed_on();
  disclosure.clear_objections();
  disclosure.clear_transitions();
}

absl::Status CheckEditable(const v1::Disclosure& disclosure) {
  if (disclosure.state() == v1::DISCLOSURE_STATE_DRAFT) return absl::OkStatus();
  return IllegalTransition(disclosure.name(), NameOf(disclosure.state()), "an update");
}

absl::Status ReviewSecrecy(v1::Disclosure& disclosure, const Step& step) {
  return Move(disclosure, {v1::DISCLOSURE_STATE_DRAFT}, v1::DISCLOSURE_STATE_SECRECY_REVIEWED, "the secrecy review",
              step);
}

absl::Status Approve(v1::Disclosure& disclosure, const Step& step) {
  return Move(disclosure, {v1::DISCLOSURE_STATE_SECRECY_REVIEWED}, v1::DISCLOSURE_STATE_APPROVED, "approval", step);
}

absl::Status Post(v1::Disclosure& disclosure, const WorkingDays& calendars, const Step& step) {
  RETURN_IF_ERROR(CheckLength(disclosure, step.day));
  RETURN_IF_ERROR(Move(disclosure, {v1::DISCLOSURE_STATE_APPROVED}, v1::DISCLOSURE_STATE_POSTED, "posting", step));
  *disclosure.mutable_posted_on() = DayToProto(step.day);
  SetClosing(disclosure, calendars);
  return absl::OkStatus();
}

absl::Status Close(v1::Disclosure& disclosure, const WorkingDays& calendars, const Step& step) {
  RETURN_IF_ERROR(Move(disclosure, {v1::DISCLOSURE_STATE_POSTED}, v1::DISCLOSURE_STATE_CLOSED, "closing", step));
  SetClosing(disclosure, calendars);
  const Day last = DayOr(disclosure.closes_on(), Day::Max());
  if (step.day < last) {
    return Error(reasons::kPeriodNotOver, absl::StrCat("the period lasts until ", FormatDay(last)),
                 {{"resource", disclosure.name()}, {"closes_on", FormatDay(last)}});
  }
  for (const v1::Objection& objection : disclosure.objections()) {
    if (objection.state() == v1::OBJECTION_STATE_REPLIED) continue;
    return Error(reasons::kObjectionOpen,
                 absl::StrCat("objection ", objection.objection_id(), " is ", ToAbsl(NameOf(objection.state()))),
                 {{"resource", disclosure.name()}, {"objection", objection.objection_id()}});
  }
  *disclosure.mutable_closed_on() = DayToProto(step.day);
  return absl::OkStatus();
}

absl::Status Withdraw(v1::Disclosure& disclosure, const Step& step) {
  return Move(disclosure,
              {v1::DISCLOSURE_STATE_DRAFT, v1::DISCLOSURE_STATE_SECRECY_REVIEWED, v1::DISCLOSURE_STATE_APPROVED,
               v1::DISCLOSURE_STATE_POSTED},
              v1::DISCLOSURE_STATE_WITHDRAWN, "withdrawal", step);
}

absl::Status Redraft(v1::Disclosure& disclosure, const Step& step) {
  RETURN_IF_ERROR(Move(disclosure, {v1::DISCLOSURE_STATE_WITHDRAWN}, v1::DISCLOSURE_STATE_DRAFT, "redrafting", step));
  disclosure.clear_posted_on();
  disclosure.clear_closes_on();
  disclosure.clear_provisional();
  return absl::OkStatus();
}

absl::Status AddObjection(v1::Disclosure& disclosure, const v1::Objection& objection, const Step& step) {
  if (disclosure.state() != v1::DISCLOSURE_STATE_POSTED) {
    return IllegalTransition(disclosure.name(), NameOf(disclosure.state()), "an objection");
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(disclosure.posted_on(), Day::Min())));
  if (!objection.objection_id().empty() && FindObjection(disclosure, objection.objection_id()).ok()) {
    Violations violations;
    violations.Add("objection.objection_id", reasons::kDuplicateObjection,
                   absl::StrCat(objection.objection_id(), " is taken"));
    return violations.ToStatus();
  }
  v1::Objection added;
  added.set_objection_id(objection.objection_id().empty() ? NextObjectionId(disclosure) : objection.objection_id());
  *added.mutable_received_on() = DayToProto(step.day);
  added.set_anonymous(objection.anonymous());
  added.set_text(objection.text());
  added.set_state(v1::OBJECTION_STATE_RECEIVED);
  AddTransition(*added.mutable_transitions(), NameOf(added.state()), step);
  *disclosure.add_objections() = std::move(added);
  return absl::OkStatus();
}

absl::Status AssignObjection(v1::Disclosure& disclosure, std::string_view objection_id, std::string_view assignee,
                             const Step& step) {
  ASSIGN_OR_RETURN(v1::Objection * objection, MoveObjection(disclosure, objection_id, {v1::OBJECTION_STATE_RECEIVED},
                                                            v1::OBJECTION_STATE_ASSIGNED, "assignment", step));
  objection->set_assignee(std::string(assignee));
  return absl::OkStatus();
}

absl::Status InvestigateObjection(v1::Disclosure& disclosure, std::string_view objection_id, std::string_view finding,
                                  const Step& step) {
  ASSIGN_OR_RETURN(v1::Objection * objection, MoveObjection(disclosure, objection_id, {v1::OBJECTION_STATE_ASSIGNED},
                                                            v1::OBJECTION_STATE_INVESTIGATED, "a finding", step));
  objection->set_finding(std::string(finding));
  return absl::OkStatus();
}

absl::Status DecideObjection(v1::Disclosure& disclosure, std::string_view objection_id, bool upheld, const Step& step) {
  ASSIGN_OR_RETURN(
      v1::Objection * objection,
      MoveObjection(disclosure, objection_id, {v1::OBJECTION_STATE_INVESTIGATED},
                    upheld ? v1::OBJECTION_STATE_UPHELD : v1::OBJECTION_STATE_REJECTED, "a decision", step));
  objection->set_upheld(upheld);
  return absl::OkStatus();
}

absl::Status ReplyObjection(v1::Disclosure& disclosure, std::string_view objection_id, std::string_view reply,
                            const Step& step) {
  ASSIGN_OR_RETURN(v1::Objection * objection,
                   MoveObjection(disclosure, objection_id, {v1::OBJECTION_STATE_UPHELD, v1::OBJECTION_STATE_REJECTED},
                                 v1::OBJECTION_STATE_REPLIED, "a reply", step));
  objection->set_reply(std::string(reply));
  return absl::OkStatus();
}

DueDay ClosesOn(const v1::PublicityPeriod& period, Day posted_on, const WorkingDays& calendars) {
  const StartDay start = period.count_first_day() ? StartDay::kCounted : StartDay::kNotCounted;
  return period.day_kind() == v1::DAY_KIND_WORKING ? calendars.AfterWorkingDays(posted_on, period.days(), start)
                                                   : calendars.AfterNaturalDays(posted_on, period.days(), start);
}

Day LatestClosing(const v1::PublicityPeriod& period, Day posted_on) {
  // No run of rest days is longer than a fortnight, and of any three weeks at least ten days are working days.
  return posted_on + period.days() * 21 / 10 + 21;
}

}  // namespace dangjian::pledge::disclosure_rules
