#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "common/change/directory.h"
#include "common/change/rename_rows.h"
#include "common/status/reason.h"
#include "common/storage/table.h"

// People and households as they are counted. A record keeps the name as it was written, and in `counted_…` the name of
// change::Directory::CanonicalName where that is another; empty otherwise, as in every record of before merges counted.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kNamesMergedRecord{"NAMES_MERGED_RECORD", absl::StatusCode::kFailedPrecondition,
                                           "所填居民(住户)是重复登记,已并入另一记录,请改填保留的记录"};
}  // namespace reasons

// `counted` when it is set, else `written`.
inline const std::string& CountedName(const std::string& written, const std::string& counted) {
  return counted.empty() ? written : counted;
}

// Sets the `counted_…` field of a record that names `written`; false when it stands so already.
bool SetCounted(const std::string& written, const std::string& canonical, std::string& counted);

// NAMES_MERGED_RECORD when `name` is a household or resident that was merged into another. Of records that are new: one
// that stands follows the merge.
absl::Status CheckNotMerged(const change::Directory& directory, const storage::Reader& reader, std::string_view name);

// The two indexes of a table that find what is counted under a name: every row by the name as it was written, and those
// that are counted under another name by that.
struct CountedIndexes {
  uint16_t written;
  uint16_t counted;
};

// What a Directory::Follower does with one such table.
template <class M>
absl::Status FollowMerge(const change::Directory& directory, const storage::Table<M>& table, storage::Transaction& txn,
                         CountedIndexes indexes, std::string_view name,
                         std::type_identity_t<absl::FunctionRef<const std::string&(const M&)>> written,
                         std::type_identity_t<absl::FunctionRef<std::string*(M&)>> counted) {
  const auto set = [&](M& row, const std::string& canonical) {
    return SetCounted(written(row), canonical, *counted(row));
  };
  for (const uint16_t tag : {indexes.written, indexes.counted}) {
    RETURN_IF_ERROR(change::RenameRows(directory, table, txn, storage::KeyWriter(tag).Text(name), written, set));
  }
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
