#include "services/welfare/mls_case/case_service.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/base/status_macros.h"
#include "common/change/registry_view.h"
#include "common/rpc/change_record.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/month.h"
#include "services/welfare/mls_case/mls_ages.h"
#include "services/welfare/mls_case/mls_clock.h"
#include "services/welfare/mls_case/mls_counted.h"
#include "services/welfare/mls_case/mls_hearing.h"
#include "services/welfare/mls_case/mls_life.h"
#include "services/welfare/mls_case/mls_work_refusal.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

using rpc::StepOf;

namespace reasons {
inline constexpr Reason kPredecessorStillOpen{"PREDECESSOR_STILL_OPEN", absl::StatusCode::kFailedPrecondition,
                                              "原案尚未结束,不能关联新申请"};
}  // namespace reasons

namespace {

// Far more than a case has in a lifetime.
constexpr size_t kMostAwards = 10'000;

// What follows from today's date: never stored.
void Answer(v1::MlsCase& row, Day today) {
  if (row.state() == v1::MLS_CASE_STATE_CONFIRMED && DayOr(row.first_month(), Day::Max()) <= today) {
    row.set_state(v1::MLS_CASE_STATE_ACTIVE);
  }
  if (!row.has_clocks()) return;
  row.mutable_clocks()->clear_overdue();
  for (const v1::MlsClockKind kind : mls::Overdue(row, today)) row.mutable_clocks()->add_overdue(kind);
}

}  // namespace

void MlsCaseService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::MlsCase> options;
  options.on_create = [this](rpc::CallContext& call, v1::MlsCase& created) -> absl::Status {
    RETURN_IF_ERROR(mls::Initialize(created));
    RETURN_IF_ERROR(
        TakeTypedAges(call, nullptr, mls::AgeDay(created, call.today()), "mls_case.inputs", *created.mutable_inputs()));
    return LinkPredecessor(call, created);
  };
  options.on_update = [this](rpc::CallContext& call, const v1::MlsCase& current, v1::MlsCase& updated) -> absl::Status {
    const Day day = mls::AgeDay(current.state() == v1::MLS_CASE_STATE_DRAFT ? updated : current, call.today());
    RETURN_IF_ERROR(TakeTypedAges(call, &current.inputs(), day, "mls_case.inputs", *updated.mutable_inputs()));
    RETURN_IF_ERROR(mls::CheckUpdate(current, updated, call.today()));
    updated.clear_authorisation_missing();
    return coverages_.Sync(call.txn(), current, updated);
  };
  options.on_delete = [this](rpc::CallContext& call, const v1::MlsCase& current) -> absl::Status {
    RETURN_IF_ERROR(mls::CheckDeletable(current));
    return UnlinkPredecessor(call, current);
  };
  options.on_answer = [](rpc::CallContext& call, v1::MlsCase& row) { Answer(row, call.today()); };
  options.list_filters = {{.field = "organization", .index_tag = tags::kMlsCaseByOrganization},
                          {.field = "household", .index_tag = tags::kMlsCaseByHousehold},
                          {.field = "lacking_authorisation_in", .index_tag = tags::kMlsCaseLackingAuthorisation}};
  rpc::RegisterStandardMethods(router, *v1::MlsCase::descriptor()->file()->service(0), cases_, tokens,
                               std::move(options));
  router.Unary(this, &MlsCaseService::SubmitMlsCase);
  router.Unary(this, &MlsCaseService::AcceptMlsCase);
  router.Unary(this, &MlsCaseService::RequestMlsSupplement);
  router.Unary(this, &MlsCaseService::ReceiveMlsSupplement);
  router.Unary(this, &MlsCaseService::InvestigateMlsCase);
  router.Unary(this, &MlsCaseService::FailMlsCheck);
  router.Unary(this, &MlsCaseService::RebutMlsCheck);
  router.Unary(this, &MlsCaseService::CloseMlsCase);
  router.Unary(this, &MlsCaseService::RecordMlsPrelimOpinion);
  router.Unary(this, &MlsCaseService::PostMlsPublicity);
  router.Unary(this, &MlsCaseService::ObjectToMlsCase);
  router.Unary(this, &MlsCaseService::AnswerMlsObjection);
  router.Unary(this, &MlsCaseService::ReinvestigateMlsCase);
  router.Unary(this, &MlsCaseService::DeliberateMlsCase);
  router.Unary(this, &MlsCaseService::SendMlsCaseToCounty);
  router.Unary(this, &MlsCaseService::ConfirmMlsCase);
  router.Unary(this, &MlsCaseService::RefuseMlsCase);
  router.Unary(this, &MlsCaseService::ActivateMlsCase);
  router.Unary(this, &MlsCaseService::TerminateMlsCase);
  router.Unary(this, &MlsCaseService::WithdrawMlsCase);
  router.Unary(this, &MlsCaseService::NotifyMlsHearing);
  router.Unary(this, &MlsCaseService::RecordMlsHearing);
  router.Unary(this, &MlsCaseService::AdjustMlsCase);
  router.Unary(this, &MlsCaseService::RecalculateMlsCase);
  router.Unary(this, &MlsCaseService::RecordMlsWorkRefusal);
  router.Unary(this, &MlsCaseService::CutMlsShare);
  router.Unary(this, &MlsCaseService::StartMlsGrace);
  router.Unary(this, &MlsCaseService::EndMlsGrace);
  router.Unary(this, &MlsCaseService::SuspendMlsCase);
  router.Unary(this, &MlsCaseService::ResumeMlsCase);
  router.Unary(this, &MlsCaseService::StopMlsCase);
  router.Unary(this, &MlsCaseService::NotifyMlsDecision);
  router.Unary(this, &MlsCaseService::ReviewMlsCase);
  router.Unary(this, &MlsCaseService::ChangeMlsPayee);
}

