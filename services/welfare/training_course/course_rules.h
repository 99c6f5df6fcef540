#pragma once

#include "absl/status/status.h"
#include "common/status/reason.h"
#include "dangjian/welfare/v1/training_course.pb.h"

// Training courses and their places. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kCourseFull{"COURSE_FULL", absl::StatusCode::kFailedPrecondition,
                                    "培训班名额已满,请扩大名额或另行开班"};
inline constexpr Reason kCapacityBelowEnrolled{"CAPACITY_BELOW_ENROLLED", absl::StatusCode::kFailedPrecondition,
                                               "名额不能少于已报名人数"};
inline constexpr Reason kTrainingCourseInUse{"TRAINING_COURSE_IN_USE", absl::StatusCode::kFailedPrecondition,
                                             "该培训班已有报名记录,不能删除"};
}  // namespace reasons

namespace course_rules {

// DATES_OUT_OF_ORDER, CAPACITY_BELOW_ENROLLED.
absl::Status CheckContent(const v1::TrainingCourse& course);
// Takes a place: COURSE_FULL.
absl::Status TakePlace(v1::TrainingCourse& course);
// Gives a place back.
void FreePlace(v1::TrainingCourse& course);

}  // namespace course_rules
}  // namespace dangjian::welfare
