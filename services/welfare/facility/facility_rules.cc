#include "services/welfare/facility/facility_rules.h"

#include <string_view>

#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::welfare::facility_rules {
namespace {

std::string_view NameOf(v1::FacilityState state) {
  return StripPrefix(v1::FacilityState_Name(state), "FACILITY_STATE_");
}

bool IsLegal(v1::FacilityState from, v1::FacilityState to) {
  if (from == v1::FACILITY_STATE_CLOSED || to == v1::FACILITY_STATE_PLANNED) return false;
  return to == v1::FACILITY_STATE_CLOSED || to == from + 1;
}

google::type::Date* DateOf(v1::Facility& facility, v1::FacilityState state) {
  switch (state) {
    case v1::FACILITY_STATE_PREMISES_SECURED:
      return facility.mutable_premises_secured_on();
    case v1::FACILITY_STATE_FITTING_OUT:
      return facility.mutable_fitting_out_on();
    case v1::FACILITY_STATE_OPERATING:
      return facility.mutable_operating_on();
    case v1::FACILITY_STATE_CLOSED:
      return facility.mutable_closed_on();
    default:
      return facility.mutable_planned_on();
  }
}

}  // namespace

absl::Status Plan(v1::Facility& facility, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  facility.clear_premises_secured_on();
  facility.clear_fitting_out_on();
  facility.clear_operating_on();
  facility.clear_closed_on();
  facility.clear_transitions();
  facility.set_state(v1::FACILITY_STATE_PLANNED);
  AddTransition(*facility.mutable_transitions(), NameOf(facility.state()), step);
  return absl::OkStatus();
}

absl::Status Enter(v1::Facility& facility, v1::FacilityState state, const Step& step) {
  if (!IsLegal(facility.state(), state)) {
    return IllegalTransition(facility.name(), NameOf(facility.state()), NameOf(state));
  }
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(facility.transitions())));
  facility.set_state(state);
  *DateOf(facility, state) = DayToProto(step.day);
  AddTransition(*facility.mutable_transitions(), NameOf(state), step);
  return absl::OkStatus();
}

std::vector<Stay> Stays(const v1::Facility& facility) {
  std::vector<Stay> stays;
  const auto begin = [&](v1::FacilityState state, const google::type::Date& date) {
    const Day first = DayOr(date, Day::Min());
    if (!stays.empty()) stays.back().over = first;
    if (!stays.empty() && stays.back().over <= stays.back().first) stays.pop_back();
    stays.push_back({state, first, Day::Max()});
  };
  begin(v1::FACILITY_STATE_PLANNED, facility.planned_on());
  if (facility.has_premises_secured_on()) {
    begin(v1::FACILITY_STATE_PREMISES_SECURED, facility.premises_secured_on());
  }
  if (facility.has_fitting_out_on()) begin(v1::FACILITY_STATE_FITTING_OUT, facility.fitting_out_on());
  if (facility.has_operating_on()) begin(v1::FACILITY_STATE_OPERATING, facility.operating_on());
  if (facility.has_closed_on()) stays.back().over = DayOr(facility.closed_on(), Day::Max() - 1) + 1;
  return stays;
}

}  // namespace dangjian::welfare::facility_rules
