#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/change/directory.h"
#include "common/status/reason.h"
#include "common/storage/kv_store.h"
#include "common/storage/org_tree.h"
#include "common/types/working_days.h"

namespace dangjian::reasons {

inline constexpr Reason kMemberNotInOrganization{"MEMBER_NOT_IN_ORGANIZATION", absl::StatusCode::kFailedPrecondition,
                                                 "该党员当日的组织关系不在此组织"};
inline constexpr Reason kUnknownUnit{"UNKNOWN_UNIT", absl::StatusCode::kInvalidArgument, "计量单位不在单位表中"};

}  // namespace dangjian::reasons

namespace dangjian::change {

// What the rules of a service ask of the registry's records, as one transaction sees the local copy. Lives as long
// as the transaction.
class RegistryView {
 public:
  RegistryView(const Directory& directory, const storage::Reader& reader, const storage::OrgTree& tree)
      : directory_(directory), reader_(reader), tree_(tree) {}

  // The organisation of the member's relation on `day`; empty when there is none. NOT_FOUND (REFERENCE_NOT_FOUND).
  absl::StatusOr<std::string> OrganizationOfMember(std::string_view member, Day day) const;
  // MEMBER_NOT_IN_ORGANIZATION unless the member's relation on `day` is with `organization` or one below it.
  absl::Status CheckMemberWithin(std::string_view member, std::string_view organization, Day day) const;
  bool IsWithin(std::string_view organization, std::string_view ancestor, Day day) const;
  // NOT_FOUND (REFERENCE_NOT_FOUND).
  absl::StatusOr<registry::v1::OrganizationKind> KindOf(std::string_view organization) const;
  // Whether the unit table holds the code.
  absl::StatusOr<bool> HasUnit(std::string_view code) const;
  // The working-day calendars of the years from `first` to the year after `last`; years without one are left out.
  absl::StatusOr<WorkingDays> CalendarsOf(Day first, Day last) const;

  const storage::Reader& reader() const { return reader_; }

 private:
  const Directory& directory_;
  const storage::Reader& reader_;
  const storage::OrgTree& tree_;
};

}  // namespace dangjian::change
