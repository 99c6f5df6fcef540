#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/joint_meeting.pb.h"

namespace dangjian::activity {

// Handlers of dangjian.activity.v1.JointMeetingService. Thread-safe.
class JointMeetingService {
 public:
  // `meetings` must outlive the service.
  explicit JointMeetingService(const storage::Table<v1::JointMeeting>& meetings) : meetings_(meetings) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::JointMeeting> Hold(rpc::CallContext& call, const v1::HoldJointMeetingRequest& request);
  absl::StatusOr<v1::JointMeeting> CompleteResolution(rpc::CallContext& call,
                                                      const v1::CompleteResolutionRequest& request);
  absl::StatusOr<v1::JointMeeting> Close(rpc::CallContext& call, const v1::CloseJointMeetingRequest& request);
  absl::StatusOr<v1::JointMeeting> Cancel(rpc::CallContext& call, const v1::CancelJointMeetingRequest& request);

 private:
  // Changes the stored record and completes the answer.
  template <class Request, class Rule>
  absl::StatusOr<v1::JointMeeting> Change(rpc::CallContext& call, const Request& request, const Rule& rule);

  const storage::Table<v1::JointMeeting>& meetings_;
};

}  // namespace dangjian::activity
