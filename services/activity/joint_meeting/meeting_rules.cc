#include "services/activity/joint_meeting/meeting_rules.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"

namespace dangjian::activity::meeting_rules {
namespace {

std::string_view NameOf(v1::JointMeetingState state) {
  return StripPrefix(v1::JointMeetingState_Name(state), "JOINT_MEETING_STATE_");
}

absl::Status Require(const v1::JointMeeting& meeting, v1::JointMeetingState state, std::string_view verb) {
  if (meeting.state() == state) return absl::OkStatus();
  return IllegalTransition(meeting.name(), NameOf(meeting.state()), verb);
}

void Enter(v1::JointMeeting& meeting, v1::JointMeetingState state, const Step& step) {
  meeting.set_state(state);
  AddTransition(*meeting.mutable_transitions(), NameOf(state), step);
}

v1::Resolution* FindResolution(v1::JointMeeting& meeting, std::string_view resolution_id) {
  for (v1::Resolution& resolution : *meeting.mutable_resolutions()) {
    if (resolution.resolution_id() == resolution_id) return &resolution;
  }
  return nullptr;
}

void CheckResolutions(const v1::JointMeeting& meeting, Violations& violations) {
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < meeting.resolutions_size(); ++i) {
    const v1::Resolution& resolution = meeting.resolutions(i);
    const std::string path = absl::StrCat("joint_meeting.resolutions[", i, "]");
    if (!seen.insert(resolution.resolution_id()).second) {
      violations.Add(absl::StrCat(path, ".resolution_id"), reasons::kDuplicateResolution,
                     absl::StrCat(resolution.resolution_id(), " is used twice"));
    }
    if (DayOr(resolution.due_on(), Day::Max()) < DayOr(meeting.held_on(), Day::Min())) {
      violations.Add(absl::StrCat(path, ".due_on"), reasons::kResolutionBeforeMeeting, "due before the meeting");
    }
  }
}

}  // namespace

void Initialize(v1::JointMeeting& meeting, Step step) {
  meeting.clear_transitions();
  for (v1::Resolution& resolution : *meeting.mutable_resolutions()) {
    resolution.clear_done_on();
    resolution.clear_status();
  }
  if (!meeting.has_held_on()) return meeting.set_state(v1::JOINT_MEETING_STATE_PLANNED);
  step.day = DayOr(meeting.held_on(), step.today);
  Enter(meeting, v1::JOINT_MEETING_STATE_HELD, step);
}

void CheckContent(const v1::JointMeeting& meeting, Day today, Violations& violations) {
  if (!meeting.has_held_on() && !meeting.has_planned_on()) {
    violations.Add("joint_meeting.planned_on", reasons::kMeetingDateRequired, "give planned_on or held_on");
  }
  if (!meeting.has_held_on() && meeting.resolutions_size() > 0) {
    violations.Add("joint_meeting.resolutions", reasons::kMeetingNotHeld, "a planned meeting has resolved nothing");
  }
  if (DayOr(meeting.held_on(), today) > today) {
    violations.Add("joint_meeting.held_on", dangjian::reasons::kDateInFuture, "held after today");
  }
  CheckResolutions(meeting, violations);
}

absl::Status CheckChange(const v1::JointMeeting& current, v1::JointMeeting& updated) {
  if (current.state() != v1::JOINT_MEETING_STATE_PLANNED && current.state() != v1::JOINT_MEETING_STATE_HELD) {
    return IllegalTransition(current.name(), NameOf(current.state()), "an update");
  }
  for (const v1::Resolution& resolution : current.resolutions()) {
    if (!resolution.has_done_on()) continue;
    v1::Resolution* kept = FindResolution(updated, resolution.resolution_id());
    if (kept == nullptr) {
      return Error(reasons::kResolutionDoneMissing, absl::StrCat(resolution.resolution_id(), " is done and must stay"),
                   {{"resource", current.name()}, {"resolution", resolution.resolution_id()}});
    }
    *kept->mutable_done_on() = resolution.done_on();
  }
  return absl::OkStatus();
}

absl::Status Hold(v1::JointMeeting& meeting, const v1::HoldJointMeetingRequest& request, const Step& step) {
  RETURN_IF_ERROR(Require(meeting, v1::JOINT_MEETING_STATE_PLANNED, "holding it"));
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  *meeting.mutable_held_on() = DayToProto(step.day);
  if (request.attendees_size() > 0) *meeting.mutable_attendees() = request.attendees();
  *meeting.mutable_resolutions() = request.resolutions();
  Violations violations;
  CheckContent(meeting, step.today, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  Enter(meeting, v1::JOINT_MEETING_STATE_HELD, step);
  return absl::OkStatus();
}

absl::Status CompleteResolution(v1::JointMeeting& meeting, std::string_view resolution_id, const Step& step) {
  RETURN_IF_ERROR(Require(meeting, v1::JOINT_MEETING_STATE_HELD, "completing a resolution"));
  v1::Resolution* resolution = FindResolution(meeting, resolution_id);
  if (resolution == nullptr) {
    Violations violations;
    violations.Add("resolution_id", reasons::kUnknownResolution,
                   absl::StrCat("the meeting has no resolution ", ToAbsl(resolution_id)));
    return violations.ToStatus();
  }
  if (resolution->has_done_on()) {
    return Error(reasons::kResolutionDone, absl::StrCat("resolution ", ToAbsl(resolution_id), " is done"),
                 {{"resource", meeting.name()}, {"resolution", std::string(resolution_id)}});
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(meeting.held_on(), Day::Min())));
  *resolution->mutable_done_on() = DayToProto(step.day);
  AddTransition(*meeting.mutable_transitions(), absl::StrCat(ToAbsl(resolution_id), ":DONE"), step);
  return absl::OkStatus();
}

absl::Status Close(v1::JointMeeting& meeting, const Step& step) {
  RETURN_IF_ERROR(Require(meeting, v1::JOINT_MEETING_STATE_HELD, "closing"));
  Day not_before = DayOr(meeting.held_on(), Day::Min());
  for (const v1::Resolution& resolution : meeting.resolutions()) {
    if (!resolution.has_done_on()) {
      return Error(reasons::kResolutionsOpen, absl::StrCat("resolution ", resolution.resolution_id(), " is not done"),
                   {{"resource", meeting.name()}, {"resolution", resolution.resolution_id()}});
    }
    not_before = std::max(not_before, DayOr(resolution.done_on(), Day::Min()));
  }
  RETURN_IF_ERROR(CheckStep(step, not_before));
  Enter(meeting, v1::JOINT_MEETING_STATE_CLOSED, step);
  return absl::OkStatus();
}

absl::Status Cancel(v1::JointMeeting& meeting, const Step& step) {
  RETURN_IF_ERROR(Require(meeting, v1::JOINT_MEETING_STATE_PLANNED, "cancelling"));
  RETURN_IF_ERROR(CheckStep(step, Day::Min()));
  Enter(meeting, v1::JOINT_MEETING_STATE_CANCELLED, step);
  return absl::OkStatus();
}

void DeriveStatus(v1::JointMeeting& meeting, Day today) {
  for (v1::Resolution& resolution : *meeting.mutable_resolutions()) {
    if (resolution.has_done_on()) {
      resolution.set_status(v1::RESOLUTION_STATUS_DONE);
    } else {
      const bool late = DayOr(resolution.due_on(), Day::Max()) < today;
      resolution.set_status(late ? v1::RESOLUTION_STATUS_OVERDUE : v1::RESOLUTION_STATUS_OPEN);
    }
  }
}

}  // namespace dangjian::activity::meeting_rules
