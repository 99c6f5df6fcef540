#pragma once

#include "absl/status/status.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/labour_station.pb.h"

// The life of a labour-security station. Pure.

namespace dangjian::welfare::station_rules {

// OPEN. DATE_IN_FUTURE.
absl::Status Open(v1::LabourStation& station, const Step& step);
// CLOSED: it stands through that day. ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status Close(v1::LabourStation& station, const Step& step);

}  // namespace dangjian::welfare::station_rules
