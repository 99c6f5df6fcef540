#pragma once

#include <cstdint>
#include <string_view>

#include "common/status/errors.h"
#include "common/status/reason.h"
#include "dangjian/activity/v1/activity.pb.h"

// Works as quantities: what an activity brought about. Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kQuantityNotPositive{"QUANTITY_NOT_POSITIVE", absl::StatusCode::kInvalidArgument,
                                             "工作量须大于零"};
inline constexpr Reason kQuantityTooFine{"QUANTITY_TOO_FINE", absl::StatusCode::kInvalidArgument,
                                         "工作量最多保留三位小数"};
inline constexpr Reason kSharesExceedTotal{"SHARES_EXCEED_TOTAL", absl::StatusCode::kInvalidArgument,
                                           "各单位分担数量之和超过总量"};
inline constexpr Reason kDuplicateShare{"DUPLICATE_SHARE", absl::StatusCode::kInvalidArgument,
                                        "同一单位在一项工作中重复登记分担量"};
}  // namespace reasons

namespace work_rules {

// Decimals of a quantity in the measure `works`.
inline constexpr int32_t kScale = 3;
// The largest amount at that scale: what one contribution may hold.
inline constexpr int64_t kMaxAmount = 1'000'000'000'000'000;

// `ORGANIZATION` (also for an empty name: the activity's own), `RESIDENT_UNIT`, `TEAM`, `MEMBER`.
std::string_view ActorKindOf(std::string_view actor);

// The qualifier that counts: an estimated amount is never EXACT.
common::v1::Qualifier QualifierOf(const v1::WorkOutput& output);

// QUANTITY_NOT_POSITIVE, QUANTITY_TOO_FINE, AMOUNT_OUT_OF_RANGE, UNLIKE_UNITS, SHARES_EXCEED_TOTAL, DUPLICATE_SHARE.
// `path` is that of the output.
void CheckOutput(std::string_view path, const v1::WorkOutput& output, Violations& violations);

}  // namespace work_rules
}  // namespace dangjian::activity
