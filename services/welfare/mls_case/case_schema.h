#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/mls_case.pb.h"

namespace dangjian::welfare {

// Cases by id; found by organisation and by household. Measures: `mls_applications` by the day of the application;
// `mls_households_granted` and `mls_persons_granted` by the first benefit month of a grant; `mls_households` and
// `mls_persons`, paid as at a day.
storage::TableSchema<v1::MlsCase> MlsCaseSchema();

}  // namespace dangjian::welfare
