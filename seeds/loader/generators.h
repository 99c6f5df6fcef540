#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "seeds/loader/phrases.h"
#include "seeds/loader/plan.h"
#include "seeds/loader/seed_file.h"

// Bulk rows: one line of a seed file stands for many records that differ only in invented detail. What is generated
// follows from the line and the phrases alone, so every run makes the same records.

namespace dangjian::seeds {

// The generator of a section's name; nullptr when there is none. A row has these columns:
//
//   members: prefix, organization, count
//     Members `<prefix>-001` and on, whose relation is with the organisation. The last one is still in probation on
//     2024-06-30 and is confirmed later.
//   report_ins: prefix, organization, count
//     In-service people `<prefix>-001` and on, who report to the organisation.
//   pledges: prefix, pledgers, [count], items, phrases, starts_on, campaign, pledger_kind, organization,
//            audiences, reviewer, verifier, supervisor
//     A pledge of the one pledger, or with `count` one for each of `<pledgers>-001` and on, with the items spread
//     evenly, and its life up to 2024-06-30. `phrases` is the kind of the item texts.
//   disclosures: id, posted_on, campaign, organization, category, subject, scope, body, period.days, period.day_kind
//     A notice with its life.
//   monthly_payments: scheme, organization, first_month, months, preparer, reviewer, approver
//     One chain: each month's regular batch through its whole life; the bank pays every row of its file.
//     Review and approval are sent by callers of their own.
//   member_evaluations: id, campaign, organization, display_name, held_on, prefix, count
//     A round that rates the members `<prefix>-001` and on.
using Generator = absl::StatusOr<std::vector<Chain>> (*)(const SeedRow& row, const Phrases& phrases);
Generator FindGenerator(std::string_view name);

}  // namespace dangjian::seeds
