#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "seeds/loader/phrases.h"
#include "seeds/loader/plan.h"
#include "seeds/loader/seed_file.h"

// Generators of invented people; see generators.h for their columns.

namespace dangjian::seeds {

absl::StatusOr<std::vector<Chain>> GenerateMembers(const SeedRow& row, const Phrases& phrases);
absl::StatusOr<std::vector<Chain>> GenerateReportIns(const SeedRow& row, const Phrases& phrases);

}  // namespace dangjian::seeds
