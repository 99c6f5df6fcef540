#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "seeds/loader/phrases.h"
#include "seeds/loader/plan.h"
#include "seeds/loader/seed_file.h"

// Bulk rows: one line of a seed file stands for many records that differ only in invented detail. What is generated follows
// from the line and the phrases alone, so every run makes the same records.

namespace dangjian::seeds {

// The generator of a section's name; nullptr when there is none.
//   members             prefix, organization, count: members `<prefix>-001`… with their relation to the organisation; the last
//                       one is still in probation on 2024-06-30 and is confirmed later
//   report_ins          prefix, organization, count: in-service people `<prefix>-001`… who report to the organisation
//   pledges             prefix, kind, pledgers (a name, or `members/<prefix>` with count), organization, items, reviewer,
//                       verifier, phrases, starts_on: the items spread evenly over the pledgers, with their life up to
//                       2024-06-30
//   disclosures         id, campaign, organization, category, subject, body, posted_on: a notice with its life
//   member_evaluations  id, campaign, organization, display_name, prefix, count, held_on: a round that rates every member
using Generator = absl::StatusOr<std::vector<Chain>> (*)(const SeedRow& row, const Phrases& phrases);
Generator FindGenerator(std::string_view name);

}  // namespace dangjian::seeds
