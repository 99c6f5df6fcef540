#include "services/activity/volunteer_certificate/certificate_service.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/change_record.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "services/activity/attendance/attendance_schema.h"
#include "services/activity/tags.h"
#include "services/activity/volunteer_certificate/certificate_schema.h"

namespace dangjian::activity {
namespace {

constexpr size_t kRowsAtOnce = 256;

}  // namespace

absl::StatusOr<certificate_rules::Service> VolunteerCertificateService::ServiceOf(
    rpc::CallContext& call, const v1::VolunteerCertificate& certificate) const {
  const DayRange period = DaysFromProto(certificate.period()).value_or(DayRange{Day::Max(), Day::Min()});
  const storage::KeyWriter prefix = AttendancesOfPerson(certificate.canonical_person());
  certificate_rules::Service service;
  std::string after;
  do {
    RETURN_IF_ERROR(call.CheckAlive());
    ASSIGN_OR_RETURN(const storage::RowPage page,
                     attendances_.core().ListByIndex(call.reader(), prefix.str(), after, kRowsAtOnce));
    for (const auto& row : page.rows) {
      certificate_rules::Add(service, period, static_cast<const v1::Attendance&>(*row));
    }
    after = page.last_key;
  } while (!after.empty());
  return service;
}

absl::Status VolunteerCertificateService::Issue(rpc::CallContext& call, v1::VolunteerCertificate& created) const {
  Violations violations;
  certificate_rules::Begin(created, call.today(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const v1::Volunteer volunteer, volunteers_.Get(call.reader(), created.volunteer()));
  created.set_volunteer_no(volunteer.volunteer_no());
  created.set_canonical_person(volunteer.canonical_person());
  ASSIGN_OR_RETURN(const certificate_rules::Service service, ServiceOf(call, created));
  return certificate_rules::Issue(created, service, StepOf(call, call.today()));
}

void VolunteerCertificateService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::VolunteerCertificate> options;
  options.on_create = [this](rpc::CallContext& call, v1::VolunteerCertificate& created) {
    return Issue(call, created);
  };
  options.list_filters = {{.field = "recording_body", .index_tag = tags::kVolunteerCertificateByBody},
                          {.field = "volunteer", .index_tag = tags::kVolunteerCertificateByVolunteer}};
  rpc::RegisterStandardMethods(
      router, *v1::VolunteerCertificate::descriptor()->file()->FindServiceByName("VolunteerCertificateService"),
      certificates_, tokens, std::move(options));
  router.Unary(this, &VolunteerCertificateService::Revoke);
  router.Unary(this, &VolunteerCertificateService::Query);
}

absl::StatusOr<v1::VolunteerCertificate> VolunteerCertificateService::Revoke(
    rpc::CallContext& call, const v1::RevokeVolunteerCertificateRequest& request) {
  Step step = StepOf(call, request.occurred_on(), request.reason());
  step.on_behalf_of = request.on_behalf_of();
  return ChangeRecord(call, certificates_, request,
                      [&](v1::VolunteerCertificate& row) { return certificate_rules::Revoke(row, step); });
}

absl::StatusOr<v1::QueryVolunteerCertificateResponse> VolunteerCertificateService::Query(
    rpc::CallContext& call, const v1::QueryVolunteerCertificateRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<v1::VolunteerCertificate> found,
                   certificates_.Find(call.reader(), CertificateWithNumber(request.certificate_no()), 1));
  if (found.empty()) {
    return Error(dangjian::reasons::kRecordNotFound, "no certificate has this number: check it against the paper");
  }
  ASSIGN_OR_RETURN(const certificate_rules::Service service, ServiceOf(call, found.front()));
  return certificate_rules::Verify(found.front(), service);
}

}  // namespace dangjian::activity
