#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/status/reason.h"
#include "dangjian/registry/v1/resident.pb.h"

// People as they are counted: a person who is both a member and a resident is one person.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kTooManyDependentRecords{"TOO_MANY_DEPENDENT_RECORDS", absl::StatusCode::kFailedPrecondition,
                                                 "相关记录超过1000条,不能一次处理,请先分批处理相关记录"};
}  // namespace reasons

// The most records that a verb rewrites with its own, so that one transaction stays short.
inline constexpr size_t kMaxDependentRecords = 1000;

// The name under which a resident is counted: the member record, when there is one; else the record that a duplicate
// was merged into; else the resident.
std::string PersonOf(const registry::v1::Resident& resident);

// The canonical name of `members/…` or `residents/…`, as the directory stands. A duplicate is followed to the record
// that stays. FAILED_PRECONDITION (REFERENCE_NOT_FOUND) for an unknown resident.
absl::StatusOr<std::string> CanonicalPerson(const change::Directory& directory, const storage::Reader& reader,
                                            std::string_view person);

}  // namespace dangjian::activity
