#include "services/welfare/training_course/course_schema.h"

#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

bool ByOrganization(const v1::TrainingCourse& course, storage::KeyWriter& key) {
  key.Text(course.organization());
  return true;
}

}  // namespace

storage::TableSchema<v1::TrainingCourse> TrainingCourseSchema() {
  return {
      .tag = tags::kTrainingCourse,
      .collection = "trainingCourses",
      .owner = [](const v1::TrainingCourse& course) { return course.organization(); },
      .indexes = {{.tag = tags::kTrainingCourseByOrganization, .name = "by_organization", .columns = &ByOrganization}}};
}

}  // namespace dangjian::welfare
