#pragma once

#include "absl/status/statusor.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/volunteer.pb.h"
#include "dangjian/activity/v1/volunteer_certificate.pb.h"

namespace dangjian::activity {

// Handlers of dangjian.activity.v1.VolunteerService. Thread-safe.
class VolunteerService {
 public:
  // All must outlive the service.
  VolunteerService(const storage::Table<v1::Volunteer>& volunteers,
                   const storage::Table<v1::VolunteerCertificate>& certificates, const change::Directory& directory)
      : volunteers_(volunteers), certificates_(certificates), directory_(directory) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::Volunteer> Activate(rpc::CallContext& call, const v1::ActivateVolunteerRequest& request);
  absl::StatusOr<v1::Volunteer> Suspend(rpc::CallContext& call, const v1::SuspendVolunteerRequest& request);
  absl::StatusOr<v1::Volunteer> Withdraw(rpc::CallContext& call, const v1::WithdrawVolunteerRequest& request);

 private:
  // Derives and checks what is stored; `current` is null for a new record.
  absl::Status Complete(rpc::CallContext& call, const v1::Volunteer* current, v1::Volunteer& volunteer) const;
  // UNIQUE_VIOLATION when the person is registered already, under whatever name. Two who were registered before they
  // turned out to be one person stay: one of them is withdrawn by hand.
  absl::Status CheckOnce(rpc::CallContext& call, const v1::Volunteer& volunteer) const;
  const storage::Table<v1::Volunteer>& volunteers_;
  const storage::Table<v1::VolunteerCertificate>& certificates_;
  const change::Directory& directory_;
};

}  // namespace dangjian::activity
