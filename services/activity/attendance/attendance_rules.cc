#include "services/activity/attendance/attendance_rules.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/activity/activity/activity_rules.h"
#include "services/activity/activity/time_of_day.h"
#include "services/activity/attendance/hours.h"

namespace dangjian::activity::attendance_rules {
namespace {

constexpr int32_t kWorkingDaysToRecord = 10;

std::string_view NameOf(v1::AttendanceState state) {
  return StripPrefix(v1::AttendanceState_Name(state), "ATTENDANCE_STATE_");
}

absl::Status Refuse(const Reason& reason, const v1::Attendance& attendance, std::string_view why) {
  return Error(reason, absl::StrCat(attendance.name(), ": ", ToAbsl(why)),
               {{"resource", attendance.name()}, {"activity", attendance.activity()}});
}

bool HasTimes(const v1::Attendance& attendance) {
  return !attendance.start_time().empty() && !attendance.end_time().empty();
}

// Enters a state from one of others. ACTIVITY_CANCELLED, ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status Enter(v1::Attendance& attendance, v1::AttendanceState wanted,
                   std::initializer_list<v1::AttendanceState> from, const Step& step) {
  if (attendance.activity_cancelled()) {
    return Refuse(reasons::kActivityCancelled, attendance, "the activity was cancelled");
  }
  if (std::find(from.begin(), from.end(), attendance.state()) == from.end()) {
    return IllegalTransition(attendance.name(), NameOf(attendance.state()), NameOf(wanted));
  }
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(attendance.transitions())));
  attendance.set_state(wanted);
  AddTransition(*attendance.mutable_transitions(), NameOf(wanted), step);
  return absl::OkStatus();
}

absl::Status CheckHeld(const v1::Attendance& attendance, const v1::Activity& activity) {
  if (activity_rules::Counts(activity)) return absl::OkStatus();
  return Refuse(reasons::kActivityNotHeld, attendance, "the activity has not been held");
}

absl::Status CheckOwnTimes(const v1::Attendance& attendance) {
  Violations violations;
  CheckTimes("attendance", attendance.start_time(), attendance.end_time(), violations);
  return violations.ToStatus();
}

// As many minutes as the times and the cap of the activity allow; 0 without times.
int32_t MostMinutes(const v1::Attendance& attendance, const v1::Activity& activity) {
  if (!HasTimes(attendance)) return 0;
  int32_t minutes = MinuteOfDay(attendance.end_time()) - MinuteOfDay(attendance.start_time());
  if (activity.daily_cap_minutes() > 0) minutes = std::min(minutes, activity.daily_cap_minutes());
  return hours::CutToStep(minutes);
}

absl::Status SetHours(v1::Attendance& attendance, const v1::Activity& activity, std::string_view text) {
  ASSIGN_OR_RETURN(const int32_t minutes, hours::MinutesOf(text));
  if (attendance.activity_kind() != v1::ACTIVITY_KIND_VOLUNTEER_SERVICE) {
    return Refuse(reasons::kNotVolunteerService, attendance, "hours are those of volunteer service");
  }
  if (!attendance.voluntary()) return Refuse(reasons::kHoursNotVoluntary, attendance, "not of free will");
  if (minutes > 0 && !HasTimes(attendance)) {
    return Refuse(reasons::kHoursWithoutTimes, attendance, "hours need the times of coming and leaving");
  }
  if (minutes > 0 && minutes > MinuteOfDay(attendance.end_time()) - MinuteOfDay(attendance.start_time())) {
    return Refuse(reasons::kHoursExceedInterval, attendance, "more hours than between coming and leaving");
  }
  if (activity.daily_cap_minutes() > 0 && minutes > activity.daily_cap_minutes()) {
    return Refuse(reasons::kDailyCapExceeded, attendance,
                  absl::StrCat("the cap is ", activity.daily_cap_minutes(), " minutes a day"));
  }
  attendance.set_minutes(minutes);
  attendance.set_hours(hours::Format(minutes));
  return absl::OkStatus();
}

absl::Status BeginSignedUp(v1::Attendance& attendance, const v1::Activity& activity) {
  if (activity.state() != v1::ACTIVITY_STATE_OPEN) {
    return Refuse(reasons::kActivityNotOpen, attendance, "the activity is not open");
  }
  if (!attendance.start_time().empty() || !attendance.end_time().empty() || !attendance.hours().empty()) {
    return Refuse(reasons::kTimesBeforeAttendance, attendance, "a sign-up has no times and no hours");
  }
  attendance.set_state(v1::ATTENDANCE_STATE_SIGNED_UP);
  return absl::OkStatus();
}

absl::Status BeginAttended(v1::Attendance& attendance, const v1::Activity& activity, Step step) {
  RETURN_IF_ERROR(CheckHeld(attendance, activity));
  step.day = DayOfAttendance(attendance);
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  const DayRange days = activity_rules::DaysOf(activity);
  if (attendance.start_time().empty() && attendance.end_time().empty() && days.first == days.last) {
    attendance.set_start_time(activity.start_time());
    attendance.set_end_time(activity.end_time());
  }
  RETURN_IF_ERROR(CheckOwnTimes(attendance));
  if (!attendance.hours().empty()) {
    RETURN_IF_ERROR(SetHours(attendance, activity, attendance.hours()));
  } else if (IsVolunteering(attendance) && HasTimes(attendance)) {
    RETURN_IF_ERROR(SetHours(attendance, activity, hours::Format(MostMinutes(attendance, activity))));
  }
  attendance.set_state(v1::ATTENDANCE_STATE_CONFIRMED);
  AddTransition(*attendance.mutable_transitions(), NameOf(attendance.state()), step);
  return absl::OkStatus();
}

}  // namespace

