#include "services/activity/person/person.h"

#include "common/base/status_macros.h"

namespace dangjian::activity {

std::string PersonOf(const registry::v1::Resident& resident) {
  if (!resident.member().empty()) return resident.member();
  return resident.merged_into().empty() ? resident.name() : resident.merged_into();
}

absl::StatusOr<std::string> CanonicalPerson(const change::Directory& directory, const storage::Reader& reader,
                                            std::string_view person) {
  // Merges of merges; the registry keeps them free of cycles, the bound only keeps a bad copy from hanging a call.
  constexpr int kMaxMerges = 8;
  std::string name(person);
  for (int i = 0; i < kMaxMerges && name.starts_with("residents/"); ++i) {
    ASSIGN_OR_RETURN(const registry::v1::Resident resident, directory.Resident(reader, name));
    std::string next = PersonOf(resident);
    if (next == name) break;
    name = std::move(next);
  }
  return name;
}

}  // namespace dangjian::activity
