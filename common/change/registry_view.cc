#include "common/change/registry_view.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/date.h"

namespace dangjian::change {

absl::StatusOr<std::string> RegistryView::OrganizationOfMember(std::string_view member, Day day) const {
  ASSIGN_OR_RETURN(const registry::v1::Member row, directory_.Member(reader_, member));
  for (const registry::v1::OrganizationalRelation& relation : row.relations()) {
    const DayRange days{DayOr(relation.start_date(), Day::Min()), DayOr(relation.end_date(), Day::Max())};
    if (days.Contains(day)) return relation.organization();
  }
  return std::string();
}

absl::Status RegistryView::CheckMemberWithin(std::string_view member, std::string_view organization, Day day) const {
  ASSIGN_OR_RETURN(const std::string home, OrganizationOfMember(member, day));
  if (!home.empty() && IsWithin(home, organization, day)) return absl::OkStatus();
  return Error(reasons::kMemberNotInOrganization,
               absl::StrCat(ToAbsl(member), " is not in ", ToAbsl(organization), " on ", FormatDay(day)),
               {{"member", std::string(member)}, {"organization", std::string(organization)}});
}

bool RegistryView::IsWithin(std::string_view organization, std::string_view ancestor, Day day) const {
  return organization == ancestor || tree_.IsWithin(organization, ancestor, day);
}

absl::StatusOr<registry::v1::OrganizationKind> RegistryView::KindOf(std::string_view organization) const {
  ASSIGN_OR_RETURN(const registry::v1::Organization row, directory_.Organization(reader_, organization));
  return row.kind();
}

absl::StatusOr<bool> RegistryView::HasUnit(std::string_view code) const {
  // The id of a unit is its code with hyphens.
  return directory_.units().Exists(reader_, absl::StrCat("units/", absl::StrReplaceAll(ToAbsl(code), {{"_", "-"}})));
}

absl::StatusOr<WorkingDays> RegistryView::CalendarsOf(Day first, Day last) const {
  WorkingDays days;
  for (int year = first.year(); year <= last.year() + 1; ++year) {
    const std::string name = absl::StrCat("calendars/", year);
    ASSIGN_OR_RETURN(const bool known, directory_.calendars().Exists(reader_, name));
    if (!known) continue;
    ASSIGN_OR_RETURN(const registry::v1::Calendar calendar, directory_.calendars().Get(reader_, name));
    days.Add(calendar);
  }
  return days;
}

}  // namespace dangjian::change
