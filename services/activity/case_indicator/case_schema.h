#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/activity/v1/case_indicator.pb.h"

namespace dangjian::activity {

// Table of case reports: by organisation, kind and last day; by kind and last day. A report counts on the last day of
// its period. No period goes beyond its year, so the figures of whole calendar years hold exactly their reports; those
// of a part of a year also hold reports of longer periods that end in it, which ComputeCaseComparison tells apart.
storage::TableSchema<v1::CaseReport> CaseReportSchema();

}  // namespace dangjian::activity
