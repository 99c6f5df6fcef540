#include "services/activity/joint_meeting/meeting_service.h"

#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "services/activity/joint_meeting/meeting_rules.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

absl::Status CheckContent(rpc::CallContext& call, const v1::JointMeeting& meeting) {
  Violations violations;
  meeting_rules::CheckContent(meeting, call.today(), violations);
  return violations.ToStatus();
}

}  // namespace

void JointMeetingService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::JointMeeting> options;
  options.on_create = [](rpc::CallContext& call, v1::JointMeeting& created) {
    meeting_rules::Initialize(created, StepOf(call, call.today()));
    return CheckContent(call, created);
  };
  options.on_update = [](rpc::CallContext& call, const v1::JointMeeting& current, v1::JointMeeting& updated) {
    RETURN_IF_ERROR(meeting_rules::CheckChange(current, updated));
    return CheckContent(call, updated);
  };
  options.on_answer = [](rpc::CallContext& call, v1::JointMeeting& answered) {
    meeting_rules::DeriveStatus(answered, call.today());
  };
  options.list_filters = {{.field = "organization", .index_tag = tags::kJointMeetingByOrganization},
                          {.field = "campaign", .index_tag = tags::kJointMeetingByCampaign}};
  rpc::RegisterStandardMethods(router,
                               *v1::JointMeeting::descriptor()->file()->FindServiceByName("JointMeetingService"),
                               meetings_, tokens, std::move(options));
  router.Unary(this, &JointMeetingService::Hold);
  router.Unary(this, &JointMeetingService::CompleteResolution);
  router.Unary(this, &JointMeetingService::Close);
  router.Unary(this, &JointMeetingService::Cancel);
}

template <class Request, class Rule>
absl::StatusOr<v1::JointMeeting> JointMeetingService::Change(rpc::CallContext& call, const Request& request,
                                                             const Rule& rule) {
  ASSIGN_OR_RETURN(v1::JointMeeting meeting, ChangeRecord(call, meetings_, request, rule));
  meeting_rules::DeriveStatus(meeting, call.today());
  return meeting;
}

absl::StatusOr<v1::JointMeeting> JointMeetingService::Hold(rpc::CallContext& call,
                                                           const v1::HoldJointMeetingRequest& request) {
  const Step step = StepOf(call, request.held_on());
  return Change(call, request, [&](v1::JointMeeting& meeting) { return meeting_rules::Hold(meeting, request, step); });
}

absl::StatusOr<v1::JointMeeting> JointMeetingService::CompleteResolution(rpc::CallContext& call,
                                                                         const v1::CompleteResolutionRequest& request) {
  Step step = StepOf(call, request.done_on());
  step.on_behalf_of = request.on_behalf_of();
  return Change(call, request, [&](v1::JointMeeting& meeting) {
    return meeting_rules::CompleteResolution(meeting, request.resolution_id(), step);
  });
}

absl::StatusOr<v1::JointMeeting> JointMeetingService::Close(rpc::CallContext& call,
                                                            const v1::CloseJointMeetingRequest& request) {
  const Step step = StepOf(call, request.occurred_on());
  return Change(call, request, [&](v1::JointMeeting& meeting) { return meeting_rules::Close(meeting, step); });
}

absl::StatusOr<v1::JointMeeting> JointMeetingService::Cancel(rpc::CallContext& call,
                                                             const v1::CancelJointMeetingRequest& request) {
  const Step step = StepOf(call, request.occurred_on(), request.reason());
  return Change(call, request, [&](v1::JointMeeting& meeting) { return meeting_rules::Cancel(meeting, step); });
}

}  // namespace dangjian::activity
