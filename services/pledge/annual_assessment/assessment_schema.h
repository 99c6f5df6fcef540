#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/pledge/v1/annual_assessment.pb.h"

namespace dangjian::pledge {

// Table of annual assessments: by organisation; one an organisation, year and formula. Counts from the day on which it
// became final.
storage::TableSchema<v1::AnnualAssessment> AnnualAssessmentSchema();

}  // namespace dangjian::pledge
