#include "common/types/working_days.h"

#include <optional>

#include "absl/time/civil_time.h"
#include "common/types/date.h"

namespace dangjian {

void WorkingDays::Add(const registry::v1::Calendar& calendar) {
  years_.insert(calendar.year());
  for (const google::type::Date& date : calendar.holidays()) {
    if (const std::optional<Day> day = DayFromProto(date)) holidays_.insert(day->number());
  }
  for (const google::type::Date& date : calendar.make_up_days()) {
    if (const std::optional<Day> day = DayFromProto(date)) make_up_days_.insert(day->number());
  }
}

bool WorkingDays::IsWorkingDay(Day day) const {
  if (make_up_days_.contains(day.number())) return true;
  if (holidays_.contains(day.number())) return false;
  const absl::Weekday weekday = absl::GetWeekday(day.civil());
  return weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday;
}

DueDay WorkingDays::AfterWorkingDays(Day start, int32_t days, StartDay start_day) const {
  DueDay due{.day = start_day == StartDay::kCounted ? start - 1 : start};
  for (int32_t left = days; left > 0;) {
    due.day = due.day + 1;
    due.provisional = due.provisional || !Covers(due.day.year());
    if (IsWorkingDay(due.day)) --left;
  }
  return due;
}

DueDay WorkingDays::AfterNaturalDays(Day start, int32_t days, StartDay start_day) const {
  DueDay due{.day = start + (start_day == StartDay::kCounted ? days - 1 : days)};
  due.provisional = !Covers(due.day.year());
  while (!IsWorkingDay(due.day)) {
    due.day = due.day + 1;
    due.provisional = due.provisional || !Covers(due.day.year());
  }
  return due;
}

int32_t WorkingDays::CountWorkingDays(DayRange range) const {
  int32_t count = 0;
  for (Day day = range.first; day <= range.last; day = day + 1) count += IsWorkingDay(day) ? 1 : 0;
  return count;
}

}  // namespace dangjian
