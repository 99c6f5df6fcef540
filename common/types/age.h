#pragma once

#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/month.h"

// Ages. They come from the date of birth in the register, on the day that matters. Pure.

namespace dangjian {

namespace reasons {
inline constexpr Reason kAgeContradictsRegister{"AGE_CONTRADICTS_REGISTER", absl::StatusCode::kInvalidArgument,
                                                "所填内容与登记的出生日期不符,请以登记为准,或先更正登记"};
}  // namespace reasons

// Of full age, with the capacity of an adult (民法典 art. 17).
inline constexpr int kFullAge = 18;

// Whether one born on `born` is `years` old on `day`: from the birthday on or, where a year lacks the 29th of February,
// from the last day of that month on (民法典 art. 202).
inline bool HasReachedAge(Day born, int years, Day day) { return AddMonths(born, 12 * years) <= day; }

inline bool IsMinor(Day born, Day day) { return !HasReachedAge(born, kFullAge, day); }

}  // namespace dangjian
