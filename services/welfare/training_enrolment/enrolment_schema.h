#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/training_enrolment.pb.h"

namespace dangjian::welfare {

// Enrolments by id; found by organisation, course and registration; a person is in a course once, unless dropped out.
// Who completed a course counts as trained on the day of completion.
storage::TableSchema<v1::TrainingEnrolment> TrainingEnrolmentSchema();

}  // namespace dangjian::welfare
