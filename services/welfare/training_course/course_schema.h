#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/training_course.pb.h"

namespace dangjian::welfare {

// Courses by id; found by organisation.
storage::TableSchema<v1::TrainingCourse> TrainingCourseSchema();

}  // namespace dangjian::welfare
