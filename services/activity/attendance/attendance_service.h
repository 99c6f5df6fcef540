#pragma once

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/activity.pb.h"
#include "dangjian/activity/v1/attendance.pb.h"
#include "dangjian/activity/v1/volunteer.pb.h"

namespace dangjian::activity {

// Handlers of dangjian.activity.v1.AttendanceService. Thread-safe.
class AttendanceService {
 public:
  // All must outlive the service.
  AttendanceService(const storage::Table<v1::Attendance>& attendances, const storage::Table<v1::Activity>& activities,
                    const storage::Table<v1::Volunteer>& volunteers, const change::Directory& directory)
      : attendances_(attendances), activities_(activities), volunteers_(volunteers), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::Attendance> CheckIn(rpc::CallContext& call, const v1::CheckInAttendanceRequest& request);
  absl::StatusOr<v1::Attendance> CheckOut(rpc::CallContext& call, const v1::CheckOutAttendanceRequest& request);
  absl::StatusOr<v1::Attendance> ProposeHours(rpc::CallContext& call, const v1::ProposeAttendanceHoursRequest& request);
  absl::StatusOr<v1::Attendance> Confirm(rpc::CallContext& call, const v1::ConfirmAttendanceRequest& request);
  absl::StatusOr<v1::Attendance> Dispute(rpc::CallContext& call, const v1::DisputeAttendanceRequest& request);
  absl::StatusOr<v1::Attendance> Correct(rpc::CallContext& call, const v1::CorrectAttendanceRequest& request);

 private:
  absl::Status Create(rpc::CallContext& call, v1::Attendance& created) const;
  // GUARDIAN_CONSENT_REQUIRED for a registered volunteer who is a minor on the day of a volunteer service.
  absl::Status CheckConsent(rpc::CallContext& call, const v1::Activity& activity,
                            const v1::Attendance& attendance) const;
  // DUPLICATE_ATTENDANCE, OVERLAPPING_ATTENDANCE.
  absl::Status CheckNeighbours(rpc::CallContext& call, const v1::Attendance& attendance) const;
  // Sets `late` when a volunteer record is complete only today and that is after its last day.
  absl::Status FlagLate(rpc::CallContext& call, const v1::Activity& activity, v1::Attendance& attendance) const;

  const storage::Table<v1::Attendance>& attendances_;
  const storage::Table<v1::Activity>& activities_;
  const storage::Table<v1::Volunteer>& volunteers_;
  const change::Directory& directory_;
};

}  // namespace dangjian::activity
