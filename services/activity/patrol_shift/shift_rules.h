#pragma once

#include <cstdint>
#include <string>

#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "dangjian/activity/v1/patrol_shift.pb.h"

// Patrol shifts, their hours and their overlaps. Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kPatrolTimesOutOfOrder{"PATROL_TIMES_OUT_OF_ORDER", absl::StatusCode::kInvalidArgument,
                                               "巡逻结束时间不晚于开始时间"};
inline constexpr Reason kPatrolParticipantTwice{"PATROL_PARTICIPANT_TWICE", absl::StatusCode::kInvalidArgument,
                                                "同一人在一个班次中重复登记"};
inline constexpr Reason kOverlappingPatrol{"OVERLAPPING_PATROL", absl::StatusCode::kFailedPrecondition,
                                           "此人同一时间已登记另一巡逻班次,请核对时间"};
}  // namespace reasons

namespace shift_rules {

inline constexpr int32_t kMinutesOfADay = 1440;
// The last minute at which a shift may end: noon of the next day.
inline constexpr int32_t kLatestEnd = 2160;

// DATE_IN_FUTURE, PATROL_TIMES_OUT_OF_ORDER, PATROL_PARTICIPANT_TWICE.
void CheckContent(const v1::PatrolShift& shift, Day today, Violations& violations);

// True when one ends before the other begins. A shift may begin at the minute at which the other ends.
bool Apart(const v1::PatrolShift& a, const v1::PatrolShift& b);

// The first person of `a` who is on `b` at the same time; empty when there is none. Compares names as they stand: those
// under which people are counted.
std::string Overlapping(const v1::PatrolShift& a, const v1::PatrolShift& b);

// Hours of all participants together, in hundredths, rounded half up once.
int64_t PersonHours(const v1::PatrolShift& shift);

}  // namespace shift_rules
}  // namespace dangjian::activity
