#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "dangjian/registry/v1/resident_unit.pb.h"

// The rules of resident units. Pure: no storage, no gRPC.

namespace dangjian::registry {

// `ENTERPRISE`: as dimensions have it.
std::string ShortName(v1::ResidentUnitKind kind);

// Checks a new or corrected unit and puts its code into capitals. All violations at once: DATE_IN_FUTURE,
// END_BEFORE_START, USCC_MALFORMED, USCC_CHECK_CHARACTER_WRONG.
absl::Status Complete(v1::ResidentUnit& unit, Day today);

// The days on which it counts.
DayRange CountedDays(const v1::ResidentUnit& unit);

}  // namespace dangjian::registry
