#pragma once

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "common/base/day.h"
#include "dangjian/registry/v1/calendar.pb.h"

namespace dangjian {

// Whether the day from which a time limit runs is itself the first day of it.
enum class StartDay { kNotCounted, kCounted };

// The last day of a time limit.
struct DueDay {
  Day day;
  // True when a year without a calendar was touched and Monday to Friday were taken as its working days.
  bool provisional = false;
  bool operator==(const DueDay&) const = default;
};

// Counts working and natural days by the yearly notices of holidays and make-up working days. A value;
// thread-compatible.
class WorkingDays {
 public:
  // Adds the calendar of one year. Dates that do not exist are left out: the registry has refused them.
  void Add(const registry::v1::Calendar& calendar);

  bool Covers(int year) const { return years_.contains(year); }

  // By the notice where it names the day, else Monday to Friday.
  bool IsWorkingDay(Day day) const;

  // The last of `days` working days from `start`; `days` is at least 1. 5 days from Monday 2026-09-28 in the year 2026
  // end on Saturday 2026-10-10, a make-up working day.
  DueDay AfterWorkingDays(Day start, int32_t days, StartDay start_day = StartDay::kNotCounted) const;

  // The last of `days` calendar days from `start`; when that is a day of rest, the next working day. `days` is at
  // least 1.
  DueDay AfterNaturalDays(Day start, int32_t days, StartDay start_day = StartDay::kNotCounted) const;

  // Working days in the range, for "recorded within ten working days".
  int32_t CountWorkingDays(DayRange range) const;

 private:
  absl::flat_hash_set<int> years_;
  absl::flat_hash_set<int32_t> holidays_;      // day numbers
  absl::flat_hash_set<int32_t> make_up_days_;  // day numbers
};

}  // namespace dangjian
