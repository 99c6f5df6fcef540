#include "services/gateway/report/report_plan.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "common/types/month.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace dangjian::gateway {
namespace {

using google::protobuf::TextFormat;

constexpr DayRange kHalf{Day(19723), Day(19904)};    // 2024-01-01 to 2024-06-30
constexpr DayRange kBefore{Day(19539), Day(19722)};  // the half-year before

template <class M>
M Parse(const std::string& text) {
  M message;
  EXPECT_TRUE(TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

v1::ReportTemplate Report() {
  return Parse<v1::ReportTemplate>(R"(
    id: "r" version: 1
    figures { figure_id: "count" measure { service: "a" measure: "items" filters { dimension: "kind" values: "X" } } }
    figures { figure_id: "money" measure { service: "a" measure: "funds" } }
    figures { figure_id: "share" ratio { numerator { service: "a" measure: "kept" }
                                         denominator { service: "b" measure: "made" } } }
    figures { figure_id: "lowest" lowest_ratio { group_by: "target" factor: 1
                                                 numerator { service: "b" measure: "progress" }
                                                 denominator { service: "b" measure: "targets" } } })");
}

std::shared_ptr<const Measures> MeasuresOf(const std::string& text) {
  auto measures = std::make_shared<Measures>();
  const auto list = Parse<measure::v1::ListMeasuresResponse>(text);
  for (const auto& measure : list.measures()) (*measures)[measure.id()] = measure;
  return measures;
}

Answers Answered(const std::string& a, const std::string& b) {
  Answers answers;
  answers["a"] = {absl::OkStatus(), Parse<measure::v1::QueryMeasuresResponse>(a), MeasuresOf(R"(
      measures { id: "items" kind: MEASURE_KIND_EVENT }
      measures { id: "funds" kind: MEASURE_KIND_MONEY unit: "fen" scale: 2 }
      measures { id: "kept" kind: MEASURE_KIND_EVENT })")};
  answers["b"] = {absl::OkStatus(), Parse<measure::v1::QueryMeasuresResponse>(b), MeasuresOf(R"(
      measures { id: "made" kind: MEASURE_KIND_EVENT }
      measures { id: "progress" kind: MEASURE_KIND_STOCK unit: "percent" scale: 2 }
      measures { id: "targets" kind: MEASURE_KIND_STOCK })")};
  return answers;
}

TEST(ReportPlanTest, AsksEachServiceOnce) {
  const v1::ReportTemplate report = Report();
  const ReportPlan plan = PlanReport(report, "organizations/o", kHalf, kBefore);
  ASSERT_EQ(plan.queries.size(), 2u);
  EXPECT_EQ(plan.queries.at("a").selectors_size(), 6);
  EXPECT_EQ(plan.queries.at("b").selectors_size(), 6);
  EXPECT_EQ(plan.current.size(), 4u);
  EXPECT_EQ(plan.previous.size(), 4u);

  const auto& selector = plan.queries.at("a").selectors(plan.previous[0].slots[0].index);
  EXPECT_EQ(selector.measure(), "items");
  EXPECT_EQ(selector.organization(), "organizations/o");
  EXPECT_EQ(selector.period().start_date().year(), 2023);
  EXPECT_EQ(selector.filters(0).values(0), "X");
  EXPECT_EQ(plan.queries.at("b").selectors(plan.current[3].slots[1].index).group_by(), "target");
}

TEST(ReportPlanTest, WithoutAComparisonNothingIsAskedTwice) {
  const v1::ReportTemplate report = Report();
  const ReportPlan plan = PlanReport(report, "organizations/o", kHalf, std::nullopt);
  EXPECT_EQ(plan.queries.at("a").selectors_size(), 3);
  EXPECT_TRUE(plan.previous.empty());
}

TEST(ReportPlanTest, ComputesEveryKindOfFigure) {
  const v1::ReportTemplate report = Report();
  const ReportPlan plan = PlanReport(report, "organizations/o", kHalf, std::nullopt);
  const Answers answers = Answered(
      "revision: 7 values { value: 117 } values { value: 295000 qualifier: QUALIFIER_NEARLY } values { value: 2 }",
      R"(revision: 9 values { value: 3 }
         values { value: 11200 groups { key: "t1" value: 6000 } groups { key: "t2" value: 5200 } }
         values { value: 2 groups { key: "t1" value: 1 } groups { key: "t2" value: 1 } })");

  const Outcome count = Evaluate(plan.current[0], answers);
  EXPECT_EQ(PrintedValue(count), "117");
  EXPECT_EQ(count.state, v1::FIGURE_STATE_EXACT);
  EXPECT_EQ(count.revisions, (std::map<std::string, int64_t>{{"a", 7}}));

  const Outcome money = Evaluate(plan.current[1], answers);
  EXPECT_EQ(PrintedValue(money), "2950.00");
  EXPECT_EQ(money.state, v1::FIGURE_STATE_BOUNDED);
  EXPECT_EQ(money.qualifier, common::v1::QUALIFIER_NEARLY);

  const Outcome share = Evaluate(plan.current[2], answers);
  EXPECT_EQ(PrintedValue(share), "66.67");
  EXPECT_EQ(share.revisions, (std::map<std::string, int64_t>{{"a", 7}, {"b", 9}}));

  const Outcome lowest = Evaluate(plan.current[3], answers);
  EXPECT_EQ(PrintedValue(lowest), "52.00");
  EXPECT_EQ(lowest.groups.lowest, "t2");
  EXPECT_EQ(lowest.totals[0].value, 5200);
}

TEST(ReportPlanTest, AGroupWithoutANumeratorCountsAsZero) {
  const v1::ReportTemplate report = Report();
  const ReportPlan plan = PlanReport(report, "organizations/o", kHalf, std::nullopt);
  const Outcome lowest = Evaluate(plan.current[3], Answered("values {} values {} values {}",
                                                            R"(values {}
         values { value: 6000 groups { key: "t1" value: 6000 } groups { key: "t4" value: 0 } }
         values { value: 2 groups { key: "t0" value: 0 } groups { key: "t1" value: 1 } groups { key: "t3" value: 1 }
                           groups { key: "t4" value: 1 } })"));
  EXPECT_EQ(PrintedValue(lowest), "0.00");
  EXPECT_EQ(lowest.groups.lowest, "t3");  // the first of equals; t0 has no base and is left out
}

TEST(ReportPlanTest, ARatioWithoutABaseIsNotComparable) {
  const v1::ReportTemplate report = Report();
  const ReportPlan plan = PlanReport(report, "organizations/o", kHalf, std::nullopt);
  const Answers answers = Answered("values {} values {} values { value: 2 }", "values {} values {} values {}");
  for (const size_t i : {2, 3}) {
    const Outcome outcome = Evaluate(plan.current[i], answers);
    EXPECT_EQ(outcome.state, v1::FIGURE_STATE_NOT_COMPARABLE) << i;
    const v1::Figure line = MakeFigure(report.figures(static_cast<int>(i)), outcome, nullptr);
    EXPECT_EQ(line.value(), "");
    EXPECT_EQ(line.state_zh(), "无可比");
    EXPECT_EQ(line.reason_zh(), "比较基数为零,不能计算百分比");
  }
}

TEST(ReportPlanTest, AMissingPartIsNeverZero) {
  const v1::ReportTemplate report = Report();
  const ReportPlan plan = PlanReport(report, "organizations/o", kHalf, std::nullopt);
  Answers answers = Answered("values { value: 5 } values {} values { value: 2 }", "");
  answers["b"] = {absl::UnavailableError("down")};
  EXPECT_EQ(PrintedValue(Evaluate(plan.current[0], answers)), "5");
  for (const size_t i : {2, 3}) {
    const v1::Figure line =
        MakeFigure(report.figures(static_cast<int>(i)), Evaluate(plan.current[i], answers), nullptr);
    EXPECT_EQ(line.state(), v1::FIGURE_STATE_MISSING);
    EXPECT_EQ(line.state_zh(), "未报");
    EXPECT_EQ(line.value(), "");
  }
  const Outcome unasked = Evaluate(plan.current[0], {});
  EXPECT_EQ(unasked.state, v1::FIGURE_STATE_MISSING);
  EXPECT_EQ(unasked.reason_zh, "服务 a 未报,请稍后重新汇总");
}

TEST(ReportPlanTest, ComparesAsPrinted) {
  const v1::ReportTemplate report = Report();
  const ReportPlan plan = PlanReport(report, "organizations/o", kHalf, kBefore);
  // Current and previous of each figure stand side by side.
  const Answers answers = Answered(
      "values { value: 117 } values { value: 100 } values { value: 295000 } values {} values { value: 2 } values { "
      "value: 1 }",
      "values { value: 3 } values { value: 3 } values {} values {} values {} values {}");
  const auto line = [&](size_t i) {
    const Outcome previous = Evaluate(plan.previous[i], answers);
    return MakeFigure(report.figures(static_cast<int>(i)), Evaluate(plan.current[i], answers), &previous);
  };
  EXPECT_EQ(line(0).previous(), "100");
  EXPECT_EQ(line(0).change(), "17");
  EXPECT_EQ(line(0).change_percent(), "17.00");
  EXPECT_EQ(line(1).change(), "2950.00");
  EXPECT_EQ(line(1).change_percent(), "");  // nothing to be a percentage of
  EXPECT_EQ(line(2).change(), "33.34");     // 66.67 - 33.33, in percentage points
  EXPECT_EQ(line(2).change_percent(), "");
  EXPECT_EQ(line(3).previous_state(), v1::FIGURE_STATE_NOT_COMPARABLE);
  EXPECT_EQ(line(3).change(), "");
}

TEST(ReportPlanTest, AnExplanationNarrowsToTheGroup) {
  const v1::ReportTemplate report = Report();
  const v1::FigureDefinition& lowest = report.figures(3);
  const auto selector = SelectorOf(lowest, 0, "organizations/o", kHalf, "t2");
  EXPECT_EQ(selector.group_by(), "");
  ASSERT_EQ(selector.filters_size(), 1);
  EXPECT_EQ(selector.filters(0).dimension(), "target");
  EXPECT_EQ(selector.filters(0).values(0), "t2");
}

v1::FigureDefinition Figure(const std::string& formula) {
  return Parse<v1::FigureDefinition>("figure_id: 'f' " + formula);
}

constexpr char kCases[] = "year_on_year { term { service: 'a' measure: 'items' } }";

// The figure that service `a` makes of two values.
Outcome YearOnYear(const std::string& values) {
  const v1::FigureDefinition figure = Figure(kCases);
  return Evaluate(PlanFigure(figure, "organizations/o", kHalf).current[0], Answered(values, ""));
}

TEST(ReportPlanTest, YearOnYearAsksTheSameDaysOfTheYearBefore) {
  const v1::FigureDefinition figure = Figure(kCases);
  const DayRange february{Day::Of(2025, 2, 1), Day::Of(2025, 2, 28)};
  EXPECT_EQ(SelectorOf(figure, 0, "organizations/o", february, "").period().end_date().year(), 2025);
  const auto base = SelectorOf(figure, 1, "organizations/o", february, "").period();
  EXPECT_EQ(base.start_date().ShortDebugString(), "year: 2024 month: 2 day: 1");
  EXPECT_EQ(base.end_date().ShortDebugString(), "year: 2024 month: 2 day: 29");
}

// Example 10 of the domain's rules: 38 against 40, and a base of nothing.
TEST(ReportPlanTest, WorkedExample10YearOnYear) {
  EXPECT_EQ(PrintedValue(YearOnYear("values { value: 38 } values { value: 40 }")), "-5.00");
  EXPECT_EQ(PrintedValue(YearOnYear("values { value: 92 } values { value: 100 }")), "-8.00");
  const Outcome none = YearOnYear("values { value: 3 } values {}");
  EXPECT_EQ(none.state, v1::FIGURE_STATE_NOT_COMPARABLE);
  EXPECT_EQ(StateText(none.state), "无可比");
  EXPECT_EQ(PrintedValue(none), "");
}

// The days that a figure of service `a` asks for as the term at `index`; nothing outside the period.
std::optional<DayRange> Asked(const std::string& figure_text, DayRange period, int index = 0) {
  const v1::FigureDefinition figure = Figure(figure_text);
  const ReportPlan plan = PlanFigure(figure, "organizations/o", period);
  if (plan.queries.empty()) return std::nullopt;
  return DaysFromProto(plan.queries.at("a").selectors(index).period());
}

std::string Window(int skip, int months) {
  return absl::StrCat(" window { skip_months: ", skip, " months: ", months, " }");
}

constexpr char kItems[] = "measure { service: 'a' measure: 'items' }";

TEST(ReportPlanTest, AWindowIsAPartOfTheReportsPeriod) {
  const DayRange two_years{Day::Of(2005, 1, 1), Day::Of(2006, 12, 31)};
  EXPECT_EQ(Asked(kItems + Window(12, 12), two_years), (DayRange{Day::Of(2006, 1, 1), Day::Of(2006, 12, 31)}));
  EXPECT_EQ(Asked(kItems + Window(5, 1), two_years), (DayRange{Day::Of(2005, 6, 1), Day::Of(2005, 6, 30)}));
  EXPECT_EQ(Asked(kItems + Window(0, 24), two_years), two_years);
}

TEST(ReportPlanTest, AWindowThatThePeriodDoesNotHoldIsNeitherAskedNorBent) {
  const DayRange year{Day::Of(2006, 1, 1), Day::Of(2006, 12, 31)};
  // Begins after the period, ends after it, is a day too long.
  for (const auto& [skip, months] : {std::pair(12, 12), std::pair(6, 12), std::pair(0, 13)}) {
    const v1::FigureDefinition figure = Figure(kItems + Window(skip, months));
    const ReportPlan plan = PlanFigure(figure, "organizations/o", year);
    EXPECT_TRUE(plan.queries.empty());
    const v1::Figure line = MakeFigure(figure, Evaluate(plan.current[0], {}), nullptr);
    EXPECT_EQ(line.value(), "");
    EXPECT_EQ(line.state(), v1::FIGURE_STATE_OUTSIDE_PERIOD);
    EXPECT_EQ(line.state_zh(), "期外");
    EXPECT_EQ(line.qualifier(), common::v1::QUALIFIER_UNSPECIFIED);
  }
  EXPECT_EQ(OutsideText(Figure(kItems + Window(12, 12)), year),
            "该指标统计期为2007-01-01至2007-12-31,不在报告期2006-01-01至2006-12-31内");
  EXPECT_EQ(Asked(kItems + Window(0, 12), {year.first, year.last - 1}), std::nullopt);
}

TEST(ReportPlanTest, AComparedPeriodThatDoesNotHoldTheWindowHasNoBase) {
  v1::ReportTemplate report;
  *report.add_figures() = Figure(kItems + Window(6, 6));
  const ReportPlan plan = PlanReport(report, "organizations/o", {Day::Of(2006, 1, 1), Day::Of(2006, 12, 31)},
                                     DayRange{Day::Of(2005, 7, 1), Day::Of(2005, 12, 31)});
  const Answers answers = Answered("values { value: 5 }", "");
  const Outcome previous = Evaluate(plan.previous[0], answers);
  const v1::Figure line = MakeFigure(report.figures(0), Evaluate(plan.current[0], answers), &previous);
  EXPECT_EQ(line.value(), "5");
  EXPECT_EQ(line.previous(), "");
  EXPECT_EQ(line.previous_state(), v1::FIGURE_STATE_OUTSIDE_PERIOD);
  EXPECT_EQ(line.previous_reason_zh(), "该指标统计期为2006-01-01至2006-06-30,不在报告期2005-07-01至2005-12-31内");
  EXPECT_EQ(line.change(), "");
  EXPECT_EQ(line.change_percent(), "");
}

// From any day, the 29th to 31st and leap days too: windows in a row hold every day of their period once, and the bases
// of their changes every day of the period's base.
TEST(ReportPlanTest, WindowsInARowHoldEveryDayOnce) {
  constexpr int kMonths = 26;
  const std::string change = "year_on_year { term { service: 'a' measure: 'items' } }";
  for (Day first = Day::Of(2022, 12, 1); first <= Day::Of(2025, 3, 2); first = first + 1) {
    const DayRange period{first, AddMonths(first, kMonths) - 1};
    for (const int length : {1, 2, 13}) {
      Day next = first;
      Day next_base = Asked(change, period, 1)->first;
      for (int skip = 0; skip < kMonths; skip += length) {
        const auto window = Asked(change + Window(skip, length), period);
        const auto base = Asked(change + Window(skip, length), period, 1);
        ASSERT_TRUE(window.has_value() && base.has_value()) << FormatDay(first) << " " << skip;
        ASSERT_EQ(window->first, next) << FormatDay(first) << " " << skip;
        ASSERT_EQ(base->first, next_base) << FormatDay(first) << " " << skip;
        next = window->last + 1;
        next_base = base->last + 1;
      }
      ASSERT_EQ(next, period.last + 1) << FormatDay(first);
      ASSERT_EQ(next_base, Asked(change, period, 1)->last + 1) << FormatDay(first);
    }
  }
}

TEST(ReportPlanTest, TheYearBeforeIsCountedFromTheFirstDay) {
  const std::string change = "year_on_year { term { service: 'a' measure: 'items' } }";
  const DayRange from_leap_day{Day::Of(2024, 2, 29), Day::Of(2025, 2, 27)};
  EXPECT_EQ(Asked(change, from_leap_day, 1), (DayRange{Day::Of(2023, 2, 28), Day::Of(2024, 2, 28)}));
  EXPECT_EQ(Asked(change + Window(1, 1), {Day::Of(2024, 1, 31), Day::Of(2024, 4, 29)}, 1),
            (DayRange{Day::Of(2023, 2, 28), Day::Of(2023, 3, 30)}));
  // Of days that are no whole months: the same days, and to the end of February to its end.
  EXPECT_EQ(Asked(change, {Day::Of(2024, 1, 1), Day::Of(2024, 2, 28)}, 1),
            (DayRange{Day::Of(2023, 1, 1), Day::Of(2023, 2, 28)}));
  EXPECT_EQ(Asked(change, {Day::Of(2025, 1, 10), Day::Of(2025, 2, 28)}, 1),
            (DayRange{Day::Of(2024, 1, 10), Day::Of(2024, 2, 29)}));
}

TEST(ReportPlanTest, CountsTheGroupsThatOccur) {
  const v1::FigureDefinition figure =
      Figure("group_count { group_by: 'reason' term { service: 'a' measure: 'items' } }");
  const ReportPlan plan = PlanFigure(figure, "organizations/o", kHalf);
  EXPECT_EQ(plan.queries.at("a").selectors(0).group_by(), "reason");
  const Outcome outcome = Evaluate(plan.current[0], Answered(R"(values { value: 9 groups { key: "ILLNESS" value: 5 }
      groups { key: "INCIDENT" value: 4 } groups { key: "TAKEN_BACK" value: 0 } })",
                                                             ""));
  EXPECT_EQ(PrintedValue(outcome), "2");
  EXPECT_EQ(outcome.totals[0].value, 9);
  EXPECT_EQ(SelectorOf(figure, 0, "organizations/o", kHalf, "").group_by(), "");
}

}  // namespace
}  // namespace dangjian::gateway
