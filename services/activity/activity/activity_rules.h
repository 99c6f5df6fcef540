#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/activity/v1/activity.pb.h"

// The life of an activity. Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kDuplicateFulfilment{"DUPLICATE_FULFILMENT", absl::StatusCode::kInvalidArgument,
                                             "同一事项重复引用"};
inline constexpr Reason kActivityHasAttendances{"ACTIVITY_HAS_ATTENDANCES", absl::StatusCode::kFailedPrecondition,
                                                "活动已有参加记录,不能删除或更改日期;如活动未举行请改为取消"};
}  // namespace reasons

namespace activity_rules {

// `VOLUNTEER_SERVICE`, …: the value of the dimensions `kind` and `activity_kind`.
std::string_view NameOf(v1::ActivityKind kind);
std::string_view NameOf(v1::ActivityState state);

// First and last day; figures belong to the last.
DayRange DaysOf(const v1::Activity& activity);
// Held and not cancelled.
bool Counts(const v1::Activity& activity);

// Sets what a new record starts with: PLANNED, or HELD on its last day when it is entered as held.
void Initialize(v1::Activity& activity, Step step);
// Sums the costs. DATE_IN_FUTURE, DATES_OUT_OF_ORDER, TIMES_OUT_OF_ORDER, TIMES_INCOMPLETE, DUPLICATE_FULFILMENT, and
// what work_rules finds.
void Complete(v1::Activity& activity, Day today, Violations& violations);
// ILLEGAL_TRANSITION once it is VERIFIED or CANCELLED.
absl::Status CheckEditable(const v1::Activity& activity);

// Takes the step that leads to `wanted`. ILLEGAL_TRANSITION unless it is the next state (for CANCELLED: unless the
// activity is VERIFIED or CANCELLED), DATE_IN_FUTURE, STEPS_OUT_OF_ORDER (also for HELD before the last day).
absl::Status Advance(v1::Activity& activity, v1::ActivityState wanted, const Step& step);

}  // namespace activity_rules
}  // namespace dangjian::activity
