#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/training_enrolment.pb.h"

// The life of an enrolment in a training course. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kTrainingAlreadyCompleted{"TRAINING_ALREADY_COMPLETED", absl::StatusCode::kFailedPrecondition,
                                                  "该培训已登记结业,不能重复登记"};
inline constexpr Reason kEnrolmentPersonMismatch{"ENROLMENT_PERSON_MISMATCH", absl::StatusCode::kInvalidArgument,
                                                 "所填居民与失业登记的居民不一致,请核对"};
}  // namespace reasons

namespace enrolment_rules {

// Says whose enrolment it is; `registered_resident` is that of the registration, empty when there is none.
// FIELD_REQUIRED, ENROLMENT_PERSON_MISMATCH.
absl::Status SetPerson(v1::TrainingEnrolment& enrolment, std::string_view registered_resident);
// ENROLLED. DATE_IN_FUTURE.
absl::Status Enrol(v1::TrainingEnrolment& enrolment, const Step& step);
// COMPLETED, not before the course begins. TRAINING_ALREADY_COMPLETED, ILLEGAL_TRANSITION.
absl::Status Complete(v1::TrainingEnrolment& enrolment, Day course_start, std::string_view certificate,
                      const Step& step);
// DROPPED.
absl::Status Drop(v1::TrainingEnrolment& enrolment, const Step& step);

}  // namespace enrolment_rules
}  // namespace dangjian::welfare
