#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "seeds/loader/phrases.h"
#include "seeds/loader/plan.h"
#include "seeds/loader/seed_file.h"

// Generators of what a campaign leaves behind; see generators.h for their columns.

namespace dangjian::seeds {

absl::StatusOr<std::vector<Chain>> GeneratePledges(const SeedRow& row, const Phrases& phrases);
absl::StatusOr<std::vector<Chain>> GenerateDisclosures(const SeedRow& row, const Phrases& phrases);
absl::StatusOr<std::vector<Chain>> GenerateMemberEvaluations(const SeedRow& row, const Phrases& phrases);

}  // namespace dangjian::seeds
