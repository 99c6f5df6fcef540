#include "services/welfare/training_course/course_rules.h"

#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::course_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

v1::TrainingCourse Course() {
  return Proto<v1::TrainingCourse>(
      "name: 'trainingCourses/c' capacity: 1 start_date { year: 2026 month: 3 day: 1 } end_date { year: 2026 month: 3 "
      "day: 20 }");
}

TEST(CourseRulesTest, HasAsManyPlacesAsItsCapacity) {
  v1::TrainingCourse course = Course();
  ASSERT_THAT(TakePlace(course), IsOk());
  EXPECT_THAT(TakePlace(course), HasReason(reasons::kCourseFull));
  EXPECT_EQ(course.enrolled_count(), 1);
  FreePlace(course);
  EXPECT_THAT(TakePlace(course), IsOk());
}

TEST(CourseRulesTest, CapacityAndDatesMustFit) {
  v1::TrainingCourse course = Course();
  EXPECT_THAT(CheckContent(course), IsOk());
  course.set_enrolled_count(2);
  EXPECT_THAT(CheckContent(course), HasReason(reasons::kCapacityBelowEnrolled));
  course = Course();
  course.mutable_end_date()->set_month(2);
  EXPECT_THAT(CheckContent(course), HasReason(dangjian::reasons::kDatesOutOfOrder));
}

}  // namespace
}  // namespace dangjian::welfare::course_rules
