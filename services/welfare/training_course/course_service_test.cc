#include "google/protobuf/empty.pb.h"
#include "services/welfare/testing/employment_fixture.h"
#include "services/welfare/training_course/course_rules.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;

class CourseServiceTest : public EmploymentTest {};

TEST_F(CourseServiceTest, KeepsItsCapacityAboveThoseEnrolled) {
  ASSERT_THAT(CreateCourse("c", 2), IsOk());
  ASSERT_THAT(Enrol("e-1", "resident: 'residents/he'"), IsOk());
  ASSERT_THAT(Enrol("e-2", "resident: 'residents/lin'"), IsOk());
  const auto resize = [&](int capacity) {
    return Call<v1::TrainingCourse, v1::UpdateTrainingCourseRequest>(absl::StrCat(
        "training_course { name: 'trainingCourses/c' capacity: ", capacity, " } update_mask { paths: 'capacity' }"));
  };
  EXPECT_THAT(resize(1), HasReason(reasons::kCapacityBelowEnrolled));
  const auto larger = resize(5);
  ASSERT_THAT(larger, IsOk());
  EXPECT_EQ(larger->enrolled_count(), 2);
}

TEST_F(CourseServiceTest, IsDeletedOnlyWhileNobodyHasEnrolled) {
  ASSERT_THAT(CreateCourse("c"), IsOk());
  ASSERT_THAT(Enrol("e-1", "resident: 'residents/he'"), IsOk());
  EXPECT_THAT((Call<google::protobuf::Empty, v1::DeleteTrainingCourseRequest>("name: 'trainingCourses/c'")),
              HasReason(reasons::kTrainingCourseInUse));
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteTrainingEnrolmentRequest>("name: 'trainingEnrolments/e-1'")),
              IsOk());
  EXPECT_THAT((Call<google::protobuf::Empty, v1::DeleteTrainingCourseRequest>("name: 'trainingCourses/c'")), IsOk());
}

TEST_F(CourseServiceTest, RefusesACourseThatEndsBeforeItBegins) {
  EXPECT_THAT((Call<v1::TrainingCourse, v1::CreateTrainingCourseRequest>(absl::StrCat(
                  "training_course_id: 'c' training_course { organization: 'organizations/street' title: '电工' skill: "
                  "'电工' hours: 40 provider: '学校' capacity: 10 start_date ",
                  DateText("2026-03-20"), " end_date ", DateText("2026-03-01"), " }"))),
              HasReason("DATES_OUT_OF_ORDER"));
  EXPECT_THAT((Call<v1::TrainingCourse, v1::GetTrainingCourseRequest>("name: 'trainingCourses/c'")),
              HasReason("RECORD_NOT_FOUND"));
}

}  // namespace
}  // namespace dangjian::welfare
