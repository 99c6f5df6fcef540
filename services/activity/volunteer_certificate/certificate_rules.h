#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/activity/v1/attendance.pb.h"
#include "dangjian/activity/v1/volunteer_certificate.pb.h"

// Certificates of volunteer service (民政部令67号). Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kNoConfirmedHours{"NO_CONFIRMED_HOURS", absl::StatusCode::kFailedPrecondition,
                                          "该志愿者在此期间没有已确认的服务时间,不能出具证明"};
inline constexpr Reason kPeriodNotCompleted{"PERIOD_NOT_COMPLETED", absl::StatusCode::kInvalidArgument,
                                            "证明期间须在出具日期当日或之前结束"};
}  // namespace reasons

namespace certificate_rules {

// Confirmed service of one person within a period.
struct Service {
  int64_t minutes = 0;
  int32_t attendances = 0;
  bool operator==(const Service&) const = default;
};
// Adds an attendance when it lies in the period and has counted minutes.
void Add(Service& service, DayRange period, const v1::Attendance& attendance);

// Sets what a new record starts with, before its hours are known. DATE_IN_FUTURE, DATES_OUT_OF_ORDER,
// PERIOD_NOT_COMPLETED.
void Begin(v1::VolunteerCertificate& certificate, Day today, Violations& violations);
// States the hours and issues it. NO_CONFIRMED_HOURS.
absl::Status Issue(v1::VolunteerCertificate& certificate, const Service& service, Step step);
// ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status Revoke(v1::VolunteerCertificate& certificate, const Step& step);

// What a verifier is told; `service` is what the records show now.
v1::QueryVolunteerCertificateResponse Verify(const v1::VolunteerCertificate& certificate, const Service& service);

}  // namespace certificate_rules
}  // namespace dangjian::activity
