#include "common/types/month.h"

#include <algorithm>

namespace dangjian {

Day MonthOf(Day day) { return Day::Of(day.year(), day.month(), 1); }
Day NextMonth(Day day) { return AddMonths(MonthOf(day), 1); }
Day PreviousMonth(Day day) { return AddMonths(MonthOf(day), -1); }

Day AddMonths(Day day, int months) {
  const absl::CivilDay from = day.civil();
  const absl::CivilMonth month = absl::CivilMonth(from) + months;
  const int last = (absl::CivilDay(month + 1) - 1).day();
  return Day::Of(static_cast<int>(month.year()), month.month(), std::min(from.day(), last));
}

}  // namespace dangjian
