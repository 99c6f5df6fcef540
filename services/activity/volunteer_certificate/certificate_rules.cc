#include "services/activity/volunteer_certificate/certificate_rules.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/activity/attendance/attendance_rules.h"
#include "services/activity/attendance/hours.h"

namespace dangjian::activity::certificate_rules {
namespace {

std::string_view NameOf(v1::VolunteerCertificateState state) {
  return StripPrefix(v1::VolunteerCertificateState_Name(state), "VOLUNTEER_CERTIFICATE_STATE_");
}

}  // namespace

void Add(Service& service, DayRange period, const v1::Attendance& attendance) {
  const int64_t minutes = attendance_rules::CountedMinutes(attendance);
  if (minutes == 0 || !period.Contains(attendance_rules::DayOfAttendance(attendance))) return;
  service.minutes += minutes;
  ++service.attendances;
}

void Begin(v1::VolunteerCertificate& certificate, Day today, Violations& violations) {
  certificate.clear_transitions();
  if (!certificate.has_issued_on()) *certificate.mutable_issued_on() = DayToProto(today);
  const Day issued = DayOr(certificate.issued_on(), today);
  if (issued > today) {
    violations.Add("volunteer_certificate.issued_on", dangjian::reasons::kDateInFuture, "issued after today");
  }
  const std::optional<DayRange> period = DaysFromProto(certificate.period());
  if (!period.has_value()) {
    violations.Add("volunteer_certificate.period", dangjian::reasons::kDatesOutOfOrder, "ends before it begins");
  } else if (period->last > issued) {
    violations.Add("volunteer_certificate.period.end_date", reasons::kPeriodNotCompleted, "ends after the issue");
  }
}

absl::Status Issue(v1::VolunteerCertificate& certificate, const Service& service, Step step) {
  if (service.minutes == 0) {
    return Error(reasons::kNoConfirmedHours,
                 absl::StrCat(certificate.volunteer(), " has no confirmed hours in the period"),
                 {{"volunteer", certificate.volunteer()}});
  }
  certificate.set_minutes(service.minutes);
  certificate.set_hours(hours::Format(service.minutes));
  certificate.set_attendances(service.attendances);
  certificate.set_state(v1::VOLUNTEER_CERTIFICATE_STATE_ISSUED);
  step.day = DayOr(certificate.issued_on(), step.today);
  AddTransition(*certificate.mutable_transitions(), NameOf(certificate.state()), step);
  return absl::OkStatus();
}

absl::Status Revoke(v1::VolunteerCertificate& certificate, const Step& step) {
  if (certificate.state() != v1::VOLUNTEER_CERTIFICATE_STATE_ISSUED) {
    return IllegalTransition(certificate.name(), NameOf(certificate.state()), "revocation");
  }
  RETURN_IF_ERROR(CheckStep(step, LastStepDay(certificate.transitions())));
  certificate.set_state(v1::VOLUNTEER_CERTIFICATE_STATE_REVOKED);
  AddTransition(*certificate.mutable_transitions(), NameOf(certificate.state()), step);
  return absl::OkStatus();
}

v1::QueryVolunteerCertificateResponse Verify(const v1::VolunteerCertificate& certificate, const Service& service) {
  v1::QueryVolunteerCertificateResponse answer;
  const bool issued = certificate.state() == v1::VOLUNTEER_CERTIFICATE_STATE_ISSUED;
  answer.set_valid(issued && service.minutes >= certificate.minutes());
  answer.set_revoked(!issued);
  answer.set_volunteer_no(certificate.volunteer_no());
  answer.set_hours(certificate.hours());
  answer.set_hours_on_record(hours::Format(service.minutes));
  *answer.mutable_period() = certificate.period();
  answer.set_content(certificate.content());
  answer.set_recording_body(certificate.recording_body());
  *answer.mutable_issued_on() = certificate.issued_on();
  return answer;
}

}  // namespace dangjian::activity::certificate_rules
