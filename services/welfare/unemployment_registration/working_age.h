#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"

// From which day and until which day a person is of working age, as versioned table data. Pure.
//
// The rules: 劳动法 art. 15 (16 years); 国发〔1978〕104号 (men 60, women 55 or 50);
// 国务院关于渐进式延迟法定退休年龄的办法, in force on 2025-01-01: one month later for every 4 birth months (women
// workers: every 2), up to 63, 58 and 55.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kBelowWorkingAge{"BELOW_WORKING_AGE", absl::StatusCode::kFailedPrecondition,
                                         "未满十六周岁,不能办理失业登记或安置就业"};
inline constexpr Reason kPastRetirementAge{"PAST_RETIREMENT_AGE", absl::StatusCode::kFailedPrecondition,
                                           "已达法定退休年龄,不能办理失业登记或安置就业"};
}  // namespace reasons

namespace working_age {

// The group that decides the statutory retirement age.
enum class Group { kMan, kWomanCadre, kWomanWorker };

// A person as far as age goes.
struct Person {
  Day born;
  Group group;
};

// The day on which the statutory retirement age is reached by the version of the rule in force on `as_of`.
Day RetirementDay(const Person& person, Day as_of);
// BELOW_WORKING_AGE, PAST_RETIREMENT_AGE: whether the person is of working age on `day`, by the rule of that day.
absl::Status Check(const Person& person, Day day);

}  // namespace working_age
}  // namespace dangjian::welfare
