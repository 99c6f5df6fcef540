#pragma once

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/activity.pb.h"
#include "dangjian/activity/v1/attendance.pb.h"

namespace dangjian::activity {

// Handlers of dangjian.activity.v1.ActivityService. Thread-safe.
class ActivityService {
 public:
  // All must outlive the service.
  ActivityService(const storage::Table<v1::Activity>& activities, const storage::Table<v1::Attendance>& attendances,
                  const change::Directory& directory)
      : activities_(activities), attendances_(attendances), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::Activity> Approve(rpc::CallContext& call, const v1::ApproveActivityRequest& request);
  absl::StatusOr<v1::Activity> Open(rpc::CallContext& call, const v1::OpenActivityRequest& request);
  absl::StatusOr<v1::Activity> Hold(rpc::CallContext& call, const v1::HoldActivityRequest& request);
  absl::StatusOr<v1::Activity> Report(rpc::CallContext& call, const v1::ReportActivityRequest& request);
  absl::StatusOr<v1::Activity> Verify(rpc::CallContext& call, const v1::VerifyActivityRequest& request);
  absl::StatusOr<v1::Activity> Cancel(rpc::CallContext& call, const v1::CancelActivityRequest& request);

 private:
  absl::Status Complete(rpc::CallContext& call, v1::Activity& activity) const;
  // ACTIVITY_HAS_ATTENDANCES.
  absl::Status CheckNobodyCame(rpc::CallContext& call, const v1::Activity& activity) const;

  const storage::Table<v1::Activity>& activities_;
  const storage::Table<v1::Attendance>& attendances_;
  const change::Directory& directory_;
};

}  // namespace dangjian::activity
