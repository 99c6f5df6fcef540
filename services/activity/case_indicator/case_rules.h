#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "dangjian/activity/v1/case_indicator.pb.h"

// Case figures of the police and their comparison. Whole numbers throughout; a percentage is formed once, at the end.
// Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kCasePeriodNotCalendar{"CASE_PERIOD_NOT_CALENDAR", absl::StatusCode::kInvalidArgument,
                                               "统计期须为整月、整季、半年或整年"};
inline constexpr Reason kCasePeriodsUnlike{"CASE_PERIODS_UNLIKE", absl::StatusCode::kInvalidArgument,
                                           "对比的两个统计期长短不同,请以月比月、季比季、半年比半年、年比年"};
inline constexpr Reason kCasePeriodOverlaps{"CASE_PERIOD_OVERLAPS", absl::StatusCode::kFailedPrecondition,
                                            "该区域同类案件在此统计期内已有数据,请更正原数据"};
inline constexpr Reason kCaseReportedAboveOrBelow{
    "CASE_REPORTED_ABOVE_OR_BELOW", absl::StatusCode::kFailedPrecondition,
    "上级或下级区域的同类案件在此统计期内已有数据,两级相加会重复计算,请只按一级填报"};
inline constexpr Reason kCaseAreasDoNotAddUp{"CASE_AREAS_DO_NOT_ADD_UP", absl::StatusCode::kInvalidArgument,
                                             "同口径各区域案件数之和与总数不符"};
inline constexpr Reason kCaseAreaTwice{"CASE_AREA_TWICE", absl::StatusCode::kInvalidArgument, "同口径区域重复"};
}  // namespace reasons

namespace case_rules {

// The days of a calendar month, quarter, half-year or year; nullopt for any other period.
std::optional<DayRange> CalendarPeriod(const common::v1::Period& period);
// The last days of the months of a period: on one of them every report within it ends.
std::vector<Day> MonthEnds(DayRange days);
// From the first day through the end of that year: a report that shares a day with a calendar period ends within these
// days, because no calendar period goes beyond its year.
DayRange ThroughYearEnd(DayRange days);

// CASE_PERIOD_NOT_CALENDAR, DATE_IN_FUTURE, CASE_AREAS_DO_NOT_ADD_UP, CASE_AREA_TWICE.
void CheckContent(const v1::CaseReport& report, Day today, Violations& violations);
// Refuses days that `other`, of the same kind, reports already: CASE_PERIOD_OVERLAPS when it is of the same
// organisation, else CASE_REPORTED_ABOVE_OR_BELOW. A report stands beside itself.
absl::Status CheckApart(const v1::CaseReport& report, const v1::CaseReport& other);

// The cases of a period and the reports that they come from.
struct CaseSum {
  DayRange period;
  int64_t count = 0;
  int32_t reports = 0;
  // For each area that a report tells of, the days of the period that the counted reports cover.
  absl::btree_map<std::string, int32_t> covered = {};
};
// Adds what a report of the days `reported` says of an area. A report that reaches beyond the period is not counted,
// for nobody knows which of its cases lie within; it leaves its area uncovered. One that shares no day with the period
// adds nothing.
void AddArea(CaseSum& sum, DayRange reported, const std::string& area, int64_t count);

// Not comparable ("无可比") when the base is 0, when nothing was reported for one of the periods, or when the reports
// of an area that either period tells of do not cover both periods exactly: those areas are named. `target` may be
// nullptr.
v1::ComputeCaseComparisonResponse Compare(const CaseSum& value, const CaseSum& base, const v1::CaseTarget* target);

// `part` ÷ `whole` in basis points, rounded half away from zero. `whole` must be above 0.
int64_t BasisPoints(int64_t part, int64_t whole);
// `-500` → `-5.0%`, `1234` → `12.34%`: at least one decimal, at most two.
std::string PercentText(int64_t basis_points);

}  // namespace case_rules
}  // namespace dangjian::activity
