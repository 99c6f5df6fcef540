#include "services/registry/organization/organization_rules.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/quantity.h"
#include "services/registry/reasons.h"

namespace dangjian::registry {
namespace {

using v1::Organization;

std::string After(std::string_view prefix, std::string_view name) { return std::string(name.substr(prefix.size())); }

// The day of a date that may be unset.
std::optional<Day> Given(bool has, const google::type::Date& date) { return has ? DayFromProto(date) : std::nullopt; }

bool MayHaveSetting(v1::OrganizationKind kind) {
  return kind == v1::ORGANIZATION_KIND_BRANCH || kind == v1::ORGANIZATION_KIND_GENERAL_BRANCH;
}

void CheckSetting(const Organization& organization, Violations& violations) {
  if (organization.setting() != v1::BRANCH_SETTING_UNSPECIFIED && !MayHaveSetting(organization.kind())) {
    violations.Add("organization.setting", reasons::kSettingNotApplicable,
                   "only a branch or general branch has a setting");
  }
}

void CheckParents(const Organization& organization, Violations& violations) {
  for (int i = 0; i < organization.parents_size(); ++i) {
    const DayRange days = EdgeDays(organization.parents(i));
    const std::string field = absl::StrCat("organization.parents[", i, "]");
    if (days.last < days.first) {
      violations.Add(absl::StrCat(field, ".end_date"), reasons::kEndBeforeStart, "the edge ends before it begins");
    }
    for (int j = 0; j < i; ++j) {
      const DayRange other = EdgeDays(organization.parents(j));
      const bool overlap = days.first <= other.last && other.first <= days.last;
      if (organization.parents(i).kind() == organization.parents(j).kind() && overlap) {
        violations.Add(field, reasons::kOverlappingParents, absl::StrCat("overlaps with parents[", j, "]"));
      }
    }
  }
}

void CheckAddresses(Organization& organization, Day today, Violations& violations) {
  for (int i = 0; i < organization.addresses_size(); ++i) {
    v1::OrganizationAddress& address = *organization.mutable_addresses(i);
    address.set_relocation(i > 0);
    const std::string field = absl::StrCat("organization.addresses[", i, "].start_date");
    const Day start = DayOr(address.start_date(), Day::Min());
    if (start > today) violations.Add(field, dangjian::reasons::kDateInFuture, "the address begins in the future");
    if (i > 0 && start <= DayOr(organization.addresses(i - 1).start_date(), Day::Min())) {
      violations.Add(field, reasons::kAddressesOutOfOrder, "an address begins after the one before it");
    }
  }
}

void CheckAreas(const Organization& organization, Day today, Violations& violations) {
  for (int i = 0; i < organization.areas_size(); ++i) {
    const std::string field = absl::StrCat("organization.areas[", i, "].start_date");
    const Day start = DayOr(organization.areas(i).start_date(), Day::Min());
    if (start > today) violations.Add(field, dangjian::reasons::kDateInFuture, "the area begins in the future");
    if (i > 0 && start <= DayOr(organization.areas(i - 1).start_date(), Day::Min())) {
      violations.Add(field, reasons::kAreasOutOfOrder, "an area begins after the one before it");
    }
  }
}

// What a back-entry says of the life so far.
struct BackEntry {
  std::optional<Day> approved_on;
  std::optional<Day> activated_on;
};

BackEntry ReadBackEntry(const Organization& created, Day today, Violations& violations) {
  BackEntry entry{.approved_on = Given(created.has_approved_on(), created.approved_on()),
                  .activated_on = Given(created.has_activated_on(), created.activated_on())};
  if (entry.activated_on.has_value() && !entry.approved_on.has_value()) entry.approved_on = entry.activated_on;
  if (entry.approved_on > today) {
    violations.Add("organization.approved_on", dangjian::reasons::kDateInFuture, "the approval lies in the future");
  }
  if (entry.activated_on > today) {
    violations.Add("organization.activated_on", dangjian::reasons::kDateInFuture, "the activation lies in the future");
  }
  if (entry.activated_on.has_value() && entry.activated_on < entry.approved_on) {
    violations.Add("organization.activated_on", dangjian::reasons::kStepsOutOfOrder,
                   "the activation lies before the approval");
  }
  return entry;
}

void Enter(Organization& organization, v1::OrganizationState state, Day day, const Step& step) {
  organization.set_state(state);
  Step entry = step;
  entry.day = day;
  AddTransition(*organization.mutable_transitions(), ShortName(state), entry);
}

absl::Status ChangeState(Organization& organization, std::initializer_list<v1::OrganizationState> from,
                         v1::OrganizationState to, const Step& step) {
  if (std::find(from.begin(), from.end(), organization.state()) == from.end()) {
    return IllegalTransition(organization.name(), ShortName(organization.state()), ShortName(to));
  }
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(organization.transitions())));
  Enter(organization, to, step.day, step);
  return absl::OkStatus();
}

