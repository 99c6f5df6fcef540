#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/mls_case.pb.h"

// Under which names the household and the persons of a case are counted.

namespace dangjian::welfare::mls {

// The name under which `resident` is counted in this case, as it was last written.
const std::string& CountedPerson(const v1::MlsCase& row, const std::string& resident);

// The names under which all those are counted whom its decisions and paid months name.
std::vector<std::string> CountedPersonsOf(const v1::MlsCase& row);

// Sets these names and that of the household as the directory stands. True when that changed the case.
absl::StatusOr<bool> SetCountedNames(const change::Directory& directory, const storage::Reader& reader,
                                     v1::MlsCase& row);

// What a change::Directory::Follower does with the cases of the person that was counted under `name`.
absl::Status FollowPerson(const change::Directory& directory, const storage::Table<v1::MlsCase>& cases,
                          storage::Transaction& txn, std::string_view name);

}  // namespace dangjian::welfare::mls
