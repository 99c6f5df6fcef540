#pragma once

#include "common/base/day.h"

// Calendar months. Pure. A month is named by its first day.

namespace dangjian {

// First day of the month of `day`.
Day MonthOf(Day day);
// First day of the month after, and before, that of `day`.
Day NextMonth(Day day);
Day PreviousMonth(Day day);

// The same day of the month `months` later (earlier when negative), or the last day of that month when it has no such
// day: 2024-01-31 and one month is 2024-02-29. Month ends are forgotten on the way, so steps do not add up: whoever
// counts several boundaries counts each from the original day, never from the one before it.
Day AddMonths(Day day, int months);

}  // namespace dangjian
