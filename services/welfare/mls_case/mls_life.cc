#include "services/welfare/mls_case/mls_life.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "common/types/month.h"
#include "services/welfare/mls_case/mls_ages.h"
#include "services/welfare/mls_case/mls_clock.h"
#include "services/welfare/mls_rule_set/rule_set_rules.h"

namespace dangjian::welfare::mls {
namespace {

using v1::MlsCaseState;

constexpr int kFewestInvestigators = 2;

bool Holds(const v1::MlsBenefitInputs& inputs, std::string_view resident) {
  const auto is = [&](const v1::MlsFamilyMember& member) { return member.resident() == resident; };
  return std::any_of(inputs.family().begin(), inputs.family().end(), is);
}

void CheckMember(const v1::MlsFamilyMember& member, const std::string& field, std::set<std::string>& seen,
                 Violations& violations) {
  if (!seen.insert(member.resident()).second) {
    violations.Add(field + ".resident", reasons::kDuplicateFamilyMember, "the person is in the family already");
  }
  if (member.category() == v1::MLS_FAMILY_CATEGORY_EXCLUDED && member.exclusion_reason().empty()) {
    violations.Add(field + ".exclusion_reason", reasons::kExclusionReasonMissing, "say why the person does not count");
  }
  for (const std::string& code : member.top_up_codes()) {
    if (!IsHealthCode(code)) continue;
    violations.Add(field + ".top_up_codes", dangjian::reasons::kSensitiveFieldNotAccepted,
                   "the code says something of health");
  }
}

void AddInputViolations(const v1::MlsBenefitInputs& inputs, std::string_view path, Violations& violations) {
  std::set<std::string> seen;
  for (int i = 0; i < inputs.family_size(); ++i) {
    CheckMember(inputs.family(i), absl::StrCat(ToAbsl(path), ".family[", i, "]"), seen, violations);
  }
  for (int i = 0; i < inputs.incomes_size(); ++i) {
    const std::string& resident = inputs.incomes(i).resident();
    if (resident.empty() || seen.contains(resident)) continue;
    violations.Add(absl::StrCat(ToAbsl(path), ".incomes[", i, "].resident"), reasons::kNotInFamily,
                   "the income is of a person outside the family");
  }
}

absl::Status CheckFrom(const v1::MlsCase& row, std::initializer_list<MlsCaseState> from, std::string_view verb) {
  if (std::find(from.begin(), from.end(), row.state()) != from.end()) return absl::OkStatus();
  if (row.state() == v1::MLS_CASE_STATE_STOPPED) {
    return Error(reasons::kCaseStopped,
                 absl::StrCat(row.name(), " is stopped, ", ToAbsl(verb), " is not possible: apply anew"),
                 {{"resource", row.name()}});
  }
  return IllegalTransition(row.name(), NameOf(row.state()), verb);
}

Day NotBefore(const v1::MlsCase& row) { return LastStepDay(row.transitions()); }

const v1::MlsObjection* OpenObjection(const v1::MlsCase& row) {
  for (const v1::MlsObjection& objection : row.objections()) {
    if (objection.state() == v1::MLS_OBJECTION_STATE_OPEN) return &objection;
  }
  return nullptr;
}

absl::Status CheckNoOpenObjection(const v1::MlsCase& row) {
  const v1::MlsObjection* open = OpenObjection(row);
  if (open == nullptr) return absl::OkStatus();
  return Error(reasons::kCaseObjectionOpen, absl::StrCat("objection ", open->number(), " is not answered"),
               {{"resource", row.name()}, {"objection", absl::StrCat(open->number())}});
}

bool Supports(const v1::MlsCase& row) {
  return !row.opinions().empty() && row.opinions(row.opinions_size() - 1).supports();
}

absl::Status CheckSupports(const v1::MlsCase& row) {
  if (Supports(row)) return absl::OkStatus();
  return Error(reasons::kOpinionNotInFavour, "the opinion of the street is not in favour", {{"resource", row.name()}});
}

absl::Status CheckPublicityOver(const v1::MlsCase& row, Day day) {
  if (row.publicities().empty()) {
    return Error(reasons::kPublicityMissing, "the proposal was never posted", {{"resource", row.name()}});
  }
  const Day last = DayOr(row.publicities(row.publicities_size() - 1).ends_on(), Day::Max());
  if (day >= last) return absl::OkStatus();
  return Error(reasons::kPublicityNotOver, absl::StrCat("the proposal is posted until ", FormatDay(last)),
               {{"resource", row.name()}, {"ends_on", FormatDay(last)}});
}

absl::Status CheckInvestigators(const v1::MlsInvestigation& investigation) {
  const std::set<std::string> persons(investigation.investigators().begin(), investigation.investigators().end());
  if (persons.size() >= kFewestInvestigators) return absl::OkStatus();
  return Error(reasons::kTooFewInvestigators, absl::StrCat(persons.size(), " investigators, at least two are needed"));
}

// What is told of an investigation lies between the acceptance and today.
absl::Status CheckDates(const v1::MlsCase& row, const v1::MlsInvestigation& investigation, const Step& step) {
  Day accepted = Day::Min();
  for (const common::v1::Transition& transition : row.transitions()) {
    if (transition.state() != NameOf(v1::MLS_CASE_STATE_ACCEPTED)) continue;
    accepted = DayOr(transition.occurred_on(), accepted);
    break;
  }
  Step told = step;
  for (const google::type::Date* date : {&investigation.visited_on(), &investigation.check_started_on()}) {
    told.day = DayOr(*date, step.day);
    RETURN_IF_ERROR(CheckStep(told, accepted));
  }
  return absl::OkStatus();
}

// Adds what is new and keeps the rest: whoever investigated once has prepared the case for good. The day on which the
// check began can be corrected until another investigation begins; `again`: it has.
void Merge(v1::MlsInvestigation& kept, const v1::MlsInvestigation& more, bool again) {
  for (const std::string& person : more.investigators()) {
    const auto& known = kept.investigators();
    if (std::find(known.begin(), known.end(), person) == known.end()) kept.add_investigators(person);
  }
  if (more.has_visited_on()) *kept.mutable_visited_on() = more.visited_on();
  if (more.has_check_started_on() && !(again && kept.has_check_started_on()))
    *kept.mutable_check_started_on() = more.check_started_on();
  if (!more.check_report_number().empty()) kept.set_check_report_number(more.check_report_number());
  if (more.relatives_flag()) kept.set_relatives_flag(true);
  if (!more.finding().empty()) kept.set_finding(more.finding());
}

// An objection to a posting or to the opinion formed anew after one stops the case until it is looked into; one that
// comes while the case is looked into joins the others.
absl::Status EnterObjected(v1::MlsCase& row, const Step& step) {
  const bool posted = !row.publicities().empty();
  switch (row.state()) {
    case v1::MLS_CASE_STATE_INVESTIGATING:
    case v1::MLS_CASE_STATE_RE_INVESTIGATION:
    case v1::MLS_CASE_STATE_DELIBERATION:
      if (posted) return Stay(row, {row.state()}, "objection:RECEIVED", "an objection", step);
      break;
    case v1::MLS_CASE_STATE_PRELIM_OPINION:
      if (posted) return Move(row, {row.state()}, v1::MLS_CASE_STATE_OBJECTED, "an objection", step);
      break;
    default:
      break;
  }
  return Move(row, {v1::MLS_CASE_STATE_IN_PUBLICITY, v1::MLS_CASE_STATE_OBJECTED}, v1::MLS_CASE_STATE_OBJECTED,
              "an objection", step);
}

}  // namespace

std::string_view NameOf(MlsCaseState state) { return StripPrefix(v1::MlsCaseState_Name(state), "MLS_CASE_STATE_"); }

bool IsApplication(MlsCaseState state) {
  return state >= v1::MLS_CASE_STATE_DRAFT && state <= v1::MLS_CASE_STATE_TO_COUNTY;
}

bool IsGranted(MlsCaseState state) {
  return state == v1::MLS_CASE_STATE_CONFIRMED || state == v1::MLS_CASE_STATE_ACTIVE ||
         state == v1::MLS_CASE_STATE_GRACE || state == v1::MLS_CASE_STATE_SUSPENDED;
}

bool IsOpen(MlsCaseState state) {
  return IsGranted(state) || (IsApplication(state) && state != v1::MLS_CASE_STATE_DRAFT);
}

absl::Status Initialize(v1::MlsCase& row) {
  row.set_state(v1::MLS_CASE_STATE_DRAFT);
  return CheckContent(row);
}

absl::Status CheckInputs(const v1::MlsBenefitInputs& inputs, std::string_view field) {
  Violations violations;
  AddInputViolations(inputs, field, violations);
  return violations.ToStatus();
}

absl::Status CheckContent(const v1::MlsCase& row) {
  Violations violations;
  AddInputViolations(row.inputs(), "mls_case.inputs", violations);
  const std::vector<std::string> counted = CountedPersons(row.inputs());
  if (std::find(counted.begin(), counted.end(), row.applicant()) == counted.end()) {
    violations.Add("mls_case.applicant", reasons::kApplicantNotInFamily, "the applicant is one of the counted family");
  }
  for (int i = 0; i < row.assets_size(); ++i) {
    if (row.assets(i).resident().empty() || Holds(row.inputs(), row.assets(i).resident())) continue;
    violations.Add(absl::StrCat("mls_case.assets[", i, "].resident"), reasons::kNotInFamily,
                   "the asset is of a person outside the family");
  }
  return violations.ToStatus();
}

absl::Status CheckHealthCodes(const v1::MlsBenefitInputs& inputs, const v1::MlsRuleSet& rule_set) {
  for (const v1::MlsFamilyMember& member : inputs.family()) {
    for (const v1::MlsTopUp& top_up : rule_set.top_ups()) {
      const auto& codes = member.top_up_codes();
      if (!top_up.health_fact() || std::find(codes.begin(), codes.end(), top_up.code()) == codes.end()) continue;
      return Error(dangjian::reasons::kSensitiveFieldNotAccepted, "a top-up code says something of a person's health",
                   {{"rule_set", rule_set.name()}});
    }
  }
  return absl::OkStatus();
}

absl::Status CheckUpdate(const v1::MlsCase& current, const v1::MlsCase& updated, Day today) {
  RETURN_IF_ERROR(CheckEditable(current));
  RETURN_IF_ERROR(CheckContent(updated));
  if (current.state() == v1::MLS_CASE_STATE_DRAFT) return absl::OkStatus();
  return CheckAuthorised(updated, AgeDay(current, today), today);
}

absl::Status CheckEditable(const v1::MlsCase& row) {
  return CheckFrom(row,
                   {v1::MLS_CASE_STATE_DRAFT, v1::MLS_CASE_STATE_SUBMITTED, v1::MLS_CASE_STATE_ACCEPTED,
                    v1::MLS_CASE_STATE_SUPPLEMENT_REQUESTED, v1::MLS_CASE_STATE_INVESTIGATING,
                    v1::MLS_CASE_STATE_CHECK_FAILED, v1::MLS_CASE_STATE_RE_INVESTIGATION},
                   "an update");
}

absl::Status CheckDeletable(const v1::MlsCase& row) { return CheckFrom(row, {v1::MLS_CASE_STATE_DRAFT}, "a deletion"); }

void EnterDueState(v1::MlsCase& row, const Step& step) {
  if (row.state() != v1::MLS_CASE_STATE_CONFIRMED) return;
  const Day first = DayOr(row.first_month(), Day::Max());
  if (step.day < first || NotBefore(row) > first) return;
  row.set_state(v1::MLS_CASE_STATE_ACTIVE);
  Step entered = step;
  entered.day = first;
  entered.reason.clear();
  AddTransition(*row.mutable_transitions(), NameOf(row.state()), entered);
}

absl::Status Move(v1::MlsCase& row, std::initializer_list<MlsCaseState> from, MlsCaseState to, std::string_view verb,
                  const Step& step) {
  RETURN_IF_ERROR(CheckFrom(row, from, verb));
  RETURN_IF_ERROR(CheckStep(step, NotBefore(row)));
  row.set_state(to);
  AddTransition(*row.mutable_transitions(), NameOf(to), step);
  return absl::OkStatus();
}

absl::Status Stay(v1::MlsCase& row, std::initializer_list<MlsCaseState> in, std::string_view entry,
                  std::string_view verb, const Step& step) {
  RETURN_IF_ERROR(CheckFrom(row, in, verb));
  RETURN_IF_ERROR(CheckStep(step, NotBefore(row)));
  AddTransition(*row.mutable_transitions(), entry, step);
  return absl::OkStatus();
}

absl::Status Submit(v1::MlsCase& row, const Step& step) {
  RETURN_IF_ERROR(Move(row, {v1::MLS_CASE_STATE_DRAFT}, v1::MLS_CASE_STATE_SUBMITTED, "submission", step));
  RETURN_IF_ERROR(CheckAuthorised(row, step.day));
  *row.mutable_submitted_on() = DayToProto(step.day);
  return absl::OkStatus();
}

absl::Status Accept(v1::MlsCase& row, bool special, const v1::MlsRuleSet& rule_set, const WorkingDays& calendars,
                    const Step& step) {
  RETURN_IF_ERROR(Move(row, {v1::MLS_CASE_STATE_SUBMITTED}, v1::MLS_CASE_STATE_ACCEPTED, "acceptance", step));
  row.set_special(special);
  StartClocks(row, rule_set, calendars, step.day);
  return absl::OkStatus();
}

absl::Status RequestSupplement(v1::MlsCase& row, std::string_view missing, const Step& step) {
  RETURN_IF_ERROR(Move(row, {v1::MLS_CASE_STATE_ACCEPTED}, v1::MLS_CASE_STATE_SUPPLEMENT_REQUESTED,
                       "a request for supplements", step));
  if (!row.missing().empty()) {
    return Error(reasons::kSupplementAlreadyRequested, "the family was told before", {{"resource", row.name()}});
  }
  row.set_missing(std::string(missing));
  return absl::OkStatus();
}

absl::Status ReceiveSupplement(v1::MlsCase& row, const Step& step) {
  return Move(row, {v1::MLS_CASE_STATE_SUPPLEMENT_REQUESTED}, v1::MLS_CASE_STATE_ACCEPTED, "a supplement", step);
}

absl::Status Investigate(v1::MlsCase& row, const v1::MlsInvestigation& investigation, const Step& step) {
  const bool goes_on = row.state() == v1::MLS_CASE_STATE_INVESTIGATING;
  const bool again = row.state() == v1::MLS_CASE_STATE_RE_INVESTIGATION;
  RETURN_IF_ERROR(
      Move(row, {v1::MLS_CASE_STATE_ACCEPTED, v1::MLS_CASE_STATE_INVESTIGATING, v1::MLS_CASE_STATE_RE_INVESTIGATION},
           v1::MLS_CASE_STATE_INVESTIGATING, "an investigation", step));
  RETURN_IF_ERROR(CheckDates(row, investigation, step));
  RETURN_IF_ERROR(CheckAuthorised(row, DayOr(investigation.check_started_on(), step.day)));
  v1::MlsInvestigation& kept = *row.mutable_investigation();
  Merge(kept, investigation, again);
  if (!kept.has_started_on()) *kept.mutable_started_on() = DayToProto(step.day);
  // A visit takes two; what is added to it takes nobody new.
  return CheckInvestigators(goes_on ? kept : investigation);
}

absl::Status FailCheck(v1::MlsCase& row, const Step& step) {
  return Move(row, {v1::MLS_CASE_STATE_INVESTIGATING}, v1::MLS_CASE_STATE_CHECK_FAILED, "a failed check", step);
}

absl::Status RebutCheck(v1::MlsCase& row, const Step& step) {
  return Move(row, {v1::MLS_CASE_STATE_CHECK_FAILED}, v1::MLS_CASE_STATE_INVESTIGATING, "a rebuttal", step);
}

absl::Status CloseFailed(v1::MlsCase& row, const Step& step) {
  return Move(row, {v1::MLS_CASE_STATE_CHECK_FAILED}, v1::MLS_CASE_STATE_CLOSED, "closing", step);
}

absl::Status RecordOpinion(v1::MlsCase& row, const v1::RecordMlsPrelimOpinionRequest& request,
                           const v1::MlsRuleSet& rule_set, const Step& step) {
  RETURN_IF_ERROR(Move(
      row, {v1::MLS_CASE_STATE_INVESTIGATING, v1::MLS_CASE_STATE_RE_INVESTIGATION, v1::MLS_CASE_STATE_DELIBERATION},
      v1::MLS_CASE_STATE_PRELIM_OPINION, "an opinion", step));
  RETURN_IF_ERROR(CheckInvestigators(row.investigation()));
  v1::MlsOpinion& opinion = *row.add_opinions();
  *opinion.mutable_given_on() = DayToProto(step.day);
  opinion.set_prepared_by(request.prepared_by().empty() ? step.actor : request.prepared_by());
  opinion.set_supports(!request.refuses());
  opinion.set_text(request.text());
  opinion.set_rule_set(rule_set.name());
  if (request.refuses()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckAuthorised(row, step.day));
  RETURN_IF_ERROR(CheckHealthCodes(row.inputs(), rule_set));
  RETURN_IF_ERROR(CheckTopUpAges(row.inputs(), rule_set, NextMonth(step.day)));
  ASSIGN_OR_RETURN(const Benefit benefit, ComputeBenefit(rule_set, row.inputs()));
  if (benefit.total_fen == 0) {
    return Error(reasons::kNotEntitled, "the income of the family is not below the standard",
                 {{"resource", row.name()}, {"rule_set", rule_set.name()}});
  }
  opinion.set_amount_fen(benefit.total_fen);
  return absl::OkStatus();
}

absl::Status Post(v1::MlsCase& row, std::string_view channel, const v1::MlsRuleSet& rule_set,
                  const WorkingDays& calendars, const Step& step) {
  RETURN_IF_ERROR(Move(row, {v1::MLS_CASE_STATE_PRELIM_OPINION}, v1::MLS_CASE_STATE_IN_PUBLICITY, "a posting", step));
  RETURN_IF_ERROR(CheckSupports(row));
  const DueDay last = PublicityEnds(rule_set, calendars, step.day);
  v1::MlsPublicity& publicity = *row.add_publicities();
  *publicity.mutable_posted_on() = DayToProto(step.day);
  *publicity.mutable_ends_on() = DayToProto(last.day);
  publicity.set_provisional(last.provisional);
  publicity.set_persons(static_cast<int32_t>(CountedPersons(row.inputs()).size()));
  publicity.set_amount_fen(row.opinions(row.opinions_size() - 1).amount_fen());
  publicity.set_channel(std::string(channel));
  publicity.set_rule_set(rule_set.name());
  return absl::OkStatus();
}

absl::Status Object(v1::MlsCase& row, std::string_view text, bool anonymous, const Step& step) {
  RETURN_IF_ERROR(EnterObjected(row, step));
  v1::MlsObjection& objection = *row.add_objections();
  objection.set_number(row.objections_size());
  *objection.mutable_received_on() = DayToProto(step.day);
  objection.set_anonymous(anonymous);
  objection.set_text(std::string(text));
  objection.set_state(v1::MLS_OBJECTION_STATE_OPEN);
  return absl::OkStatus();
}

absl::Status AnswerObjection(v1::MlsCase& row, const v1::AnswerMlsObjectionRequest& request, const Step& step) {
  RETURN_IF_ERROR(
      Stay(row,
           {v1::MLS_CASE_STATE_OBJECTED, v1::MLS_CASE_STATE_RE_INVESTIGATION, v1::MLS_CASE_STATE_INVESTIGATING,
            v1::MLS_CASE_STATE_DELIBERATION, v1::MLS_CASE_STATE_PRELIM_OPINION},
           "objection:ANSWERED", "an answer to an objection", step));
  if (request.number() > row.objections_size() ||
      row.objections(request.number() - 1).state() != v1::MLS_OBJECTION_STATE_OPEN) {
    Violations violations;
    violations.Add("number", reasons::kUnknownCaseObjection, "the case has no such open objection");
    return violations.ToStatus();
  }
  v1::MlsObjection& objection = *row.mutable_objections(request.number() - 1);
  objection.set_state(v1::MLS_OBJECTION_STATE_ANSWERED);
  objection.set_upheld(request.upheld());
  objection.set_reply(request.reply());
  *objection.mutable_answered_on() = DayToProto(step.day);
  return absl::OkStatus();
}

absl::Status Reinvestigate(v1::MlsCase& row, const Step& step) {
  return Move(row, {v1::MLS_CASE_STATE_OBJECTED}, v1::MLS_CASE_STATE_RE_INVESTIGATION, "another investigation", step);
}

absl::Status Deliberate(v1::MlsCase& row, const v1::DeliberateMlsCaseRequest& request, const Step& step) {
  if (request.in_favour() > request.participants()) {
    Violations violations;
    violations.Add("in_favour", reasons::kDeliberationNotAddingUp, "more are in favour than took part");
    return violations.ToStatus();
  }
  RETURN_IF_ERROR(Move(row, {v1::MLS_CASE_STATE_OBJECTED, v1::MLS_CASE_STATE_RE_INVESTIGATION},
                       v1::MLS_CASE_STATE_DELIBERATION, "a deliberation", step));
  v1::MlsDeliberation& deliberation = *row.add_deliberations();
  *deliberation.mutable_held_on() = DayToProto(step.day);
  deliberation.set_participants(request.participants());
  deliberation.set_in_favour(request.in_favour());
  deliberation.set_summary(request.summary());
  return absl::OkStatus();
}

bool IsPostingProvisional(const v1::MlsCase& row) {
  return !row.publicities().empty() && row.publicities(row.publicities_size() - 1).provisional();
}

void SettlePosting(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, const WorkingDays& calendars) {
  if (!IsPostingProvisional(row)) return;
  v1::MlsPublicity& publicity = *row.mutable_publicities(row.publicities_size() - 1);
  const DueDay last = PublicityEnds(rule_set, calendars, DayOr(publicity.posted_on(), Day::Min()));
  *publicity.mutable_ends_on() = DayToProto(last.day);
  publicity.set_provisional(last.provisional);
}

absl::Status SendToCounty(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, const WorkingDays& calendars,
                          const Step& step) {
  const bool was_posted = row.state() == v1::MLS_CASE_STATE_IN_PUBLICITY;
  RETURN_IF_ERROR(Move(row, {v1::MLS_CASE_STATE_IN_PUBLICITY, v1::MLS_CASE_STATE_PRELIM_OPINION},
                       v1::MLS_CASE_STATE_TO_COUNTY, "the hand-over", step));
  RETURN_IF_ERROR(CheckNoOpenObjection(row));
  RETURN_IF_ERROR(CheckAuthorised(row, step.day));
  if (!was_posted && Supports(row) && (row.objections().empty() || rule_set.second_publicity_required())) {
    return Error(reasons::kPublicityMissing, "the opinion has not been posted", {{"resource", row.name()}});
  }
  // What the residents were told stays open to objections to its last day, whatever became of the opinion.
  if (!row.publicities().empty()) RETURN_IF_ERROR(CheckPublicityOver(row, step.day));
  StartCountyClock(row, rule_set, calendars, step.day);
  return absl::OkStatus();
}

absl::Status Terminate(v1::MlsCase& row, const Step& step) {
  RETURN_IF_ERROR(
      CheckFrom(row, {IsApplication(row.state()) ? row.state() : v1::MLS_CASE_STATE_UNSPECIFIED}, "termination"));
  return Move(row, {row.state()}, v1::MLS_CASE_STATE_TERMINATED, "termination", step);
}

absl::Status Withdraw(v1::MlsCase& row, const Step& step) {
  RETURN_IF_ERROR(
      CheckFrom(row, {IsApplication(row.state()) ? row.state() : v1::MLS_CASE_STATE_UNSPECIFIED}, "withdrawal"));
  return Move(row, {row.state()}, v1::MLS_CASE_STATE_WITHDRAWN, "withdrawal", step);
}

absl::Status CheckPrepared(const v1::MlsCase& row, Day day) {
  RETURN_IF_ERROR(CheckInvestigators(row.investigation()));
  RETURN_IF_ERROR(CheckSupports(row));
  RETURN_IF_ERROR(CheckAuthorised(row, day));
  RETURN_IF_ERROR(CheckPublicityOver(row, day));
  return CheckNoOpenObjection(row);
}

}  // namespace dangjian::welfare::mls