bool IsOneOf(v1::OrganizationKind kind, std::initializer_list<v1::OrganizationKind> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool IsUsualAdministrativeParent(v1::OrganizationKind child, v1::OrganizationKind parent) {
  switch (child) {
    case v1::ORGANIZATION_KIND_DISTRICT:
      return parent == v1::ORGANIZATION_KIND_DISTRICT;
    case v1::ORGANIZATION_KIND_SUB_DISTRICT:
      return parent == v1::ORGANIZATION_KIND_DISTRICT;
    case v1::ORGANIZATION_KIND_COMMUNITY:
      return parent == v1::ORGANIZATION_KIND_SUB_DISTRICT;
    case v1::ORGANIZATION_KIND_RESIDENTS_COMMITTEE:
      return IsOneOf(parent, {v1::ORGANIZATION_KIND_COMMUNITY, v1::ORGANIZATION_KIND_SUB_DISTRICT});
    case v1::ORGANIZATION_KIND_RESIDENTS_GROUP:
      return IsOneOf(parent, {v1::ORGANIZATION_KIND_RESIDENTS_COMMITTEE, v1::ORGANIZATION_KIND_COMMUNITY});
    case v1::ORGANIZATION_KIND_RESIDENT_UNIT:
      return IsOneOf(parent, {v1::ORGANIZATION_KIND_COMMUNITY, v1::ORGANIZATION_KIND_SUB_DISTRICT});
    case v1::ORGANIZATION_KIND_WORKING_COMMITTEE:
    case v1::ORGANIZATION_KIND_DISCIPLINE_COMMISSION:
      return IsOneOf(parent, {v1::ORGANIZATION_KIND_SUB_DISTRICT, v1::ORGANIZATION_KIND_DISTRICT});
    case v1::ORGANIZATION_KIND_PARTY_COMMITTEE:
    case v1::ORGANIZATION_KIND_GENERAL_BRANCH:
    case v1::ORGANIZATION_KIND_BRANCH:
      return IsOneOf(parent, {v1::ORGANIZATION_KIND_COMMUNITY, v1::ORGANIZATION_KIND_RESIDENTS_COMMITTEE,
                              v1::ORGANIZATION_KIND_SUB_DISTRICT, v1::ORGANIZATION_KIND_RESIDENT_UNIT,
                              v1::ORGANIZATION_KIND_DISTRICT});
    case v1::ORGANIZATION_KIND_UNSPECIFIED:
    case v1::OrganizationKind_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::OrganizationKind_INT_MAX_SENTINEL_DO_NOT_USE_:
      return false;
  }
  return false;
}

// Administrative bodies, too, may stand under a Party body: the community under the working committee that leads it.
bool IsUsualPartyParent(v1::OrganizationKind child, v1::OrganizationKind parent) {
  if (child == v1::ORGANIZATION_KIND_BRANCH && parent == v1::ORGANIZATION_KIND_GENERAL_BRANCH) return true;
  return IsOneOf(parent, {v1::ORGANIZATION_KIND_WORKING_COMMITTEE, v1::ORGANIZATION_KIND_PARTY_COMMITTEE});
}

}  // namespace

std::string ShortName(v1::OrganizationKind kind) {
  return After("ORGANIZATION_KIND_", v1::OrganizationKind_Name(kind));
}

std::string ShortName(v1::BranchSetting setting) {
  if (setting == v1::BRANCH_SETTING_UNSPECIFIED) return "NONE";
  return After("BRANCH_SETTING_", v1::BranchSetting_Name(setting));
}

std::string ShortName(v1::OrganizationState state) {
  return After("ORGANIZATION_STATE_", v1::OrganizationState_Name(state));
}

DayRange EdgeDays(const v1::ParentEdge& edge) {
  return {DayOr(edge.start_date(), Day::Min()), DayOr(edge.end_date(), Day::Max())};
}

