#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "dangjian/common/v1/types.pb.h"
#include "google/protobuf/repeated_field.h"

// Dated steps of a record's life: the part that all entities of the service share. Pure.

namespace dangjian::pledge {

namespace reasons {
inline constexpr Reason kDateInFuture{"DATE_IN_FUTURE", absl::StatusCode::kInvalidArgument, "日期不能晚于今天"};
inline constexpr Reason kStepsOutOfOrder{"STEPS_OUT_OF_ORDER", absl::StatusCode::kFailedPrecondition,
                                         "该步骤的日期早于上一步骤,请核对日期"};
inline constexpr Reason kDatesOutOfOrder{"DATES_OUT_OF_ORDER", absl::StatusCode::kInvalidArgument,
                                         "结束日期早于开始日期"};
inline constexpr Reason kMemberNotInOrganization{"MEMBER_NOT_IN_ORGANIZATION", absl::StatusCode::kFailedPrecondition,
                                                 "该党员当日的组织关系不在此组织"};
inline constexpr Reason kUnknownUnit{"UNKNOWN_UNIT", absl::StatusCode::kInvalidArgument, "计量单位不在单位表中"};
}  // namespace reasons

// One step as it is being taken.
struct Step {
  Day day;                        // the business day on which it happened
  Day today;                      // the business day of the call
  std::string actor = {};         // subject of the caller
  std::string on_behalf_of = {};  // resource name of who acted, when it is not the caller
  std::string reason = {};
  int64_t revision = 0;
};

using Transitions = google::protobuf::RepeatedPtrField<common::v1::Transition>;

// DATE_IN_FUTURE when the step lies after today; STEPS_OUT_OF_ORDER when it lies before `not_before`.
absl::Status CheckStep(const Step& step, Day not_before);

// The day of the newest step of the record itself, not of its parts (`<part>:<STATE>`); Day::Min() when there is none.
Day LastStepDay(const Transitions& transitions);

// Appends the step that enters `state`.
void AddTransition(Transitions& transitions, std::string_view state, const Step& step);

// ILLEGAL_TRANSITION saying that `verb` is not possible in `state`.
absl::Status IllegalTransition(std::string_view name, std::string_view state, std::string_view verb);

// `PLEDGE_STATE_DRAFT` → `DRAFT`: an enum value's name without the prefix of its enum.
std::string_view StripPrefix(std::string_view value_name, std::string_view prefix);

}  // namespace dangjian::pledge
