#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "dangjian/registry/v1/resident.pb.h"

// People as they are counted: a person who is both a member and a resident is one person.

namespace dangjian::activity {

// The name under which a resident is counted: the member record, when there is one; else the record that a duplicate
// was merged into; else the resident.
std::string PersonOf(const registry::v1::Resident& resident);

// The canonical name of `members/…` or `residents/…`, as the directory stands. A duplicate is followed to the record
// that stays. FAILED_PRECONDITION (REFERENCE_NOT_FOUND) for an unknown resident.
absl::StatusOr<std::string> CanonicalPerson(const change::Directory& directory, const storage::Reader& reader,
                                            std::string_view person);

}  // namespace dangjian::activity
