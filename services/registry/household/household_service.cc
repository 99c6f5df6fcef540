#include "services/registry/household/household_service.h"

#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "services/registry/dated_entry.h"
#include "services/registry/household/household_rules.h"
#include "services/registry/household/household_schema.h"
#include "services/registry/organization/organization_rules.h"
#include "services/registry/resident/resident_schema.h"

namespace dangjian::registry {

using rpc::CallContext;
using v1::Household;

void HouseholdService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  router.Unary(this, &HouseholdService::MoveOut);
  router.Unary(this, &HouseholdService::CloseDeceased);
  router.Unary(this, &HouseholdService::Merge);
  router.Unary(this, &HouseholdService::Unmerge);
  rpc::StandardOptions<Household> options;
  options.on_create = [this](CallContext& context, Household& created) { return OnCreate(context, created); };
  options.on_update = [this](CallContext& context, const Household& current, Household& updated) {
    return OnUpdate(context, current, updated);
  };
  options.list_filters = {{"organization", kHouseholdByOrganization}};
  rpc::RegisterStandardMethods(router, *Household::descriptor()->file()->FindServiceByName("HouseholdService"),
                               tables_.households, tokens, std::move(options));
}

absl::Status HouseholdService::OnCreate(CallContext& context, Household& created) const {
  RETURN_IF_ERROR(registry::Register(created, StepOf(context, context.today())));
  return CheckOrganization(context, created);
}

absl::Status HouseholdService::OnUpdate(CallContext& context, const Household& current,
                                        const Household& updated) const {
  RETURN_IF_ERROR(CheckCorrection(current, updated, context.today()));
  return updated.organization() == current.organization() ? absl::OkStatus() : CheckOrganization(context, updated);
}

absl::Status HouseholdService::CheckOrganization(CallContext& context, const Household& household) const {
  ASSIGN_OR_RETURN(const v1::Organization organization,
                   tables_.organizations.Get(context.reader(), household.organization()));
  return CheckNotDissolved(organization);
}

absl::Status HouseholdService::CheckEmpty(CallContext& context, const Household& household, Day day) const {
  const uint16_t index = ResidentIndexOf(household.kind());
  // All of them: a household has few people, past ones included.
  ASSIGN_OR_RETURN(const std::vector<v1::Resident> residents,
                   tables_.residents.Find(context.reader(), storage::KeyWriter(index).Text(household.name()),
                                          std::numeric_limits<size_t>::max()));
  for (const v1::Resident& resident : residents) {
    if (resident.state() != v1::RESIDENT_STATE_REGISTERED) continue;
    for (const v1::HouseholdMembership& membership : resident.memberships()) {
      if (membership.household() != household.name() || DaysOf(membership).last < day) continue;
      return Error(reasons::kHouseholdHasResidents, absl::StrCat(resident.name(), " is in ", household.name()),
                   {{"household", household.name()}, {"resident", resident.name()}});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Household> HouseholdService::MoveOut(CallContext& context, const v1::MoveOutHouseholdRequest& request) {
  return ChangeRecord(context, tables_.households, request, [&](Household& household) -> absl::Status {
    const Step step = StepOf(context, request.occurred_on(), request.reason());
    RETURN_IF_ERROR(registry::MoveOut(household, step));
    return CheckEmpty(context, household, step.day);
  });
}

absl::StatusOr<Household> HouseholdService::CloseDeceased(CallContext& context,
                                                          const v1::CloseDeceasedHouseholdRequest& request) {
  return ChangeRecord(context, tables_.households, request, [&](Household& household) -> absl::Status {
    const Step step = StepOf(context, request.occurred_on(), request.reason());
    RETURN_IF_ERROR(registry::CloseDeceased(household, step));
    return CheckEmpty(context, household, step.day);
  });
}

absl::StatusOr<Household> HouseholdService::Merge(CallContext& context,
                                                  const v1::MergeDuplicateHouseholdRequest& request) {
  return ChangeRecord(context, tables_.households, request, [&](Household& household) -> absl::Status {
    ASSIGN_OR_RETURN(const Household into, tables_.households.Get(context.reader(), request.into()));
    return MergeInto(household, into, StepOf(context, request.occurred_on(), request.reason()));
  });
}

absl::StatusOr<Household> HouseholdService::Unmerge(CallContext& context, const v1::UnmergeHouseholdRequest& request) {
  return ChangeRecord(context, tables_.households, request, [&](Household& household) {
    return registry::Unmerge(household, StepOf(context, request.occurred_on(), request.reason()));
  });
}

}  // namespace dangjian::registry
