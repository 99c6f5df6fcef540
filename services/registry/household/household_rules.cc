#include "services/registry/household/household_rules.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/registry/dated_entry.h"
#include "services/registry/merge_rules.h"
#include "services/registry/reasons.h"

namespace dangjian::registry {
namespace {

using v1::Household;

constexpr std::string_view kStatePrefix = "HOUSEHOLD_STATE_";

absl::Status CheckContent(const Household& household, Day today) {
  Violations violations;
  const Day registered = DayOr(household.registered_on(), today);
  if (registered > today) {
    violations.Add("household.registered_on", dangjian::reasons::kDateInFuture, "lies in the future");
  }
  if (registered > DayOr(household.ended_on(), Day::Max())) {
    violations.Add("household.registered_on", reasons::kEndBeforeStart, "lies after the day on which it ended");
  }
  CheckTags(household.tags(), "household.tags", today, violations);
  return violations.ToStatus();
}

absl::Status Close(Household& household, v1::HouseholdState state, const Step& step) {
  if (household.state() != v1::HOUSEHOLD_STATE_REGISTERED) {
    return IllegalTransition(household.name(), ShortName(household.state()), ShortName(state));
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(household.registered_on(), Day::Min())));
  EnterState(household, kStatePrefix, ShortName(state), step);
  *household.mutable_ended_on() = DayToProto(step.day);
  return absl::OkStatus();
}

}  // namespace

std::string ShortName(v1::HouseholdKind kind) {
  return std::string(StripPrefix(v1::HouseholdKind_Name(kind), "HOUSEHOLD_KIND_"));
}

std::string ShortName(v1::HouseholdState state) {
  return std::string(StripPrefix(v1::HouseholdState_Name(state), kStatePrefix));
}

std::string ShortName(v1::HouseholdTag::Kind kind) {
  return std::string(StripPrefix(v1::HouseholdTag::Kind_Name(kind), "KIND_"));
}

absl::Status Register(Household& created, const Step& step) {
  RETURN_IF_ERROR(CheckContent(created, step.today));
  Step entry = step;
  entry.day = DayOr(created.registered_on(), step.today);
  EnterState(created, kStatePrefix, ShortName(v1::HOUSEHOLD_STATE_REGISTERED), entry);
  return absl::OkStatus();
}

absl::Status CheckCorrection(const Household& current, const Household& updated, Day today) {
  RETURN_IF_ERROR(CheckNotMerged(current, kStatePrefix));
  return CheckContent(updated, today);
}

absl::Status MoveOut(Household& household, const Step& step) {
  return Close(household, v1::HOUSEHOLD_STATE_MOVED_OUT, step);
}

absl::Status CloseDeceased(Household& household, const Step& step) {
  return Close(household, v1::HOUSEHOLD_STATE_DECEASED, step);
}

absl::Status MergeInto(Household& duplicate, const Household& into, const Step& step) {
  if (duplicate.kind() != into.kind()) {
    return Error(reasons::kMergeKindMismatch, absl::StrCat(duplicate.name(), " is ", ShortName(duplicate.kind()), ", ",
                                                           into.name(), " is ", ShortName(into.kind())));
  }
  return MergeInto(duplicate, into, kStatePrefix, step);
}

absl::Status Unmerge(Household& duplicate, const Step& step) { return TakeMergeBack(duplicate, kStatePrefix, step); }

DayRange CountedDays(const Household& household) {
  const Day first = DayOr(household.registered_on(), Day::Min());
  if (household.state() == v1::HOUSEHOLD_STATE_MERGED_DUPLICATE) return {first, first - 1};
  return {first, household.has_ended_on() ? DayOr(household.ended_on(), Day::Max()) - 1 : Day::Max()};
}

}  // namespace dangjian::registry