Day DayOfAttendance(const v1::Attendance& attendance) { return DayOr(attendance.date(), Day::Min()); }

bool TookPart(const v1::Attendance& attendance) {
  return attendance.state() >= v1::ATTENDANCE_STATE_CHECKED_IN && !attendance.activity_cancelled();
}

bool IsVolunteering(const v1::Attendance& attendance) {
  return attendance.voluntary() && attendance.activity_kind() == v1::ACTIVITY_KIND_VOLUNTEER_SERVICE;
}

int64_t CountedMinutes(const v1::Attendance& attendance) {
  const bool settled =
      attendance.state() == v1::ATTENDANCE_STATE_CONFIRMED || attendance.state() == v1::ATTENDANCE_STATE_CORRECTED;
  return settled && !attendance.activity_cancelled() ? attendance.minutes() : 0;
}

absl::Status Begin(v1::Attendance& attendance, const v1::Activity& activity, Step step) {
  attendance.clear_transitions();
  attendance.clear_minutes();
  attendance.clear_late();
  attendance.set_activity_cancelled(false);
  attendance.set_organization(activity.organization());
  attendance.set_activity_kind(activity.kind());
  if (activity.state() == v1::ACTIVITY_STATE_CANCELLED) {
    return Refuse(reasons::kActivityCancelled, attendance, "the activity was cancelled");
  }
  if (!attendance.has_date()) *attendance.mutable_date() = activity.starts_on();
  if (!activity_rules::DaysOf(activity).Contains(DayOfAttendance(attendance))) {
    return Refuse(reasons::kAttendanceOutsideActivity, attendance, "the activity is not on that day");
  }
  return attendance.attended() ? BeginAttended(attendance, activity, std::move(step))
                               : BeginSignedUp(attendance, activity);
}

absl::Status CheckNeighbours(const v1::Attendance& attendance, const std::vector<v1::Attendance>& same_day) {
  for (const v1::Attendance& other : same_day) {
    if (other.name() == attendance.name()) continue;
    if (other.activity() == attendance.activity()) {
      return Refuse(reasons::kDuplicateAttendance, attendance, absl::StrCat("entered already as ", other.name()));
    }
    if (other.activity_cancelled() || !HasTimes(other) || !HasTimes(attendance)) continue;
    if (MinuteOfDay(other.end_time()) <= MinuteOfDay(attendance.start_time()) ||
        MinuteOfDay(attendance.end_time()) <= MinuteOfDay(other.start_time())) {
      continue;
    }
    return Refuse(reasons::kOverlappingAttendance, attendance, absl::StrCat("overlaps ", other.name()));
  }
  return absl::OkStatus();
}

absl::Status CheckIn(v1::Attendance& attendance, std::string_view time, Step step) {
  step.day = DayOfAttendance(attendance);
  RETURN_IF_ERROR(Enter(attendance, v1::ATTENDANCE_STATE_CHECKED_IN, {v1::ATTENDANCE_STATE_SIGNED_UP}, step));
  attendance.set_start_time(std::string(time));
  return absl::OkStatus();
}

absl::Status CheckOut(v1::Attendance& attendance, std::string_view time, Step step) {
  step.day = DayOfAttendance(attendance);
  RETURN_IF_ERROR(Enter(attendance, v1::ATTENDANCE_STATE_CHECKED_OUT, {v1::ATTENDANCE_STATE_CHECKED_IN}, step));
  attendance.set_end_time(std::string(time));
  return CheckOwnTimes(attendance);
}

absl::Status Propose(v1::Attendance& attendance, const v1::Activity& activity, std::string_view text,
                     const Step& step) {
  RETURN_IF_ERROR(Enter(attendance, v1::ATTENDANCE_STATE_HOURS_PROPOSED, {v1::ATTENDANCE_STATE_CHECKED_OUT}, step));
  const std::string most = hours::Format(MostMinutes(attendance, activity));
  return SetHours(attendance, activity, text.empty() ? std::string_view(most) : text);
}

absl::Status Confirm(v1::Attendance& attendance, const v1::Activity& activity, const Step& step) {
  RETURN_IF_ERROR(Enter(attendance, v1::ATTENDANCE_STATE_CONFIRMED, {v1::ATTENDANCE_STATE_HOURS_PROPOSED}, step));
  return CheckHeld(attendance, activity);
}

absl::Status Dispute(v1::Attendance& attendance, const Step& step) {
  return Enter(attendance, v1::ATTENDANCE_STATE_DISPUTED,
               {v1::ATTENDANCE_STATE_HOURS_PROPOSED, v1::ATTENDANCE_STATE_CONFIRMED, v1::ATTENDANCE_STATE_CORRECTED},
               step);
}

absl::Status Correct(v1::Attendance& attendance, const v1::Activity& activity,
                     const v1::CorrectAttendanceRequest& request, const Step& step) {
  RETURN_IF_ERROR(Enter(attendance, v1::ATTENDANCE_STATE_CORRECTED, {v1::ATTENDANCE_STATE_DISPUTED}, step));
  RETURN_IF_ERROR(CheckHeld(attendance, activity));
  if (!request.start_time().empty() || !request.end_time().empty()) {
    attendance.set_start_time(request.start_time());
    attendance.set_end_time(request.end_time());
    RETURN_IF_ERROR(CheckOwnTimes(attendance));
  }
  return SetHours(attendance, activity, request.hours());
}

Day RecordDueDay(Day activity_end, const WorkingDays& calendar) {
  return calendar.AfterWorkingDays(activity_end, kWorkingDaysToRecord).day;
}

bool MayBeLate(Day activity_end, Day recorded_on) { return recorded_on > activity_end + kWorkingDaysToRecord; }

}  // namespace dangjian::activity::attendance_rules
