#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/statusor.h"
#include "common/storage/kv_store.h"
#include "services/welfare/payment_batch/batch_tables.h"
#include "services/welfare/payment_batch/recheck_rules.h"

namespace dangjian::welfare {

// A revision that shows everything as it stands.
inline constexpr int64_t kNow = std::numeric_limits<int64_t>::max();

// The facts of a case as they stood at `revision`.
absl::StatusOr<CaseFacts> ReadCaseFacts(const BatchTables& tables, const storage::Reader& reader,
                                        const std::string& organization, const std::string& mls_case, int64_t revision);

}  // namespace dangjian::welfare
