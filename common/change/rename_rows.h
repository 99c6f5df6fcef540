#pragma once

#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/base/status_macros.h"
#include "common/change/directory.h"
#include "common/storage/database.h"
#include "common/storage/table.h"

namespace dangjian::change {

// For a Directory::Follower: takes each row of the index range `prefix`, sets the name under which what it names is
// counted, and stores it when that changes it; figures and index entries follow as with any update. `named` gives the
// name as it was written; `set` sets the other and tells whether it changed the row.
template <class M>
absl::Status RenameRows(const Directory& directory, const storage::Table<M>& table, storage::Transaction& txn,
                        const storage::KeyWriter& prefix,
                        std::type_identity_t<absl::FunctionRef<const std::string&(const M&)>> named,
                        std::type_identity_t<absl::FunctionRef<bool(M&, const std::string&)>> set) {
  ASSIGN_OR_RETURN(std::vector<M> rows, table.Find(txn.reader(), prefix, std::numeric_limits<size_t>::max()));
  for (M& row : rows) {
    ASSIGN_OR_RETURN(const std::string counted, directory.CanonicalName(txn.reader(), named(row)));
    if (set(row, counted)) RETURN_IF_ERROR(table.Update(txn, row));
  }
  return absl::OkStatus();
}

}  // namespace dangjian::change
