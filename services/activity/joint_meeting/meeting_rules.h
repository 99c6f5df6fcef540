#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/activity/v1/joint_meeting.pb.h"

// Joint meetings and the follow-up of their resolutions. Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kMeetingDateRequired{"MEETING_DATE_REQUIRED", absl::StatusCode::kInvalidArgument,
                                             "请填写拟开会日期或实际召开日期"};
inline constexpr Reason kMeetingNotHeld{"MEETING_NOT_HELD", absl::StatusCode::kFailedPrecondition,
                                        "会议尚未召开,不能登记决议"};
inline constexpr Reason kDuplicateResolution{"DUPLICATE_RESOLUTION", absl::StatusCode::kInvalidArgument,
                                             "决议编号重复"};
inline constexpr Reason kResolutionBeforeMeeting{"RESOLUTION_BEFORE_MEETING", absl::StatusCode::kInvalidArgument,
                                                 "决议完成期限早于开会日期"};
inline constexpr Reason kUnknownResolution{"UNKNOWN_RESOLUTION", absl::StatusCode::kInvalidArgument, "会议没有此决议"};
inline constexpr Reason kResolutionDone{"RESOLUTION_DONE", absl::StatusCode::kFailedPrecondition, "该决议已登记完成"};
inline constexpr Reason kResolutionDoneMissing{"RESOLUTION_DONE_MISSING", absl::StatusCode::kFailedPrecondition,
                                               "已完成的决议不能删除"};
inline constexpr Reason kResolutionsOpen{"RESOLUTIONS_OPEN", absl::StatusCode::kFailedPrecondition,
                                         "尚有决议未完成,不能结束跟踪"};
}  // namespace reasons

namespace meeting_rules {

// Sets what a new record starts with: PLANNED or, when `held_on` is set, HELD. `step` gives today and the actor.
void Initialize(v1::JointMeeting& meeting, Step step);
// MEETING_DATE_REQUIRED, MEETING_NOT_HELD, DATE_IN_FUTURE, DUPLICATE_RESOLUTION, RESOLUTION_BEFORE_MEETING.
void CheckContent(const v1::JointMeeting& meeting, Day today, Violations& violations);
// Keeps in `updated` what verbs have recorded of its resolutions. ILLEGAL_TRANSITION when the meeting is closed or
// cancelled, RESOLUTION_DONE_MISSING.
absl::Status CheckChange(const v1::JointMeeting& current, v1::JointMeeting& updated);

absl::Status Hold(v1::JointMeeting& meeting, const v1::HoldJointMeetingRequest& request, const Step& step);
absl::Status CompleteResolution(v1::JointMeeting& meeting, std::string_view resolution_id, const Step& step);
absl::Status Close(v1::JointMeeting& meeting, const Step& step);
absl::Status Cancel(v1::JointMeeting& meeting, const Step& step);

// Fills the status of every resolution as at `today`: a resolution is OVERDUE from the day after `due_on`.
void DeriveStatus(v1::JointMeeting& meeting, Day today);

}  // namespace meeting_rules
}  // namespace dangjian::activity
