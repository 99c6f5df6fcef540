#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/status/reason.h"
#include "common/storage/database.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/mls_coverage.pb.h"

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kPersonInTwoCases{"PERSON_IN_TWO_CASES", absl::StatusCode::kFailedPrecondition,
                                          "此人已在另一低保案中申请或享受,同一人不能同时列入两案"};
}  // namespace reasons

// One row a person that has ever been in an open case.
storage::TableSchema<v1::MlsCoverage> MlsCoverageSchema();

// The open case in which the resident is counted; empty when there is none.
absl::StatusOr<std::string> OpenCaseOf(const storage::Table<v1::MlsCoverage>& coverages, const storage::Reader& reader,
                                       const std::string& resident);

// Keeps a person out of two cases: in one open case at a time, and no month paid by two, ended ones included (M12).
// Thread-safe.
class MlsCoverages {
 public:
  // Both must outlive it.
  MlsCoverages(const storage::Table<v1::MlsCoverage>& table, const change::Directory& directory)
      : table_(table), directory_(directory) {}

  // Brings the rows of all persons of a case from its version `before` to `after`, in the transaction that writes the
  // case. PERSON_IN_TWO_CASES, also when another record of the same person is in the other case: a merge of two records
  // that are in two cases stands, and from then on neither case may claim more of the person.
  absl::Status Sync(storage::Transaction& txn, const v1::MlsCase& before, const v1::MlsCase& after) const;

 private:
  const storage::Table<v1::MlsCoverage>& table_;
  const change::Directory& directory_;
};

}  // namespace dangjian::welfare