absl::Status MlsCaseService::TakeTypedAges(rpc::CallContext& call, const v1::MlsBenefitInputs* current, Day day,
                                           std::string_view field, v1::MlsBenefitInputs& inputs) const {
  RETURN_IF_ERROR(mls::TakeBirthDates(directory_, call.reader(), inputs));
  Violations violations;
  mls::CheckTypedAges(inputs, current, day, field, violations);
  mls::SetMinors(day, inputs);
  return violations.ToStatus();
}

absl::Status MlsCaseService::LinkPredecessor(rpc::CallContext& call, const v1::MlsCase& created) const {
  if (created.predecessor().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(v1::MlsCase predecessor, cases_.Get(call.reader(), created.predecessor()));
  if (mls::IsApplication(predecessor.state()) || mls::IsGranted(predecessor.state())) {
    return Error(reasons::kPredecessorStillOpen, "the predecessor has not ended",
                 {{"resource", created.name()}, {"predecessor", predecessor.name()}});
  }
  predecessor.set_successor(created.name());
  return cases_.Update(call.txn(), predecessor);
}

absl::Status MlsCaseService::UnlinkPredecessor(rpc::CallContext& call, const v1::MlsCase& deleted) const {
  if (deleted.predecessor().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(v1::MlsCase predecessor, cases_.Get(call.reader(), deleted.predecessor()));
  if (predecessor.successor() != deleted.name()) return absl::OkStatus();
  predecessor.clear_successor();
  return cases_.Update(call.txn(), predecessor);
}

absl::StatusOr<mls::Awards> MlsCaseService::AwardsOf(rpc::CallContext& call, const v1::MlsCase& row) const {
  if (row.decisions().empty()) return mls::Awards();
  storage::KeyWriter prefix(tags::kMlsAwardByCase);
  prefix.Text(row.name());
  ASSIGN_OR_RETURN(mls::Awards awards, awards_.Find(call.reader(), prefix, kMostAwards));
  mls::SortAwards(awards);
  return awards;
}

absl::Status MlsCaseService::WriteAwards(rpc::CallContext& call, const mls::Awards& before, mls::Awards& after) const {
  std::map<std::string, std::string> stored;
  for (const v1::MlsAward& award : before) stored[award.name()] = award.SerializeAsString();
  for (v1::MlsAward& award : after) {
    const auto old = stored.find(award.name());
    if (old == stored.end()) {
      RETURN_IF_ERROR(awards_.Insert(call.txn(), award));
    } else if (old->second != award.SerializeAsString()) {
      RETURN_IF_ERROR(awards_.Update(call.txn(), award));
    }
  }
  return absl::OkStatus();
}

absl::Status MlsCaseService::Write(rpc::CallContext& call, const v1::MlsCase& before, v1::MlsCase& after) const {
  RETURN_IF_ERROR(coverages_.Sync(call.txn(), before, after));
  RETURN_IF_ERROR(mls::SetCountedNames(directory_, call.reader(), after).status());
  return cases_.Update(call.txn(), after);
}

absl::StatusOr<v1::MlsCase> MlsCaseService::Apply(rpc::CallContext& call, std::string_view name, std::string_view etag,
                                                  const Step& step, const Change& change) {
  ASSIGN_OR_RETURN(v1::MlsCase row, cases_.Get(call.reader(), name));
  RETURN_IF_ERROR(rpc::CheckEtag(etag, row.etag()));
  ASSIGN_OR_RETURN(mls::Awards awards, AwardsOf(call, row));
  const v1::MlsCase before = row;
  const mls::Awards awards_before = awards;
  RETURN_IF_ERROR(mls::TakeBirthDates(directory_, call.reader(), *row.mutable_inputs()));
  mls::SetMinors(step.day, *row.mutable_inputs());
  mls::EnterDueState(row, step);
  RETURN_IF_ERROR(change(row, awards));
  if (row.authorisation_missing()) mls::FlagMissingAuthorisation(row, call.today());
  RETURN_IF_ERROR(rpc::CheckChangedFields(call, before, row));
  RETURN_IF_ERROR(WriteAwards(call, awards_before, awards));
  row.clear_spells();
  for (v1::MlsSpell& spell : mls::SpellsOf(awards)) *row.add_spells() = std::move(spell);
  RETURN_IF_ERROR(Write(call, before, row));
  Answer(row, call.today());
  return row;
}

absl::StatusOr<v1::MlsCase> MlsCaseService::ApplyRuled(rpc::CallContext& call, std::string_view name,
                                                       std::string_view etag, const Step& step, Day month,
                                                       const RuledChange& change) {
  return Apply(call, name, etag, step, [&](v1::MlsCase& row, mls::Awards& awards) -> absl::Status {
    ASSIGN_OR_RETURN(Rules rules, RulesFor(call, row, month, step.day));
    RETURN_IF_ERROR(change(row, awards, rules));
    return rule_sets_.MarkUsed(call.txn(), rules.rule_set);
  });
}

absl::StatusOr<MlsCaseService::Rules> MlsCaseService::RulesFor(rpc::CallContext& call, const v1::MlsCase& row,
                                                               Day month, Day from) const {
  Rules rules;
  ASSIGN_OR_RETURN(rules.rule_set, rule_sets_.Find(call.reader(), call.txn().tree(), row.organization(), month));
  ASSIGN_OR_RETURN(rules.calendars, CalendarsFor(call, rules.rule_set, from));
  return rules;
}

absl::StatusOr<WorkingDays> MlsCaseService::CalendarsFor(rpc::CallContext& call, const v1::MlsRuleSet& rule_set,
                                                         Day from) const {
  return change::RegistryView(directory_, call.reader(), call.txn().tree())
      .CalendarsOf(from, mls::LatestDue(rule_set, from));
}

absl::Status MlsCaseService::SettlePosting(rpc::CallContext& call, v1::MlsCase& row) const {
  if (!mls::IsPostingProvisional(row)) return absl::OkStatus();
  const v1::MlsPublicity& publicity = *row.publicities().rbegin();
  ASSIGN_OR_RETURN(const v1::MlsRuleSet rule_set, rule_sets_.Get(call.reader(), publicity.rule_set()));
  ASSIGN_OR_RETURN(const WorkingDays calendars, CalendarsFor(call, rule_set, DayOr(publicity.posted_on(), Day::Min())));
  mls::SettlePosting(row, rule_set, calendars);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<mls::RulePeriod>> MlsCaseService::PeriodsOf(rpc::CallContext& call, const v1::MlsCase& row,
                                                                       const mls::Awards& awards,
                                                                       Day last_month) const {
  const Day first = awards.empty() ? last_month : mls::MonthsOf(awards.front()).first;
  ASSIGN_OR_RETURN(std::vector<Day> starts,
                   rule_sets_.Starts(call.reader(), call.txn().tree(), row.organization(), {first, last_month}));
  starts.insert(starts.begin(), first);
  std::vector<mls::RulePeriod> periods;
  for (size_t i = 0; i < starts.size(); ++i) {
    const Day last = i + 1 < starts.size() ? AddMonths(starts[i + 1], -1) : Day::Max();
    ASSIGN_OR_RETURN(v1::MlsRuleSet rule_set,
                     rule_sets_.Find(call.reader(), call.txn().tree(), row.organization(), starts[i]));
    if (!periods.empty() && periods.back().rule_set.name() == rule_set.name()) {
      periods.back().months.last = last;
    } else {
      periods.push_back({.months = {starts[i], last}, .rule_set = std::move(rule_set)});
    }
  }
  return periods;
}

absl::StatusOr<v1::MlsCase> MlsCaseService::SubmitMlsCase(rpc::CallContext& call,
                                                          const v1::SubmitMlsCaseRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.comment());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::Submit(row, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::AcceptMlsCase(rpc::CallContext& call,
                                                          const v1::AcceptMlsCaseRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.comment());
  return ApplyRuled(call, request.name(), request.etag(), step, step.day,
                    [&](v1::MlsCase& row, mls::Awards&, Rules& rules) {
                      return mls::Accept(row, request.special(), rules.rule_set, rules.calendars, step);
                    });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::RequestMlsSupplement(rpc::CallContext& call,
                                                                 const v1::RequestMlsSupplementRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::RequestSupplement(row, request.missing(), step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::ReceiveMlsSupplement(rpc::CallContext& call,
                                                                 const v1::ReceiveMlsSupplementRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.comment());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::ReceiveSupplement(row, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::InvestigateMlsCase(rpc::CallContext& call,
                                                               const v1::InvestigateMlsCaseRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::Investigate(row, request.investigation(), step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::FailMlsCheck(rpc::CallContext& call,
                                                         const v1::FailMlsCheckRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::FailCheck(row, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::RebutMlsCheck(rpc::CallContext& call,
                                                          const v1::RebutMlsCheckRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::RebutCheck(row, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::CloseMlsCase(rpc::CallContext& call,
                                                         const v1::CloseMlsCaseRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::CloseFailed(row, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::RecordMlsPrelimOpinion(rpc::CallContext& call,
                                                                   const v1::RecordMlsPrelimOpinionRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ApplyRuled(call, request.name(), request.etag(), step, step.day,
                    [&](v1::MlsCase& row, mls::Awards&, Rules& rules) {
                      return mls::RecordOpinion(row, request, rules.rule_set, step);
                    });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::PostMlsPublicity(rpc::CallContext& call,
                                                             const v1::PostMlsPublicityRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ApplyRuled(call, request.name(), request.etag(), step, step.day,
                    [&](v1::MlsCase& row, mls::Awards&, Rules& rules) {
                      return mls::Post(row, request.channel(), rules.rule_set, rules.calendars, step);
                    });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::ObjectToMlsCase(rpc::CallContext& call,
                                                            const v1::ObjectToMlsCaseRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return Apply(call, request.name(), request.etag(), step, [&](v1::MlsCase& row, mls::Awards&) {
    return mls::Object(row, request.text(), request.anonymous(), step);
  });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::AnswerMlsObjection(rpc::CallContext& call,
                                                               const v1::AnswerMlsObjectionRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::AnswerObjection(row, request, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::ReinvestigateMlsCase(rpc::CallContext& call,
                                                                 const v1::ReinvestigateMlsCaseRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.comment());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::Reinvestigate(row, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::DeliberateMlsCase(rpc::CallContext& call,
                                                              const v1::DeliberateMlsCaseRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::Deliberate(row, request, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::SendMlsCaseToCounty(rpc::CallContext& call,
                                                                const v1::SendMlsCaseToCountyRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.comment());
  return ApplyRuled(call, request.name(), request.etag(), step, step.day,
                    [&](v1::MlsCase& row, mls::Awards&, Rules& rules) -> absl::Status {
                      RETURN_IF_ERROR(SettlePosting(call, row));
                      return mls::SendToCounty(row, rules.rule_set, rules.calendars, step);
                    });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::ActivateMlsCase(rpc::CallContext& call,
                                                            const v1::ActivateMlsCaseRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::Activate(row, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::TerminateMlsCase(rpc::CallContext& call,
                                                             const v1::TerminateMlsCaseRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::Terminate(row, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::WithdrawMlsCase(rpc::CallContext& call,
                                                            const v1::WithdrawMlsCaseRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::Withdraw(row, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::NotifyMlsHearing(rpc::CallContext& call,
                                                             const v1::NotifyMlsHearingRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::NotifyHearing(row, request, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::RecordMlsHearing(rpc::CallContext& call,
                                                             const v1::RecordMlsHearingRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::RecordHearing(row, request, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::RecordMlsWorkRefusal(rpc::CallContext& call,
                                                                 const v1::RecordMlsWorkRefusalRequest& request) {
  const Step step = StepOf(call, request.refusal().refused_on());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::RecordWorkRefusal(row, request.refusal(), step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::NotifyMlsDecision(rpc::CallContext& call,
                                                              const v1::NotifyMlsDecisionRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards&) { return mls::NotifyDecision(row, request, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::ReviewMlsCase(rpc::CallContext& call,
                                                          const v1::ReviewMlsCaseRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return ApplyRuled(
      call, request.name(), request.etag(), step, step.day,
      [&](v1::MlsCase& row, mls::Awards&, Rules& rules) { return mls::Review(row, request, rules.rule_set, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::ChangeMlsPayee(rpc::CallContext& call,
                                                           const v1::ChangeMlsPayeeRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.comment());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards& awards) { return mls::ChangePayee(row, awards, request, step); });
}

template <class Request>
absl::StatusOr<v1::MlsCase> MlsCaseService::Decide(rpc::CallContext& call, const Request& request,
                                                   const Ruling& ruling) {
  const Step step = StepOf(call, request.note().decided_on(), request.note().reason());
  return ApplyRuled(
      call, request.name(), request.etag(), step, NextMonth(step.day),
      [&](v1::MlsCase& row, mls::Awards& awards, Rules& rules) { return ruling(row, awards, rules, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::ConfirmMlsCase(rpc::CallContext& call,
                                                           const v1::ConfirmMlsCaseRequest& request) {
  return Decide(call, request, [&](v1::MlsCase& row, mls::Awards& awards, Rules& rules, const Step& step) {
    return mls::Confirm(row, awards, request, rules.rule_set, step);
  });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::RefuseMlsCase(rpc::CallContext& call,
                                                          const v1::RefuseMlsCaseRequest& request) {
  return Decide(call, request, [&](v1::MlsCase& row, mls::Awards&, Rules& rules, const Step& step) {
    return mls::Refuse(row, request.note(), rules.rule_set, rules.calendars, step);
  });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::AdjustMlsCase(rpc::CallContext& call,
                                                          const v1::AdjustMlsCaseRequest& request) {
  return Decide(call, request,
                [&](v1::MlsCase& row, mls::Awards& awards, Rules& rules, const Step& step) -> absl::Status {
                  v1::AdjustMlsCaseRequest known = request;
                  RETURN_IF_ERROR(TakeTypedAges(call, &row.inputs(), step.day, "inputs", *known.mutable_inputs()));
                  return mls::Adjust(row, awards, known, rules.rule_set, step);
                });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::RecalculateMlsCase(rpc::CallContext& call,
                                                               const v1::RecalculateMlsCaseRequest& request) {
  const Step step = StepOf(call, request.note().decided_on(), request.note().reason());
  return Apply(call, request.name(), request.etag(), step, [&](v1::MlsCase& row, mls::Awards& awards) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<mls::RulePeriod> periods, PeriodsOf(call, row, awards, NextMonth(step.day)));
    const int decisions = row.decisions_size();
    RETURN_IF_ERROR(mls::Recalculate(row, awards, request.note(), periods, step));
    for (mls::RulePeriod& period : periods) {
      const bool used = std::any_of(row.decisions().begin() + decisions, row.decisions().end(),
                                    [&](const v1::MlsDecision& d) { return d.rule_set() == period.rule_set.name(); });
      if (used) RETURN_IF_ERROR(rule_sets_.MarkUsed(call.txn(), period.rule_set));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::CutMlsShare(rpc::CallContext& call, const v1::CutMlsShareRequest& request) {
  return Decide(call, request, [&](v1::MlsCase& row, mls::Awards& awards, Rules& rules, const Step& step) {
    return mls::CutShare(row, awards, request, rules.rule_set, step);
  });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::StartMlsGrace(rpc::CallContext& call,
                                                          const v1::StartMlsGraceRequest& request) {
  return Decide(call, request, [&](v1::MlsCase& row, mls::Awards& awards, Rules& rules, const Step& step) {
    return mls::StartGrace(row, awards, request.note(), rules.rule_set, step);
  });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::EndMlsGrace(rpc::CallContext& call, const v1::EndMlsGraceRequest& request) {
  return Decide(call, request,
                [&](v1::MlsCase& row, mls::Awards& awards, Rules& rules, const Step& step) -> absl::Status {
                  v1::EndMlsGraceRequest known = request;
                  RETURN_IF_ERROR(TakeTypedAges(call, &row.inputs(), step.day, "inputs", *known.mutable_inputs()));
                  return mls::EndGrace(row, awards, known, rules.rule_set, step);
                });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::SuspendMlsCase(rpc::CallContext& call,
                                                           const v1::SuspendMlsCaseRequest& request) {
  const Step step = StepOf(call, request.note().decided_on(), request.note().reason());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards& awards) { return mls::Suspend(row, awards, request.note(), step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::ResumeMlsCase(rpc::CallContext& call,
                                                          const v1::ResumeMlsCaseRequest& request) {
  const Step step = StepOf(call, request.note().decided_on(), request.note().reason());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards& awards) { return mls::Resume(row, awards, request, step); });
}

absl::StatusOr<v1::MlsCase> MlsCaseService::StopMlsCase(rpc::CallContext& call, const v1::StopMlsCaseRequest& request) {
  const Step step = StepOf(call, request.note().decided_on(), request.note().reason());
  return Apply(call, request.name(), request.etag(), step,
               [&](v1::MlsCase& row, mls::Awards& awards) { return mls::Stop(row, awards, request.note(), step); });
}

}  // namespace dangjian::welfare
