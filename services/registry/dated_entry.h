#pragma once

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/step.h"
#include "services/registry/reasons.h"

// Entries with `start_date` and `end_date` inside a record: tags, residences, memberships. Pure.

namespace dangjian::registry {

// The days of an entry; until further notice when it has no end.
template <class Entry>
DayRange DaysOf(const Entry& entry) {
  return {DayOr(entry.start_date(), Day::Min()), DayOr(entry.end_date(), Day::Max())};
}

inline bool IsEmpty(DayRange days) { return days.last < days.first; }
inline bool Overlap(DayRange a, DayRange b) { return a.first <= b.last && b.first <= a.last; }
// Empty when they do not overlap.
inline DayRange Intersect(DayRange a, DayRange b) { return {std::max(a.first, b.first), std::min(a.last, b.last)}; }

// END_BEFORE_START; DATE_IN_FUTURE for a start after today. An end may be known before it comes.
template <class Entry>
void CheckDays(const Entry& entry, const std::string& field, Day today, Violations& violations) {
  const DayRange days = DaysOf(entry);
  if (IsEmpty(days)) {
    violations.Add(absl::StrCat(field, ".end_date"), reasons::kEndBeforeStart, "lies before the start");
  }
  if (days.first > today) {
    violations.Add(absl::StrCat(field, ".start_date"), dangjian::reasons::kDateInFuture, "lies in the future");
  }
}

// CheckDays of each tag, and OVERLAPPING_TAGS when two of one kind share a day.
template <class Tags>
void CheckTags(const Tags& tags, const std::string& field, Day today, Violations& violations) {
  for (int i = 0; i < tags.size(); ++i) {
    const std::string here = absl::StrCat(field, "[", i, "]");
    CheckDays(tags[i], here, today, violations);
    for (int j = 0; j < i; ++j) {
      if (tags[i].kind() != tags[j].kind() || !Overlap(DaysOf(tags[i]), DaysOf(tags[j]))) continue;
      violations.Add(here, reasons::kOverlappingTags, absl::StrCat("is the same mark as tags[", j, "] on some day"));
    }
  }
}

// Ends an open or later-ending entry on the day before `day`, or on its only day when it began on `day`.
template <class Entry>
void EndBefore(Entry& entry, Day day) {
  const DayRange days = DaysOf(entry);
  if (days.last >= day) *entry.mutable_end_date() = DayToProto(std::max(days.first, day - 1));
}

}  // namespace dangjian::registry
