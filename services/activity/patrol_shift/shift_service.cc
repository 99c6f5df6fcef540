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

absl::Status PatrolShiftService::Check(rpc::CallContext& call, const v1::PatrolShift& shift) const {
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
  const auto check = [&](const v1::PatrolShift& other) {
    const std::string person = other.name() == shift.name() ? "" : shift_rules::Overlapping(shift, other);
    if (person.empty()) return absl::OkStatus();
    return Error(reasons::kOverlappingPatrol, absl::StrCat(person, " is on ", other.name(), " at the same time"),
                 {{"resource", other.name()}, {"person", person}});
  };
  for (const std::string& person : shift.participants()) {
    const auto on_day = storage::KeyWriter(tags::kPatrolShiftByParticipant).Text(person).Date(day);
    RETURN_IF_ERROR(shifts_.ForEach(call.reader(), on_day, check));
  }
  return absl::OkStatus();
}

}  // namespace dangjian::activity
