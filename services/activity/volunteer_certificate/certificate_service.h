#pragma once

#include "absl/status/statusor.h"
#include "common/rpc/call_context.h"
#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/activity/v1/attendance.pb.h"
#include "dangjian/activity/v1/volunteer.pb.h"
#include "dangjian/activity/v1/volunteer_certificate.pb.h"
#include "services/activity/volunteer_certificate/certificate_rules.h"

namespace dangjian::activity {

// Handlers of dangjian.activity.v1.VolunteerCertificateService. Thread-safe.
class VolunteerCertificateService {
 public:
  // All must outlive the service.
  VolunteerCertificateService(const storage::Table<v1::VolunteerCertificate>& certificates,
                              const storage::Table<v1::Volunteer>& volunteers,
                              const storage::Table<v1::Attendance>& attendances)
      : certificates_(certificates), volunteers_(volunteers), attendances_(attendances) {}

  void Register(rpc::Router& router, rpc::PageTokens& tokens);

  absl::StatusOr<v1::VolunteerCertificate> Revoke(rpc::CallContext& call,
                                                  const v1::RevokeVolunteerCertificateRequest& request);
  absl::StatusOr<v1::QueryVolunteerCertificateResponse> Query(rpc::CallContext& call,
                                                              const v1::QueryVolunteerCertificateRequest& request);

 private:
  absl::Status Issue(rpc::CallContext& call, v1::VolunteerCertificate& created) const;
  // The confirmed service on record now. Cost: all attendances of the person.
  absl::StatusOr<certificate_rules::Service> ServiceOf(rpc::CallContext& call,
                                                       const v1::VolunteerCertificate& certificate) const;

  const storage::Table<v1::VolunteerCertificate>& certificates_;
  const storage::Table<v1::Volunteer>& volunteers_;
  const storage::Table<v1::Attendance>& attendances_;
};

}  // namespace dangjian::activity
