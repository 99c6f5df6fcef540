#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
inline constexpr Reason kCasePeriodOverlaps{"CASE_PERIOD_OVERLAPS", absl::StatusCode::kFailedPrecondition,
                                            "该区域同类案件在此统计期内已有数据,请更正原数据"};
inline constexpr Reason kCaseAreasDoNotAddUp{"CASE_AREAS_DO_NOT_ADD_UP", absl::StatusCode::kInvalidArgument,
                                             "同口径各区域案件数之和与总数不符"};
inline constexpr Reason kCaseAreaTwice{"CASE_AREA_TWICE", absl::StatusCode::kInvalidArgument, "同口径区域重复"};
}  // namespace reasons

namespace case_rules {

// The days of a calendar month, quarter, half-year or year; nullopt for any other period.
std::optional<DayRange> CalendarPeriod(const common::v1::Period& period);
// The last days of the months of a period: on one of them every report within it ends.
std::vector<Day> MonthEnds(DayRange days);

// CASE_PERIOD_NOT_CALENDAR, DATE_IN_FUTURE, CASE_AREAS_DO_NOT_ADD_UP, CASE_AREA_TWICE.
void CheckContent(const v1::CaseReport& report, Day today, Violations& violations);
// CASE_PERIOD_OVERLAPS; `others` are reports of the same organisation and kind.
absl::Status CheckAlone(const v1::CaseReport& report, const std::vector<v1::CaseReport>& others);

// Cases and the reports that they come from.
struct CaseSum {
  int64_t count = 0;
  int32_t reports = 0;
};

// Not comparable ("无可比") when the base is 0 or nothing was reported for one of the periods. `target` may be nullptr.
v1::ComputeCaseComparisonResponse Compare(const CaseSum& value, const CaseSum& base, const v1::CaseTarget* target);

// `part` ÷ `whole` in basis points, rounded half away from zero. `whole` must be above 0.
int64_t BasisPoints(int64_t part, int64_t whole);
// `-500` → `-5.0%`, `1234` → `12.34%`: at least one decimal, at most two.
std::string PercentText(int64_t basis_points);

}  // namespace case_rules
}  // namespace dangjian::activity
