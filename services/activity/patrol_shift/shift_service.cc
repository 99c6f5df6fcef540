#include "services/activity/patrol_shift/shift_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/standard_methods.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/activity/patrol_shift/shift_rules.h"
#include "services/activity/tags.h"

namespace dangjian::activity {

void PatrolShiftService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::PatrolShift> options;
  options.on_create = [this](rpc::CallContext& call, v1::PatrolShift& created) { return Check(call, created); };
  options.on_update = [this](rpc::CallContext& call, const v1::PatrolShift&, v1::PatrolShift& updated) {
    return Check(call, updated);
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kPatrolShiftByOrganization},
                          {.field = "team", .index_tag = tags::kPatrolShiftByTeam}};
  rpc::RegisterStandardMethods(router, *v1::PatrolShift::descriptor()->file()->FindServiceByName("PatrolShiftService"),
                               shifts_, tokens, std::move(options));
}

absl::StatusOr<v1::PatrolShift> PatrolShiftService::Canonical(rpc::CallContext& call,
                                                              const v1::PatrolShift& shift) const {
  v1::PatrolShift canonical = shift;
  for (std::string& person : *canonical.mutable_participants()) {
    ASSIGN_OR_RETURN(person, directory_.CanonicalName(call.reader(), person));
  }
  return canonical;
}

absl::Status PatrolShiftService::Check(rpc::CallContext& call, const v1::PatrolShift& entered) const {
  ASSIGN_OR_RETURN(const v1::PatrolShift shift, Canonical(call, entered));
  Violations violations;
  shift_rules::CheckContent(shift, call.today(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const Day day = DayOr(shift.date(), Day());
  // A shift lasts until the noon of the next day at most.
  if (shift.start_minute() < shift_rules::kLatestEnd - shift_rules::kMinutesOfADay) {
    RETURN_IF_ERROR(CheckOverlaps(call, shift, day - 1));
  }
  RETURN_IF_ERROR(CheckOverlaps(call, shift, day));
  if (shift.end_minute() <= shift_rules::kMinutesOfADay) return absl::OkStatus();
  return CheckOverlaps(call, shift, day + 1);
}

absl::Status PatrolShiftService::CheckOverlaps(rpc::CallContext& call, const v1::PatrolShift& shift, Day day) const {
  const auto check = [&](const v1::PatrolShift& other) -> absl::Status {
    if (other.name() == shift.name() || shift_rules::Apart(shift, other)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const v1::PatrolShift canonical, Canonical(call, other));
    const std::string person = shift_rules::Overlapping(shift, canonical);
    if (person.empty()) return absl::OkStatus();
    return Error(reasons::kOverlappingPatrol, absl::StrCat(person, " is on ", other.name(), " at the same time"),
                 {{"resource", other.name()}, {"person", person}});
  };
  for (const std::string& person : shift.participants()) {
    // Shifts are found under the names as they were written.
    ASSIGN_OR_RETURN(const std::vector<std::string> names, directory_.NamesOfSame(call.reader(), person));
    for (const std::string& name : names) {
      const auto on_day = storage::KeyWriter(tags::kPatrolShiftByParticipant).Text(name).Date(day);
      RETURN_IF_ERROR(shifts_.ForEach(call.reader(), on_day, check));
    }
  }
  return absl::OkStatus();
}

}  // namespace dangjian::activity
