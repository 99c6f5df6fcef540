#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/storage/table_schema.h"
#include "services/registry/dated_entry.h"

namespace dangjian::registry {

// Counts one on each of `days`: in on the first, out on the day after the last. Nothing when there are none.
inline void AddStock(const storage::MeasureDef& measure, DayRange days, std::vector<std::string> dimensions,
                     const std::string& organization, std::vector<storage::Contribution>& contributions) {
  if (IsEmpty(days)) return;
  storage::Contribution contribution{.measure = &measure,
                                     .day = days.first,
                                     .amount = 1,
                                     .dimensions = std::move(dimensions),
                                     .organization = organization};
  contributions.push_back(contribution);
  if (days.last == Day::Max()) return;
  contribution.day = days.last + 1;
  contribution.amount = -1;
  contributions.push_back(std::move(contribution));
}

}  // namespace dangjian::registry
