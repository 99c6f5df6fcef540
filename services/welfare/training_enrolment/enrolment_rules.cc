#include "services/welfare/training_enrolment/enrolment_rules.h"

#include <algorithm>
#include <string>

#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::welfare::enrolment_rules {
namespace {

std::string_view NameOf(v1::EnrolmentState state) {
  return StripPrefix(v1::EnrolmentState_Name(state), "ENROLMENT_STATE_");
}

absl::Status Move(v1::TrainingEnrolment& enrolment, v1::EnrolmentState to, Day not_before, const Step& step) {
  if (enrolment.state() != v1::ENROLMENT_STATE_ENROLLED) {
    return IllegalTransition(enrolment.name(), NameOf(enrolment.state()), NameOf(to));
  }
  RETURN_IF_ERROR(CheckStep(step, std::max(not_before, LastStepDay(enrolment.transitions()))));
  enrolment.set_state(to);
  AddTransition(*enrolment.mutable_transitions(), NameOf(to), step);
  return absl::OkStatus();
}

}  // namespace

absl::Status SetPerson(v1::TrainingEnrolment& enrolment, std::string_view registered_resident) {
  Violations violations;
  if (registered_resident.empty() && enrolment.resident().empty()) {
    violations.Add("training_enrolment.resident", dangjian::reasons::kRequired,
                   "give the registration or, without one, the resident");
  } else if (!registered_resident.empty() && !enrolment.resident().empty() &&
             enrolment.resident() != registered_resident) {
    violations.Add("training_enrolment.resident", reasons::kEnrolmentPersonMismatch,
                   "is not the resident of the registration");
  }
  if (!registered_resident.empty()) enrolment.set_resident(std::string(registered_resident));
  return violations.ToStatus();
}

absl::Status Enrol(v1::TrainingEnrolment& enrolment, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  enrolment.clear_completed_on();
  enrolment.clear_certificate();
  enrolment.clear_transitions();
  enrolment.set_state(v1::ENROLMENT_STATE_ENROLLED);
  AddTransition(*enrolment.mutable_transitions(), NameOf(enrolment.state()), step);
  return absl::OkStatus();
}

absl::Status Complete(v1::TrainingEnrolment& enrolment, Day course_start, std::string_view certificate,
                      const Step& step) {
  if (enrolment.state() == v1::ENROLMENT_STATE_COMPLETED) {
    return Error(reasons::kTrainingAlreadyCompleted, "the training has been completed",
                 {{"resource", enrolment.name()}});
  }
  RETURN_IF_ERROR(Move(enrolment, v1::ENROLMENT_STATE_COMPLETED, course_start, step));
  *enrolment.mutable_completed_on() = DayToProto(step.day);
  enrolment.set_certificate(std::string(certificate));
  return absl::OkStatus();
}

absl::Status Drop(v1::TrainingEnrolment& enrolment, const Step& step) {
  return Move(enrolment, v1::ENROLMENT_STATE_DROPPED, Day::Min(), step);
}

}  // namespace dangjian::welfare::enrolment_rules
