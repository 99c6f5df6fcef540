#include "services/welfare/points/points_rules.h"

#include <algorithm>
#include <optional>

#include "common/types/date.h"
#include "common/types/step.h"

namespace dangjian::welfare::points_rules {

void CheckEntry(const v1::PointsEntry& entry, Day today, Violations& violations) {
  const bool earned = entry.kind() == v1::POINTS_KIND_EARNED;
  if (!earned && entry.kind() != v1::POINTS_KIND_CORRECTION) {
    violations.Add("points_entry.kind", reasons::kPointsKindNotAllowed, "only EARNED and CORRECTION are entered");
  }
  if (entry.points() == 0 || (earned && entry.points() < 0)) {
    violations.Add("points_entry.points", reasons::kPointsAmountInvalid, "0, or earned and less than 0");
  }
  if (DayOr(entry.occurred_on(), today) > today) {
    violations.Add("points_entry.occurred_on", dangjian::reasons::kDateInFuture, "after today");
  }
}

int64_t LowestBalanceFrom(const std::vector<Movement>& movements, Day day) {
  int64_t balance = 0;
  std::optional<int64_t> lowest;
  for (size_t i = 0; i < movements.size(); ++i) {
    const bool new_day = i == 0 || movements[i - 1].day != movements[i].day;
    // The balance carried into a later day was that of the days before it, `day` among them.
    if (new_day && movements[i].day > day) lowest = std::min(lowest.value_or(balance), balance);
    balance += movements[i].points;
  }
  return std::min(lowest.value_or(balance), balance);
}

}  // namespace dangjian::welfare::points_rules