absl::Status Propose(Organization& created, const Step& step) {
  Violations violations;
  CheckSetting(created, violations);
  CheckParents(created, violations);
  CheckAddresses(created, step.today, violations);
  CheckAreas(created, step.today, violations);
  const BackEntry entry = ReadBackEntry(created, step.today, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  created.clear_transitions();
  Enter(created, v1::ORGANIZATION_STATE_PROPOSED, entry.approved_on.value_or(step.today), step);
  if (entry.approved_on.has_value()) {
    *created.mutable_approved_on() = DayToProto(*entry.approved_on);
    Enter(created, v1::ORGANIZATION_STATE_APPROVED, *entry.approved_on, step);
  }
  if (entry.activated_on.has_value()) Enter(created, v1::ORGANIZATION_STATE_ACTIVE, *entry.activated_on, step);
  return absl::OkStatus();
}

absl::Status CheckCorrection(const Organization& updated, Day today) {
  Violations violations;
  CheckSetting(updated, violations);
  CheckAreas(updated, today, violations);
  return violations.ToStatus();
}

int64_t AreaOf(const v1::OrganizationArea& area) {
  return ParseDecimal(area.square_kilometres(), kAreaScale).value_or(0);  // the pattern of the field lets it parse
}

absl::Status Approve(Organization& organization, const Step& step) {
  RETURN_IF_ERROR(ChangeState(organization, {v1::ORGANIZATION_STATE_PROPOSED}, v1::ORGANIZATION_STATE_APPROVED, step));
  *organization.mutable_approved_on() = DayToProto(step.day);
  return absl::OkStatus();
}

absl::Status Activate(Organization& organization, const Step& step) {
  RETURN_IF_ERROR(ChangeState(organization, {v1::ORGANIZATION_STATE_APPROVED}, v1::ORGANIZATION_STATE_ACTIVE, step));
  *organization.mutable_activated_on() = DayToProto(step.day);
  return absl::OkStatus();
}

absl::Status Suspend(Organization& organization, const Step& step) {
  return ChangeState(organization, {v1::ORGANIZATION_STATE_ACTIVE}, v1::ORGANIZATION_STATE_SUSPENDED, step);
}

absl::Status Resume(Organization& organization, const Step& step) {
  return ChangeState(organization, {v1::ORGANIZATION_STATE_SUSPENDED}, v1::ORGANIZATION_STATE_ACTIVE, step);
}

absl::Status Dissolve(Organization& organization, const Step& step) {
  RETURN_IF_ERROR(ChangeState(organization, {v1::ORGANIZATION_STATE_ACTIVE, v1::ORGANIZATION_STATE_SUSPENDED},
                              v1::ORGANIZATION_STATE_DISSOLVED, step));
  *organization.mutable_dissolved_on() = DayToProto(step.day);
  return absl::OkStatus();
}

absl::Status CheckNotDissolved(const Organization& organization) {
  if (organization.state() != v1::ORGANIZATION_STATE_DISSOLVED) return absl::OkStatus();
  return Error(reasons::kOrganizationDissolved, absl::StrCat(organization.name(), " is dissolved"),
               {{"organization", organization.name()}});
}

void Move(Organization& organization, const std::string& parent, v1::EdgeKind kind, Day from) {
  google::protobuf::RepeatedPtrField<v1::ParentEdge> kept;
  for (v1::ParentEdge& edge : *organization.mutable_parents()) {
    const DayRange days = EdgeDays(edge);
    if (edge.kind() == kind && days.first >= from) continue;
    if (edge.kind() == kind && days.last >= from) *edge.mutable_end_date() = DayToProto(from - 1);
    *kept.Add() = std::move(edge);
  }
  if (!parent.empty()) {
    v1::ParentEdge& edge = *kept.Add();
    edge.set_parent(parent);
    edge.set_kind(kind);
    *edge.mutable_start_date() = DayToProto(from);
  }
  organization.mutable_parents()->Swap(&kept);
}

absl::Status Relocate(Organization& organization, const std::string& address, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  if (!organization.addresses().empty()) {
    const Day last = DayOr(organization.addresses().rbegin()->start_date(), Day::Min());
    if (step.day <= last) {
      return Error(reasons::kAddressesOutOfOrder,
                   absl::StrCat("the present address of ", organization.name(), " began on ", FormatDay(last)));
    }
  }
  v1::OrganizationAddress& added = *organization.add_addresses();
  added.set_address(address);
  *added.mutable_start_date() = DayToProto(step.day);
  added.set_relocation(true);
  return absl::OkStatus();
}

absl::Status Rename(Organization& organization, const std::string& display_name, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  v1::OrganizationAlias& former = *organization.add_aliases();
  former.set_text(organization.display_name());
  *former.mutable_until() = DayToProto(step.day - 1);
  organization.set_display_name(display_name);
  return absl::OkStatus();
}

bool IsUsualParent(v1::OrganizationKind child, v1::OrganizationKind parent, v1::EdgeKind tree) {
  return tree == v1::EDGE_KIND_PARTY ? IsUsualPartyParent(child, parent) : IsUsualAdministrativeParent(child, parent);
}

}  // namespace dangjian::registry
