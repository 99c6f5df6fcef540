#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "dangjian/common/v1/types.pb.h"
#include "google/protobuf/repeated_field.h"

// What every verb method of the registry shares: a dated step in the life of a record. Pure.

namespace dangjian::registry {

using Transitions = google::protobuf::RepeatedPtrField<common::v1::Transition>;

// A step that a caller asks for.
struct Step {
  Day occurred_on;       // the business day
  Day today;             // the day of the call
  std::string actor;     // the caller's subject
  std::string reason;    // in the caller's words, may be empty
  int64_t revision = 0;  // of the transaction that records it
};

namespace reasons {
inline constexpr Reason kDateInFuture{"DATE_IN_FUTURE", absl::StatusCode::kInvalidArgument, "日期不能晚于今天"};
inline constexpr Reason kStepsOutOfOrder{"STEPS_OUT_OF_ORDER", absl::StatusCode::kFailedPrecondition,
                                         "该步骤的日期早于上一步骤,请核对日期"};
inline constexpr Reason kEndBeforeStart{"END_BEFORE_START", absl::StatusCode::kInvalidArgument, "结束日期早于开始日期"};
}  // namespace reasons

// DATE_IN_FUTURE when the step lies after today, STEPS_OUT_OF_ORDER when it lies before the last one recorded.
absl::Status CheckStepDay(const Transitions& past, const Step& step);

// Records the step as the entry into `state`, on `day`: normally `step.occurred_on`.
void AppendTransition(Transitions& transitions, std::string_view state, Day day, const Step& step);

// ILLEGAL_TRANSITION with the record's name, its state and the state that was asked for.
absl::Status IllegalTransition(std::string_view record, std::string_view state, std::string_view wanted);

// The same day `months` later; the last day of that month when it has no such day.
Day AddMonths(Day day, int months);

}  // namespace dangjian::registry
