#pragma once

#include "common/base/day.h"

// Benefit months, each named by its first day.

namespace dangjian::welfare::mls {

inline Day MonthOf(Day day) { return Day::Of(day.year(), day.month(), 1); }

// `month` is the first day of a month; `count` may be negative.
inline Day AddMonths(Day month, int count) {
  const int months = month.year() * 12 + month.month() - 1 + count;
  return Day::Of(months / 12, months % 12 + 1, 1);
}

inline Day NextMonth(Day day) { return AddMonths(MonthOf(day), 1); }

}  // namespace dangjian::welfare::mls
