#include "services/gateway/report/report_plan.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "common/types/month.h"

namespace dangjian::gateway {
namespace {

using common::v1::Qualifier;
using measure::v1::Measure;
using measure::v1::MeasureSelector;
using measure::v1::MeasureValue;
using v1::FigureDefinition;
using v1::MeasureTerm;

constexpr int32_t kDefaultFactor = 100;

std::string_view GroupByOf(const FigureDefinition& figure) {
  if (figure.has_lowest_ratio()) return figure.lowest_ratio().group_by();
  if (figure.has_group_count()) return figure.group_count().group_by();
  return {};
}

bool IsLastOfMonth(Day day) { return (day + 1).month() != day.month(); }

// Months counted from the first day of a period.
struct MonthSpan {
  int first = 0;
  int months = 0;
};

// Both ends are counted from the period's first day, so that consecutive spans neither lose nor share a day.
DayRange DaysOf(MonthSpan span, DayRange period) {
  return {AddMonths(period.first, span.first), AddMonths(period.first, span.first + span.months) - 1};
}

// What a figure is about in a report over `period`, if that is whole months of it.
std::optional<MonthSpan> MonthsOf(const FigureDefinition& figure, DayRange period) {
  if (figure.has_window()) return MonthSpan{figure.window().skip_months(), figure.window().months()};
  const int months =
      static_cast<int>(absl::CivilMonth((period.last + 1).civil()) - absl::CivilMonth(period.first.civil()));
  if (AddMonths(period.first, months) != period.last + 1) return std::nullopt;
  return MonthSpan{0, months};
}

DayRange WindowOf(const FigureDefinition& figure, DayRange period) {
  return figure.has_window() ? DaysOf(*MonthsOf(figure, period), period) : period;
}

// The base of a change against the year before.
DayRange YearBefore(const FigureDefinition& figure, DayRange period) {
  if (const auto span = MonthsOf(figure, period)) return DaysOf({span->first - 12, span->months}, period);
  const Day last = AddMonths(period.last, -12);
  // To the end of February is to its end, whatever the year.
  return {AddMonths(period.first, -12), IsLastOfMonth(period.last) ? NextMonth(last) - 1 : last};
}

std::string DaysText(DayRange days) { return absl::StrCat(FormatDay(days.first), "至", FormatDay(days.last)); }

bool IsPercentage(const FigureDefinition& figure) { return !figure.has_measure() && !figure.has_group_count(); }

int32_t FactorOf(const FigureDefinition& figure) {
  const int32_t factor = figure.has_lowest_ratio() ? figure.lowest_ratio().factor() : figure.ratio().factor();
  return factor == 0 ? kDefaultFactor : factor;
}

FigureSlots AddFigure(const FigureDefinition& figure, std::string_view organization, DayRange period,
                      ReportPlan& plan) {
  FigureSlots slots{.figure = &figure, .slots = {}, .outside = OutsideText(figure, period)};
  if (!slots.outside.empty()) return slots;
  const std::vector<const MeasureTerm*> terms = TermsOf(figure);
  for (size_t i = 0; i < terms.size(); ++i) {
    auto& selectors = *plan.queries[terms[i]->service()].mutable_selectors();
    slots.slots.push_back({terms[i]->service(), selectors.size(), terms[i]->measure()});
    MeasureSelector& selector = *selectors.Add();
    selector = SelectorOf(figure, i, organization, period, "");
    selector.set_group_by(std::string(GroupByOf(figure)));
  }
  return slots;
}

Qualifier Weakest(Qualifier a, Qualifier b) { return std::max({a, b, common::v1::QUALIFIER_EXACT}); }

// One term's answer with its measure; nullptr values when the service did not give them.
struct TermAnswer {
  const Measure* measure = nullptr;
  const MeasureValue* value = nullptr;
  int64_t revision = 0;
  bool stale = false;
};

TermAnswer Read(const Slot& slot, const Answers& answers) {
  const auto answer = answers.find(slot.service);
  if (answer == answers.end() || !answer->second.status.ok() || !answer->second.measures) return {};
  const auto measure = answer->second.measures->find(slot.measure);
  if (measure == answer->second.measures->end() || slot.index >= answer->second.response.values_size()) return {};
  return {&measure->second, &answer->second.response.values(slot.index), answer->second.response.revision(),
          answer->second.stale};
}

Decimal DecimalOf(const TermTotal& total) { return {total.value, total.measure->scale()}; }

void SetValue(Outcome& outcome, Decimal value, Qualifier qualifier) {
  outcome.value = value;
  outcome.qualifier = Weakest(qualifier, common::v1::QUALIFIER_EXACT);
  outcome.state = outcome.qualifier == common::v1::QUALIFIER_EXACT ? v1::FIGURE_STATE_EXACT : v1::FIGURE_STATE_BOUNDED;
}

int64_t CountGroups(const MeasureValue& value) {
  return std::count_if(value.groups().begin(), value.groups().end(),
                       [](const measure::v1::MeasureGroup& group) { return group.value() != 0; });
}

Ratio RatioOf(const FigureDefinition& figure, const TermTotal& numerator, const TermTotal& denominator) {
  return {DecimalOf(numerator), DecimalOf(denominator), FactorOf(figure)};
}

// The totals of the group with the lowest fraction and its key; both 0 without a group that has a base.
std::pair<std::vector<TermTotal>, std::string> Lowest(const FigureDefinition& figure, const TermTotal& numerators,
                                                      const TermTotal& denominators,
                                                      const MeasureValue& numerator_groups,
                                                      const MeasureValue& denominator_groups) {
  std::map<std::string_view, const measure::v1::MeasureGroup*> by_key;
  for (const auto& group : numerator_groups.groups()) by_key[group.key()] = &group;
  TermTotal part = numerators;
  TermTotal whole = denominators;
  part.value = 0;
  whole.value = 0;
  std::pair<std::vector<TermTotal>, std::string> lowest{{part, whole}, ""};
  for (const auto& denominator : denominator_groups.groups()) {
    if (denominator.value() <= 0) continue;
    const auto numerator = by_key.find(denominator.key());
    const bool reported = numerator != by_key.end();
    part.value = reported ? numerator->second->value() : 0;
    part.qualifier = reported ? numerator->second->qualifier() : common::v1::QUALIFIER_EXACT;
    whole.value = denominator.value();
    whole.qualifier = denominator.qualifier();
    const bool first = lowest.first[1].value == 0;
    if (!first && !LessThan(RatioOf(figure, part, whole), RatioOf(figure, lowest.first[0], lowest.first[1]))) continue;
    lowest = {{part, whole}, denominator.key()};
  }
  return lowest;
}

}  // namespace

std::string OutsideText(const FigureDefinition& figure, DayRange period) {
  const DayRange window = WindowOf(figure, period);
  if (period.first <= window.first && window.last <= period.last) return "";
  return absl::StrCat("该指标统计期为", DaysText(window), ",不在报告期", DaysText(period), "内");
}

std::vector<const MeasureTerm*> TermsOf(const FigureDefinition& figure) {
  switch (figure.formula_case()) {
    case FigureDefinition::kMeasure:
      return {&figure.measure()};
    case FigureDefinition::kRatio:
      return {&figure.ratio().numerator(), &figure.ratio().denominator()};
    case FigureDefinition::kLowestRatio:
      return {&figure.lowest_ratio().numerator(), &figure.lowest_ratio().denominator()};
    case FigureDefinition::kYearOnYear:  // value and base
      return {&figure.year_on_year().term(), &figure.year_on_year().term()};
    case FigureDefinition::kGroupCount:
      return {&figure.group_count().term()};
    case FigureDefinition::FORMULA_NOT_SET:
      break;
  }
  return {};
}

MeasureSelector SelectorOf(const FigureDefinition& figure, size_t index, std::string_view organization, DayRange period,
                           std::string_view group) {
  const MeasureTerm& term = *TermsOf(figure)[index];
  const bool is_base = figure.has_year_on_year() && index == 1;
  MeasureSelector selector;
  selector.set_measure(term.measure());
  selector.set_organization(std::string(organization));
  *selector.mutable_period() = DaysToProto(is_base ? YearBefore(figure, period) : WindowOf(figure, period));
  *selector.mutable_filters() = term.filters();
  if (!group.empty()) {
    auto& filter = *selector.add_filters();
    filter.set_dimension(std::string(GroupByOf(figure)));
    filter.add_values(std::string(group));
  }
  return selector;
}

ReportPlan PlanReport(const v1::ReportTemplate& report, std::string_view organization, DayRange period,
                      std::optional<DayRange> compare_to) {
  ReportPlan plan;
  for (const FigureDefinition& figure : report.figures()) {
    plan.current.push_back(AddFigure(figure, organization, period, plan));
    if (compare_to) plan.previous.push_back(AddFigure(figure, organization, *compare_to, plan));
  }
  return plan;
}

ReportPlan PlanFigure(const FigureDefinition& figure, std::string_view organization, DayRange period) {
  ReportPlan plan;
  plan.current.push_back(AddFigure(figure, organization, period, plan));
  return plan;
}

Outcome FromTotals(const FigureDefinition& figure, std::vector<TermTotal> totals, const GroupFacts& groups) {
  Outcome outcome;
  outcome.percentage = IsPercentage(figure);
  outcome.groups = groups;
  const std::vector<const MeasureTerm*> terms = TermsOf(figure);
  for (size_t i = 0; i < totals.size(); ++i) outcome.revisions[terms[i]->service()] = totals[i].revision;
  const bool stale = std::any_of(totals.begin(), totals.end(), [](const TermTotal& total) { return total.stale; });
  if (figure.has_measure()) {
    outcome.fixed = totals[0].measure->kind() == measure::v1::MEASURE_KIND_MONEY;
    SetValue(outcome, DecimalOf(totals[0]), totals[0].qualifier);
  } else if (figure.has_group_count()) {
    SetValue(outcome, {groups.count, 0}, totals[0].qualifier);
  } else if (totals[1].value <= 0) {
    outcome.state = v1::FIGURE_STATE_NOT_COMPARABLE;
    outcome.reason_zh = "比较基数为零,不能计算百分比";
  } else if (figure.has_year_on_year()) {
    const Decimal change = Difference(DecimalOf(totals[0]), DecimalOf(totals[1]));
    SetValue(outcome, *ChangePercent(change, DecimalOf(totals[1])), Weakest(totals[0].qualifier, totals[1].qualifier));
  } else {
    SetValue(outcome, Percent(RatioOf(figure, totals[0], totals[1])),
             Weakest(totals[0].qualifier, totals[1].qualifier));
  }
  if (stale && outcome.value) outcome.state = v1::FIGURE_STATE_STALE;
  outcome.totals = std::move(totals);
  return outcome;
}

Outcome Evaluate(const FigureSlots& slots, const Answers& answers) {
  const FigureDefinition& figure = *slots.figure;
  if (!slots.outside.empty()) {
    return {.state = v1::FIGURE_STATE_OUTSIDE_PERIOD, .reason_zh = slots.outside, .percentage = IsPercentage(figure)};
  }
  std::vector<const MeasureValue*> values;
  std::vector<TermTotal> totals;
  std::map<std::string, int64_t> revisions;
  std::string reason;
  for (const Slot& slot : slots.slots) {
    const TermAnswer answer = Read(slot, answers);
    if (!answer.measure) {
      reason = absl::StrCat("服务 ", slot.service, " 未报,请稍后重新汇总");
      continue;
    }
    values.push_back(answer.value);
    totals.push_back({answer.measure, answer.value->value(), answer.value->qualifier(), answer.revision, answer.stale});
    revisions[slot.service] = answer.revision;
  }
  // Never a figure over a missing part.
  if (values.empty() || values.size() != slots.slots.size())
    return {.reason_zh = std::move(reason), .percentage = IsPercentage(figure), .revisions = std::move(revisions)};
  if (figure.has_group_count()) return FromTotals(figure, std::move(totals), {.count = CountGroups(*values[0])});
  if (!figure.has_lowest_ratio()) return FromTotals(figure, std::move(totals), {});
  auto [lowest, group] = Lowest(figure, totals[0], totals[1], *values[0], *values[1]);
  return FromTotals(figure, std::move(lowest), {.lowest = group});
}

v1::Figure MakeFigure(const FigureDefinition& figure, const Outcome& current, const Outcome* previous) {
  v1::Figure line;
  line.set_figure_id(figure.figure_id());
  line.set_label_zh(figure.label_zh());
  line.set_label_en(figure.label_en());
  line.set_unit(figure.unit());
  line.set_unit_zh(figure.unit_zh());
  line.set_value(PrintedValue(current));
  line.set_state(current.state);
  line.set_state_zh(std::string(StateText(current.state)));
  line.set_qualifier(current.qualifier);
  line.set_reason_zh(current.reason_zh);
  line.set_group(current.groups.lowest);
  for (const auto& [service, revision] : current.revisions) {
    auto& source = *line.add_as_of();
    source.set_service(service);
    source.set_revision(revision);
  }
  if (!previous) return line;
  line.set_previous(PrintedValue(*previous));
  line.set_previous_state(previous->state);
  line.set_previous_reason_zh(previous->reason_zh);
  if (!current.value || !previous->value) return line;
  const Decimal change = Difference(*current.value, *previous->value);
  line.set_change(FormatDecimal(change, current.fixed));
  if (current.percentage) return line;
  if (const auto percent = ChangePercent(change, *previous->value)) {
    line.set_change_percent(FormatDecimal(*percent, true));
  }
  return line;
}

std::string PrintedValue(const Outcome& outcome) {
  return outcome.value ? FormatDecimal(*outcome.value, outcome.fixed) : "";
}

std::string PrintedAmount(const Measure& measure, int64_t amount) {
  return FormatDecimal({amount, measure.scale()}, measure.kind() == measure::v1::MEASURE_KIND_MONEY);
}

std::string FormulaText(const FigureDefinition& figure) {
  const std::vector<const MeasureTerm*> terms = TermsOf(figure);
  if (figure.has_group_count()) {
    return absl::StrCat("number of different ", figure.group_count().group_by(), " in ", terms[0]->measure());
  }
  if (figure.has_year_on_year()) {
    return absl::StrCat("(", terms[0]->measure(), " - the year before) / the year before x 100");
  }
  if (terms.size() == 1) return terms[0]->measure();
  const std::string fraction = absl::StrCat(terms[0]->measure(), " / ", terms[1]->measure(), " x ", FactorOf(figure));
  return figure.has_lowest_ratio() ? absl::StrCat("lowest by ", figure.lowest_ratio().group_by(), " of ", fraction)
                                   : fraction;
}

std::string_view StateText(v1::FigureState state) {
  switch (state) {
    case v1::FIGURE_STATE_EXACT:
      return "确数";
    case v1::FIGURE_STATE_BOUNDED:
      return "概数";
    case v1::FIGURE_STATE_STALE:
      return "滞后";
    case v1::FIGURE_STATE_MISSING:
      return "未报";
    case v1::FIGURE_STATE_NOT_COMPARABLE:
      return "无可比";
    case v1::FIGURE_STATE_OUTSIDE_PERIOD:
      return "期外";
    case v1::FIGURE_STATE_UNSPECIFIED:
    case v1::FigureState_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::FigureState_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return "";
}

}  // namespace dangjian::gateway
