#include "services/welfare/job_placement/placement_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "common/types/month.h"
#include "services/welfare/unemployment_registration/working_age.h"

namespace dangjian::welfare::placement_rules {
namespace {

std::string_view NameOf(v1::JobPlacementState state) {
  return StripPrefix(v1::JobPlacementState_Name(state), "JOB_PLACEMENT_STATE_");
}

std::string_view NameOf(v1::FollowUpResult result) {
  return StripPrefix(v1::FollowUpResult_Name(result), "FOLLOW_UP_RESULT_");
}

absl::Status CheckFollowUp(const v1::JobPlacement& placement, int32_t months, const Step& step) {
  if (std::find(kFollowUpMonths.begin(), kFollowUpMonths.end(), months) == kFollowUpMonths.end()) {
    Violations violations;
    violations.Add("months", reasons::kUnknownFollowUp, "follow-ups take place after 1, 3 and 6 months");
    return violations.ToStatus();
  }
  if (placement.state() != v1::JOB_PLACEMENT_STATE_STANDING) {
    return IllegalTransition(placement.name(), NameOf(placement.state()), "a follow-up");
  }
  for (const v1::PlacementFollowUp& each : placement.follow_ups()) {
    if (each.months() != months || each.result() == v1::FOLLOW_UP_RESULT_UNREACHABLE) continue;
    return Error(reasons::kFollowUpAlreadyRecorded,
                 absl::StrCat("the follow-up after ", months, " months has a result"),
                 {{"resource", placement.name()}});
  }
  if (step.day < DueOn(placement, months)) {
    return Error(reasons::kFollowUpNotDue, absl::StrCat("it is due on ", FormatDay(DueOn(placement, months))),
                 {{"resource", placement.name()}, {"due_on", FormatDay(DueOn(placement, months))}});
  }
  return CheckStep(step, Day::Min());
}

}  // namespace

void CheckContent(const v1::JobPlacement& placement, Violations& violations) {
  if (placement.evidence() == v1::PLACEMENT_EVIDENCE_UNSPECIFIED) {
    violations.Add("job_placement.evidence", reasons::kPlacementEvidenceRequired, "name what proves the placement");
  }
  if (placement.evidence_number().empty()) {
    violations.Add("job_placement.evidence_number", reasons::kPlacementEvidenceRequired,
                   "give the number of the document");
  }
  if (placement.kind() == v1::PLACEMENT_KIND_EMPLOYED && placement.employer().empty()) {
    violations.Add("job_placement.employer", dangjian::reasons::kRequired, "name the employer");
  }
}

absl::Status Start(v1::JobPlacement& placement, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  placement.clear_follow_ups();
  placement.clear_transitions();
  placement.set_state(v1::JOB_PLACEMENT_STATE_STANDING);
  AddTransition(*placement.mutable_transitions(), NameOf(placement.state()), step);
  return absl::OkStatus();
}

v1::UnemploymentState StateOf(v1::PlacementKind kind) {
  return kind == v1::PLACEMENT_KIND_SELF_EMPLOYED ? v1::UNEMPLOYMENT_STATE_SELF_EMPLOYED
                                                  : v1::UNEMPLOYMENT_STATE_EMPLOYED;
}

absl::Status FollowUp(v1::JobPlacement& placement, int32_t months, v1::FollowUpResult result, const Step& step) {
  RETURN_IF_ERROR(CheckFollowUp(placement, months, step));
  v1::PlacementFollowUp& added = *placement.add_follow_ups();
  added.set_months(months);
  *added.mutable_due_on() = DayToProto(DueOn(placement, months));
  *added.mutable_followed_up_on() = DayToProto(step.day);
  added.set_result(result);
  AddTransition(*placement.mutable_transitions(), absl::StrCat("FOLLOW_UP_", months, ":", std::string(NameOf(result))),
                step);
  if (result != v1::FOLLOW_UP_RESULT_NOT_IN_WORK) return absl::OkStatus();
  placement.set_state(v1::JOB_PLACEMENT_STATE_FAILED);
  AddTransition(*placement.mutable_transitions(), NameOf(placement.state()), step);
  return absl::OkStatus();
}

Day DueOn(const v1::JobPlacement& placement, int32_t months) {
  return AddMonths(DayOr(placement.started_on(), Day()), months);
}

}  // namespace dangjian::welfare::placement_rules
