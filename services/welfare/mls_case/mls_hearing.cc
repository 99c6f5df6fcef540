#include "services/welfare/mls_case/mls_hearing.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/welfare/mls_case/mls_life.h"

namespace dangjian::welfare::mls {
namespace {

bool NeedsHearing(v1::MlsDecisionKind kind) {
  return kind == v1::MLS_DECISION_KIND_ADJUST || kind == v1::MLS_DECISION_KIND_CAP ||
         kind == v1::MLS_DECISION_KIND_GRACE || kind == v1::MLS_DECISION_KIND_STOP;
}

// Everything that is to be said of the intended decision, and nothing else.
absl::Status CheckMatter(const v1::NotifyMlsHearingRequest& request) {
  Violations violations;
  const bool share = request.intended() == v1::MLS_DECISION_KIND_CAP;
  const bool amount = share || request.intended() == v1::MLS_DECISION_KIND_ADJUST;
  if (!NeedsHearing(request.intended())) {
    violations.Add("intended", reasons::kNoHearingForDecision, "name ADJUST, CAP, GRACE or STOP");
    return violations.ToStatus();
  }
  if (amount && request.intended_amount_fen() == 0) {
    violations.Add("intended_amount_fen", dangjian::reasons::kRequired, "say what is to be paid a month");
  }
  if (!amount && request.intended_amount_fen() != 0) {
    violations.Add("intended_amount_fen", reasons::kHearingMatterUnfit, "such a decision has no amount");
  }
  if (share && request.resident().empty()) {
    violations.Add("resident", dangjian::reasons::kRequired, "say whose share is to be cut");
  }
  if (!share && !request.resident().empty()) {
    violations.Add("resident", reasons::kHearingMatterUnfit, "such a decision is on the family");
  }
  return violations.ToStatus();
}

bool IsAbout(const v1::MlsHearing& hearing, const Proposal& proposal) {
  return hearing.decision_number() == 0 && hearing.intended() == proposal.kind &&
         hearing.resident() == proposal.resident && hearing.intended_amount_fen() <= proposal.amount_fen &&
         DayOr(hearing.notified_on(), Day::Min()) >= proposal.since &&
         DayOr(hearing.held_on(), Day::Max()) < proposal.decided_on;
}

}  // namespace

Proposal ProposalOf(const v1::MlsCase& row, v1::MlsDecisionKind kind, const Step& step) {
  Proposal proposal{.kind = kind, .decided_on = step.day, .since = Day::Min()};
  for (const v1::MlsDecision& decision : row.decisions()) {
    proposal.since = std::max(proposal.since, DayOr(decision.decided_on(), Day::Min()));
  }
  for (const v1::MlsReview& review : row.reviews()) {
    proposal.since = std::max(proposal.since, DayOr(review.reviewed_on(), Day::Min()));
  }
  return proposal;
}

absl::Status NotifyHearing(v1::MlsCase& row, const v1::NotifyMlsHearingRequest& request, const Step& step) {
  RETURN_IF_ERROR(CheckMatter(request));
  RETURN_IF_ERROR(Stay(
      row,
      {v1::MLS_CASE_STATE_CONFIRMED, v1::MLS_CASE_STATE_ACTIVE, v1::MLS_CASE_STATE_GRACE, v1::MLS_CASE_STATE_SUSPENDED},
      "hearing:NOTIFIED", "a hearing", step));
  v1::MlsHearing& hearing = *row.add_hearings();
  hearing.set_number(row.hearings_size());
  *hearing.mutable_notified_on() = DayToProto(step.day);
  hearing.set_matter(request.matter());
  hearing.set_intended(request.intended());
  hearing.set_intended_amount_fen(request.intended_amount_fen());
  hearing.set_resident(request.resident());
  return absl::OkStatus();
}

absl::Status RecordHearing(v1::MlsCase& row, const v1::RecordMlsHearingRequest& request, const Step& step) {
  RETURN_IF_ERROR(Stay(
      row,
      {v1::MLS_CASE_STATE_CONFIRMED, v1::MLS_CASE_STATE_ACTIVE, v1::MLS_CASE_STATE_GRACE, v1::MLS_CASE_STATE_SUSPENDED},
      "hearing:HELD", "a hearing", step));
  if (request.number() > row.hearings_size() || row.hearings(request.number() - 1).has_held_on()) {
    Violations violations;
    violations.Add("number", reasons::kUnknownHearing, "no such hearing waits for its outcome");
    return violations.ToStatus();
  }
  v1::MlsHearing& hearing = *row.mutable_hearings(request.number() - 1);
  RETURN_IF_ERROR(CheckStep(step, DayOr(hearing.notified_on(), Day::Min())));
  *hearing.mutable_held_on() = DayToProto(step.day);
  hearing.set_outcome(request.outcome());
  hearing.set_opinion(request.opinion());
  return absl::OkStatus();
}

absl::StatusOr<v1::MlsHearing*> FindHearing(v1::MlsCase& row, const Proposal& proposal) {
  for (v1::MlsHearing& hearing : *row.mutable_hearings()) {
    if (IsAbout(hearing, proposal)) return &hearing;
  }
  return Error(reasons::kHearingRequired,
               absl::StrCat("no hearing about such a decision is recorded that was held before ",
                            FormatDay(proposal.decided_on)),
               {{"resource", row.name()}, {"decided_on", FormatDay(proposal.decided_on)}});
}

}  // namespace dangjian::welfare::mls
