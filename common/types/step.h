#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "dangjian/common/v1/types.pb.h"
#include "google/protobuf/repeated_field.h"

// Dated steps in the life of a record: what the verb methods of all services share. Pure.

namespace dangjian {

namespace reasons {
inline constexpr Reason kDateInFuture{"DATE_IN_FUTURE", absl::StatusCode::kInvalidArgument, "日期不能晚于今天"};
inline constexpr Reason kStepsOutOfOrder{"STEPS_OUT_OF_ORDER", absl::StatusCode::kFailedPrecondition,
                                         "该步骤的日期早于上一步骤,请核对日期"};
}  // namespace reasons

// One step as it is being taken.
struct Step {
  Day day;                        // the business day on which it happened
  Day today;                      // the business day of the call
  std::string actor = {};         // subject of the caller
  std::string on_behalf_of = {};  // resource name of who acted, when it is not the caller
  std::string reason = {};        // in the caller's words, may be empty
  int64_t revision = 0;           // of the transaction that records it
};

using Transitions = google::protobuf::RepeatedPtrField<common::v1::Transition>;

// DATE_IN_FUTURE when the step lies after today; STEPS_OUT_OF_ORDER when it lies before `not_before`.
absl::Status CheckStep(const Step& step, Day not_before);

// The day of the newest step of the record itself, not of its parts (`<part>:<STATE>`); Day::Min() when there is none.
Day LastStepDay(const Transitions& transitions);

// Appends the step that enters `state`.
void AddTransition(Transitions& transitions, std::string_view state, const Step& step);

// ILLEGAL_TRANSITION saying that `wanted`, a verb or the state it leads to, is not possible in `state`.
absl::Status IllegalTransition(std::string_view name, std::string_view state, std::string_view wanted);

}  // namespace dangjian
