#pragma once

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "common/base/status_macros.h"
#include "common/storage/table.h"

namespace dangjian::welfare {

// Turns a row as it stands now into the version of a revision; false when there was none then. Rows that did not change
// since, which is nearly all of them, cost no read.
template <class M>
absl::StatusOr<bool> AsOf(const storage::Table<M>& table, const storage::Reader& reader, int64_t revision, M& row) {
  int64_t written = 0;
  if (absl::SimpleAtoi(row.etag(), &written) && written <= revision) return true;
  M then;
  const absl::Status status = table.core().GetAt(reader, row.name(), revision, &then);
  if (absl::IsNotFound(status)) return false;
  RETURN_IF_ERROR(status);
  row = std::move(then);
  return true;
}

}  // namespace dangjian::welfare
