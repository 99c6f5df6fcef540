#include "services/welfare/labour_station/station_rules.h"

#include <string_view>

#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::welfare::station_rules {
namespace {

std::string_view NameOf(v1::LabourStationState state) {
  return StripPrefix(v1::LabourStationState_Name(state), "LABOUR_STATION_STATE_");
}

}  // namespace

absl::Status Open(v1::LabourStation& station, const Step& step) {
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  station.clear_closed_on();
  station.clear_transitions();
  station.set_state(v1::LABOUR_STATION_STATE_OPEN);
  AddTransition(*station.mutable_transitions(), NameOf(station.state()), step);
  return absl::OkStatus();
}

absl::Status Close(v1::LabourStation& station, const Step& step) {
  if (station.state() != v1::LABOUR_STATION_STATE_OPEN) {
    return IllegalTransition(station.name(), NameOf(station.state()), "a closing");
  }
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(station.transitions())));
  station.set_state(v1::LABOUR_STATION_STATE_CLOSED);
  *station.mutable_closed_on() = DayToProto(step.day);
  AddTransition(*station.mutable_transitions(), NameOf(station.state()), step);
  return absl::OkStatus();
}

}  // namespace dangjian::welfare::station_rules
