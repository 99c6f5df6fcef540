#include "services/activity/volunteer_certificate/certificate_schema.h"

#include "common/types/date.h"
#include "services/activity/tags.h"

namespace dangjian::activity {
namespace {

const storage::MeasureDef kCertificatesIssued{.tag = tags::kCertificatesIssued,
                                              .id = "certificates_issued",
                                              .label_zh = "出具志愿服务证明",
                                              .label_en = "Volunteer certificates issued",
                                              .unit = "certificate",
                                              .kind = measure::v1::MEASURE_KIND_EVENT,
                                              .time = measure::v1::MEASURE_TIME_FLOW};

std::vector<storage::Contribution> Contributions(const v1::VolunteerCertificate& certificate) {
  if (certificate.state() != v1::VOLUNTEER_CERTIFICATE_STATE_ISSUED) return {};
  return {{.measure = &kCertificatesIssued, .day = DayOr(certificate.issued_on(), Day())}};
}

bool ByBody(const v1::VolunteerCertificate& certificate, storage::KeyWriter& key) {
  key.Text(certificate.recording_body());
  return true;
}

bool ByVolunteer(const v1::VolunteerCertificate& certificate, storage::KeyWriter& key) {
  key.Text(certificate.volunteer());
  return true;
}

bool ByNumber(const v1::VolunteerCertificate& certificate, storage::KeyWriter& key) {
  key.Text(certificate.certificate_no());
  return true;
}

}  // namespace

storage::TableSchema<v1::VolunteerCertificate> VolunteerCertificateSchema() {
  return {.tag = tags::kVolunteerCertificate,
          .collection = "volunteerCertificates",
          .owner = [](const v1::VolunteerCertificate& certificate) { return certificate.recording_body(); },
          .indexes = {{.tag = tags::kVolunteerCertificateByBody, .name = "by_recording_body", .columns = &ByBody},
                      {.tag = tags::kVolunteerCertificateByVolunteer, .name = "by_volunteer", .columns = &ByVolunteer},
                      {.tag = tags::kVolunteerCertificateByNumber,
                       .name = "certificate_no",
                       .columns = &ByNumber,
                       .unique = true}},
          .measures = {&kCertificatesIssued},
          .contributions = &Contributions};
}

storage::KeyWriter CertificateWithNumber(std::string_view number) {
  storage::KeyWriter prefix(tags::kVolunteerCertificateByNumber);
  prefix.Text(number);
  return prefix;
}

}  // namespace dangjian::activity
