#include "services/registry/calendar/calendar_rules.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/types/date.h"

namespace dangjian::registry {
namespace {

bool IsWeekend(Day day) {
  const absl::Weekday weekday = absl::GetWeekday(day.civil());
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

// The new year's holiday of some years begins in the December before.
bool BelongsToYear(Day day, int year) { return day.year() == year || (day.year() == year - 1 && day.month() == 12); }

void CheckDate(Day day, int year, const std::string& field, std::set<Day>& seen, Violations& violations) {
  if (!BelongsToYear(day, year)) {
    violations.Add(field, reasons::kCalendarDateOutsideYear, absl::StrCat(FormatDay(day), " is not of ", year));
  }
  if (!seen.insert(day).second) {
    violations.Add(field, reasons::kCalendarDateConflict, absl::StrCat(FormatDay(day), " stands there twice"));
  }
}

}  // namespace

absl::Status CheckCalendar(const v1::Calendar& calendar) {
  Violations violations;
  if (calendar.name() != absl::StrCat("calendars/", calendar.year())) {
    violations.Add("calendar.year", reasons::kCalendarIdMismatch, "the id of a calendar is its year");
  }
  std::set<Day> seen;
  for (int i = 0; i < calendar.holidays_size(); ++i) {
    CheckDate(DayOr(calendar.holidays(i), Day()), calendar.year(), absl::StrCat("calendar.holidays[", i, "]"), seen,
              violations);
  }
  for (int i = 0; i < calendar.make_up_days_size(); ++i) {
    const std::string field = absl::StrCat("calendar.make_up_days[", i, "]");
    const Day day = DayOr(calendar.make_up_days(i), Day());
    CheckDate(day, calendar.year(), field, seen, violations);
    if (!IsWeekend(day)) {
      violations.Add(field, reasons::kMakeUpDayOnWeekday, absl::StrCat(FormatDay(day), " is a weekday"));
    }
  }
  return violations.ToStatus();
}

}  // namespace dangjian::registry
