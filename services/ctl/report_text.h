#pragma once

#include <string>

#include "dangjian/gateway/v1/report_service.pb.h"

// How reports and explanations are printed. Pure functions.

namespace dangjian::ctl {

// Title, organisation, period and one row for each figure: id, label, value, unit, state, change.
std::string ReportTable(const gateway::v1::CompileReportResponse& report);

// One line for each figure, in the order of the report: `id<TAB>value<TAB>unit<TAB>state`, the unit in English, the
// state as EXACT, BOUNDED, STALE, MISSING or NOT_COMPARABLE, the value empty when there is none.
std::string FigureLines(const gateway::v1::CompileReportResponse& report);

// What is wrong with a report: the services that did not answer, one line each. Empty for a complete report.
std::string MissingWords(const gateway::v1::CompileReportResponse& report);

// The records of one page as rows.
std::string RecordTable(const gateway::v1::ExplainFigureResponse& page);

// The figure, its formula and the totals of its parts.
std::string ExplanationSummary(const gateway::v1::ExplainFigureResponse& page);

}  // namespace dangjian::ctl
