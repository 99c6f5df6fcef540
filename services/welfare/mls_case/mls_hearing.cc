#include "services/welfare/mls_case/mls_hearing.h"

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

}  // namespace

absl::Status NotifyHearing(v1::MlsCase& row, const v1::NotifyMlsHearingRequest& request, const Step& step) {
  if (!NeedsHearing(request.intended())) {
    Violations violations;
    violations.Add("intended", reasons::kNoHearingForDecision, "name ADJUST, CAP, GRACE or STOP");
    return violations.ToStatus();
  }
  RETURN_IF_ERROR(Stay(
      row,
      {v1::MLS_CASE_STATE_CONFIRMED, v1::MLS_CASE_STATE_ACTIVE, v1::MLS_CASE_STATE_GRACE, v1::MLS_CASE_STATE_SUSPENDED},
      "hearing:NOTIFIED", "a hearing", step));
  v1::MlsHearing& hearing = *row.add_hearings();
  hearing.set_number(row.hearings_size());
  *hearing.mutable_notified_on() = DayToProto(step.day);
  hearing.set_matter(request.matter());
  hearing.set_intended(request.intended());
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

absl::StatusOr<v1::MlsHearing*> FindHearing(v1::MlsCase& row, v1::MlsDecisionKind kind, Day day) {
  for (v1::MlsHearing& hearing : *row.mutable_hearings()) {
    if (hearing.intended() != kind || hearing.decision_number() != 0) continue;
    if (DayOr(hearing.held_on(), Day::Max()) < day) return &hearing;
  }
  return Error(reasons::kHearingRequired,
               absl::StrCat("no hearing about such a decision is recorded that was held before ", FormatDay(day)),
               {{"resource", row.name()}, {"decided_on", FormatDay(day)}});
}

}  // namespace dangjian::welfare::mls
