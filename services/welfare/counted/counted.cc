#include "services/welfare/counted/counted.h"

#include "absl/strings/str_cat.h"
#include "common/base/strings.h"
#include "common/status/errors.h"

namespace dangjian::welfare {
namespace {

absl::Status Merged(std::string_view name, const std::string& into) {
  if (into.empty()) return absl::OkStatus();
  return Error(reasons::kNamesMergedRecord, absl::StrCat(ToAbsl(name), " was merged into ", into),
               {{"resource", std::string(name)}, {"merged_into", into}});
}

}  // namespace

bool SetCounted(const std::string& written, const std::string& canonical, std::string& counted) {
  const std::string next = canonical == written ? "" : canonical;
  if (counted == next) return false;
  counted = next;
  return true;
}

absl::Status CheckNotMerged(const change::Directory& directory, const storage::Reader& reader, std::string_view name) {
  if (name.starts_with("households/")) {
    ASSIGN_OR_RETURN(const registry::v1::Household household, directory.Household(reader, name));
    return Merged(name, household.merged_into());
  }
  if (!name.starts_with("residents/")) return absl::OkStatus();
  ASSIGN_OR_RETURN(const registry::v1::Resident resident, directory.Resident(reader, name));
  return Merged(name, resident.merged_into());
}

}  // namespace dangjian::welfare
