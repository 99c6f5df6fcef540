#include "services/welfare/training_course/course_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/errors.h"
#include "common/types/date.h"

namespace dangjian::welfare::course_rules {

absl::Status CheckContent(const v1::TrainingCourse& course) {
  Violations violations;
  if (DayOr(course.end_date(), Day::Max()) < DayOr(course.start_date(), Day::Min())) {
    violations.Add("training_course.end_date", dangjian::reasons::kDatesOutOfOrder, "end_date is before start_date");
  }
  if (course.capacity() < course.enrolled_count()) {
    violations.Add("training_course.capacity", reasons::kCapacityBelowEnrolled,
                   absl::StrCat(course.enrolled_count(), " people are enrolled"));
  }
  return violations.ToStatus();
}

absl::Status TakePlace(v1::TrainingCourse& course) {
  if (course.enrolled_count() >= course.capacity()) {
    return Error(reasons::kCourseFull, absl::StrCat("all ", course.capacity(), " places are taken"),
                 {{"resource", course.name()}});
  }
  course.set_enrolled_count(course.enrolled_count() + 1);
  return absl::OkStatus();
}

void FreePlace(v1::TrainingCourse& course) { course.set_enrolled_count(std::max(course.enrolled_count() - 1, 0)); }

}  // namespace dangjian::welfare::course_rules
