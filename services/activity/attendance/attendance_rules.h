#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "common/types/working_days.h"
#include "dangjian/activity/v1/activity.pb.h"
#include "dangjian/activity/v1/attendance.pb.h"

// Attendances and volunteer hours. Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kActivityCancelled{"ACTIVITY_CANCELLED", absl::StatusCode::kFailedPrecondition,
                                           "活动已取消,不能登记参加情况或服务时间"};
inline constexpr Reason kActivityNotOpen{"ACTIVITY_NOT_OPEN", absl::StatusCode::kFailedPrecondition, "活动未开放报名"};
inline constexpr Reason kActivityNotHeld{"ACTIVITY_NOT_HELD", absl::StatusCode::kFailedPrecondition,
                                         "活动尚未举行,不能补录、确认或更正参加记录,请先登记活动举行"};
inline constexpr Reason kAttendanceOutsideActivity{"ATTENDANCE_OUTSIDE_ACTIVITY", absl::StatusCode::kInvalidArgument,
                                                   "参加日期不在活动起止日期之内"};
inline constexpr Reason kDuplicateAttendance{"DUPLICATE_ATTENDANCE", absl::StatusCode::kAlreadyExists,
                                             "该人员当日在本活动中已有参加记录"};
inline constexpr Reason kOverlappingAttendance{"OVERLAPPING_ATTENDANCE", absl::StatusCode::kFailedPrecondition,
                                               "该人员在同一时段已有其他参加记录,时间不得重复计算"};
inline constexpr Reason kTimesBeforeAttendance{"TIMES_BEFORE_ATTENDANCE", absl::StatusCode::kInvalidArgument,
                                               "报名时不能填写到离时间或服务时间,补录请注明已参加"};
inline constexpr Reason kHoursExceedInterval{"HOURS_EXCEED_INTERVAL", absl::StatusCode::kInvalidArgument,
                                             "服务时间超过到离时间之差"};
inline constexpr Reason kHoursWithoutTimes{"HOURS_WITHOUT_TIMES", absl::StatusCode::kInvalidArgument,
                                           "登记服务时间须有到达和离开时间"};
inline constexpr Reason kDailyCapExceeded{"DAILY_CAP_EXCEEDED", absl::StatusCode::kInvalidArgument,
                                          "服务时间超过本活动的每日上限"};
inline constexpr Reason kNotVolunteerService{"NOT_VOLUNTEER_SERVICE", absl::StatusCode::kFailedPrecondition,
                                             "非志愿服务活动不得登记志愿服务时间"};
inline constexpr Reason kHoursNotVoluntary{"HOURS_NOT_VOLUNTARY", absl::StatusCode::kFailedPrecondition,
                                           "非自愿参加(摊派)不得登记志愿服务时间"};
}  // namespace reasons

namespace attendance_rules {

Day DayOfAttendance(const v1::Attendance& attendance);
// Came, and the activity was not cancelled.
bool TookPart(const v1::Attendance& attendance);
// At volunteer service, of free will.
bool IsVolunteering(const v1::Attendance& attendance);
// Minutes that count as volunteer hours: those of CONFIRMED and CORRECTED.
int64_t CountedMinutes(const v1::Attendance& attendance);

// Completes a new record from its activity: SIGNED_UP or, when it is entered as attended, CONFIRMED with its hours.
absl::Status Begin(v1::Attendance& attendance, const v1::Activity& activity, Step step);
// DUPLICATE_ATTENDANCE when one of `same_day`, the records of the person on that day, is of the same activity;
// OVERLAPPING_ATTENDANCE when the times of one overlap. A record without both times or of a cancelled activity takes no
// time.
absl::Status CheckNeighbours(const v1::Attendance& attendance, const std::vector<v1::Attendance>& same_day);

absl::Status CheckIn(v1::Attendance& attendance, std::string_view time, Step step);
absl::Status CheckOut(v1::Attendance& attendance, std::string_view time, Step step);
// `text` are the hours; empty: as much as times and cap allow.
absl::Status Propose(v1::Attendance& attendance, const v1::Activity& activity, std::string_view text, const Step& step);
// ACTIVITY_NOT_HELD: hours count only of an activity that was held. The same in Correct.
absl::Status Confirm(v1::Attendance& attendance, const v1::Activity& activity, const Step& step);
absl::Status Dispute(v1::Attendance& attendance, const Step& step);
absl::Status Correct(v1::Attendance& attendance, const v1::Activity& activity,
                     const v1::CorrectAttendanceRequest& request, const Step& step);

// The last day on which a volunteer record may be entered in time: 10 working days after the activity, its last day
// not counted (民政部令67号 art. 11).
Day RecordDueDay(Day activity_end, const WorkingDays& calendar);
// False without a look at the calendar: ten working days are never fewer than ten days.
bool MayBeLate(Day activity_end, Day recorded_on);

}  // namespace attendance_rules
}  // namespace dangjian::activity
