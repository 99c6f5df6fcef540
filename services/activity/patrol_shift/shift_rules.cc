#include "services/activity/patrol_shift/shift_rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "common/types/step.h"

namespace dangjian::activity::shift_rules {
namespace {

// Minutes since 1970 in the business zone.
int64_t MinuteOf(const v1::PatrolShift& shift, int32_t minute) {
  return int64_t{DayOr(shift.date(), Day()).number()} * kMinutesOfADay + minute;
}

}  // namespace

void CheckContent(const v1::PatrolShift& shift, Day today, Violations& violations) {
  if (DayOr(shift.date(), today) > today) {
    violations.Add("patrol_shift.date", dangjian::reasons::kDateInFuture, "the shift is dated after today");
  }
  if (shift.end_minute() <= shift.start_minute()) {
    violations.Add("patrol_shift.end_minute", reasons::kPatrolTimesOutOfOrder, "the shift ends before it begins");
  }
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < shift.participants_size(); ++i) {
    if (seen.insert(shift.participants(i)).second) continue;
    violations.Add(absl::StrCat("patrol_shift.participants[", i, "]"), reasons::kPatrolParticipantTwice,
                   absl::StrCat(shift.participants(i), " takes part already"));
  }
}

bool Apart(const v1::PatrolShift& a, const v1::PatrolShift& b) {
  return MinuteOf(a, a.end_minute()) <= MinuteOf(b, b.start_minute()) ||
         MinuteOf(b, b.end_minute()) <= MinuteOf(a, a.start_minute());
}

std::string Overlapping(const v1::PatrolShift& a, const v1::PatrolShift& b) {
  if (Apart(a, b)) return "";
  const absl::flat_hash_set<std::string> others(b.participants().begin(), b.participants().end());
  const auto found = std::find_if(a.participants().begin(), a.participants().end(),
                                  [&](const std::string& person) { return others.contains(person); });
  return found == a.participants().end() ? "" : *found;
}

int64_t PersonHours(const v1::PatrolShift& shift) {
  // Bounds of the contract: 2,160 minutes × 100 people.
  const int64_t minutes = int64_t{shift.end_minute() - shift.start_minute()} * shift.participants_size();
  return (minutes * 100 + 30) / 60;
}

}  // namespace dangjian::activity::shift_rules
