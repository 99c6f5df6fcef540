#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/status/reason.h"

// Volunteer hours: written with two decimals, kept in minutes. Hours come in steps of 0.05 (3 minutes), so that both
// forms are exact and sums of either agree. Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kHoursNotInSteps{"HOURS_NOT_IN_STEPS", absl::StatusCode::kInvalidArgument,
                                         "服务时间须为0.05小时(3分钟)的倍数,不超过24小时"};
}  // namespace reasons

namespace hours {

// Decimals of hours.
inline constexpr int32_t kScale = 2;
// The step in minutes.
inline constexpr int32_t kStepMinutes = 3;
inline constexpr int32_t kMinutesOfDay = 24 * 60;

// `1.25` → 75. HOURS_NOT_IN_STEPS, also above 24.
absl::StatusOr<int32_t> MinutesOf(std::string_view text);
// Hundredths of an hour; `minutes` is a multiple of the step.
int64_t HundredthsOf(int64_t minutes);
// 75 → `1.25`.
std::string Format(int64_t minutes);
// The largest multiple of the step that is not above `minutes`.
int32_t CutToStep(int32_t minutes);

}  // namespace hours
}  // namespace dangjian::activity
