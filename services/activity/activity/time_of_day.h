#pragma once

#include <cstdint>
#include <string_view>

#include "common/status/errors.h"
#include "common/status/reason.h"

// Times of a day in the business zone, `HH:MM`, as the contracts hold them. Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kTimesOutOfOrder{"TIMES_OUT_OF_ORDER", absl::StatusCode::kInvalidArgument,
                                         "结束时间须晚于开始时间,跨零点的请按日分开登记"};
inline constexpr Reason kTimesIncomplete{"TIMES_INCOMPLETE", absl::StatusCode::kInvalidArgument,
                                         "开始时间与结束时间须同时填写"};
}  // namespace reasons

// Minutes since midnight of a validated `HH:MM`: 0 to 1440; -1 for an empty text.
int32_t MinuteOfDay(std::string_view text);

// TIMES_INCOMPLETE when one is empty and the other is not, TIMES_OUT_OF_ORDER. `prefix` is the path of the message.
void CheckTimes(std::string_view prefix, std::string_view start, std::string_view end, Violations& violations);

}  // namespace dangjian::activity
