#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "dangjian/gateway/v1/report_service.pb.h"
#include "dangjian/gateway/v1/report_template.pb.h"
#include "dangjian/measure/v1/measure_service.pb.h"
#include "services/gateway/report/decimal.h"

// What a report asks of the services and what it makes of their answers. Pure functions: no calls, no clock.

namespace dangjian::gateway {

// The measures of one service by id.
using Measures = std::map<std::string, measure::v1::Measure, std::less<>>;

// What one service said.
struct ServiceAnswer {
  absl::Status status;  // not OK: it did not answer, and the rest is empty
  measure::v1::QueryMeasuresResponse response = {};
  std::shared_ptr<const Measures> measures = nullptr;
  bool stale = false;  // its directory is too old, or behind the registry's own answer
};
using Answers = std::map<std::string, ServiceAnswer, std::less<>>;  // by service name

// Where the value of one term stands: in the answer of a service, at an index.
struct Slot {
  std::string service;
  int index = 0;
  std::string measure;
};

// A figure for one period: one slot for a plain measure or a count of groups, numerator and denominator for a
// percentage, value and base for a change; none, with the reason, when the period does not hold the figure's window.
struct FigureSlots {
  const v1::FigureDefinition* figure = nullptr;
  std::vector<Slot> slots;
  std::string outside = {};  // of OutsideText
};

// Everything that one report asks, one request for each service.
struct ReportPlan {
  std::map<std::string, measure::v1::QueryMeasuresRequest> queries;  // by service name
  std::vector<FigureSlots> current;                                  // in the order of the template
  std::vector<FigureSlots> previous;                                 // empty without a comparison
};
// `report` must outlive the plan.
ReportPlan PlanReport(const v1::ReportTemplate& report, std::string_view organization, DayRange period,
                      std::optional<DayRange> compare_to);
// The plan of a single figure of a single period. `figure` must outlive the plan.
ReportPlan PlanFigure(const v1::FigureDefinition& figure, std::string_view organization, DayRange period);

// Why a figure has no value in any report over `period`, in Chinese: which window lies outside; empty when the period
// holds all that the figure is about.
std::string OutsideText(const v1::FigureDefinition& figure, DayRange period);

// The terms of a figure in the order of its slots.
std::vector<const v1::MeasureTerm*> TermsOf(const v1::FigureDefinition& figure);

// What the term at `index` of TermsOf selects, in a report over `period`, which must hold the figure's window. `group`
// narrows a lowest-of-several figure to one group; empty for none.
measure::v1::MeasureSelector SelectorOf(const v1::FigureDefinition& figure, size_t index, std::string_view organization,
                                        DayRange period, std::string_view group);

// A total with the measure that it is a total of.
struct TermTotal {
  const measure::v1::Measure* measure = nullptr;
  int64_t value = 0;
  common::v1::Qualifier qualifier = common::v1::QUALIFIER_EXACT;
  int64_t revision = 0;
  bool stale = false;  // of a service whose directory is behind
};

// What a figure over groups found besides its totals.
struct GroupFacts {
  std::string lowest;  // the group with the lowest fraction; empty for other figures
  int64_t count = 0;   // of groups with a value other than 0; only for a count of groups
};

// A computed figure.
struct Outcome {
  v1::FigureState state = v1::FIGURE_STATE_MISSING;
  std::optional<Decimal> value;  // set in states EXACT, BOUNDED and STALE
  std::string reason_zh = {};    // why there is no value; empty with one
  bool fixed = true;             // how to print it: see FormatDecimal
  bool percentage = false;
  common::v1::Qualifier qualifier = common::v1::QUALIFIER_UNSPECIFIED;
  GroupFacts groups;
  std::vector<TermTotal> totals;             // one for each term; empty when MISSING
  std::map<std::string, int64_t> revisions;  // by service, of those that answered
};
Outcome Evaluate(const FigureSlots& slots, const Answers& answers);
// The figure that given totals make, one for each term; those of `groups.lowest` for the lowest of several.
Outcome FromTotals(const v1::FigureDefinition& figure, std::vector<TermTotal> totals, const GroupFacts& groups);

// The whole line of the report; `previous` is nullptr without a comparison. The handle is left empty.
v1::Figure MakeFigure(const v1::FigureDefinition& figure, const Outcome& current, const Outcome* previous);

// The printed value; empty without one.
std::string PrintedValue(const Outcome& outcome);
// An amount of a measure as figures print it: money in yuan with two decimals.
std::string PrintedAmount(const measure::v1::Measure& measure, int64_t amount);
// How the terms give the figure, e.g. `kept / made x 100`.
std::string FormulaText(const v1::FigureDefinition& figure);
// `未报`
std::string_view StateText(v1::FigureState state);

}  // namespace dangjian::gateway
