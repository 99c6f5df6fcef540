#pragma once

#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/facility.pb.h"

// The life of a facility, from the plan over the premises to the sign at the door (挂牌) and the end. Pure.

namespace dangjian::welfare::facility_rules {

// PLANNED. DATE_IN_FUTURE.
absl::Status Plan(v1::Facility& facility, const Step& step);
// The next state: PREMISES_SECURED, FITTING_OUT or OPERATING, each from the one before it; CLOSED from any other.
// ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status Enter(v1::Facility& facility, v1::FacilityState state, const Step& step);

// A stay in a state: from `first` on, and no more from `over` on (Day::Max(): still).
struct Stay {
  v1::FacilityState state;
  Day first;
  Day over;
  bool operator==(const Stay&) const = default;
};
// Stays of a day or more, in order, without CLOSED; the last day of a facility still counts.
std::vector<Stay> Stays(const v1::Facility& facility);

}  // namespace dangjian::welfare::facility_rules
