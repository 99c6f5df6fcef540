#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/storage/kv_store.h"
#include "services/welfare/payment_batch/batch_tables.h"
#include "services/welfare/payment_batch/due_rules.h"

namespace dangjian::welfare {

// The lines of a case for a month, with the states of their batches: a handful.
absl::StatusOr<std::vector<due_rules::CaseLine>> ReadCaseLines(const BatchTables& tables, const storage::Reader& reader,
                                                               const std::string& mls_case, Day month);

}  // namespace dangjian::welfare
