#include "services/activity/volunteer_certificate/certificate_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::activity::certificate_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

const Day kToday = Day::Of(2026, 11, 20);
const DayRange kHalfYear{Day::Of(2026, 1, 1), Day::Of(2026, 6, 30)};

v1::VolunteerCertificate Certificate(const std::string& more = "") {
  auto certificate = Proto<v1::VolunteerCertificate>("name: 'volunteerCertificates/c' " + more);
  *certificate.mutable_period() = DaysToProto(kHalfYear);
  return certificate;
}

absl::Status Begin(v1::VolunteerCertificate certificate) {
  Violations violations;
  certificate_rules::Begin(certificate, kToday, violations);
  return violations.ToStatus();
}

TEST(CertificateRulesTest, AddsOnlyConfirmedHoursOfThePeriod) {
  Service service;
  const auto add = [&](const std::string& state, const std::string& more) {
    Add(service, kHalfYear, Proto<v1::Attendance>("minutes: 90 state: ATTENDANCE_STATE_" + state + " " + more));
  };
  const std::string inside = "date { year: 2026 month: 6 day: 30 }";
  add("CONFIRMED", inside);
  add("CORRECTED", inside);
  add("DISPUTED", inside);
  add("HOURS_PROPOSED", inside);
  add("CONFIRMED", inside + " activity_cancelled: true");
  add("CONFIRMED", "date { year: 2026 month: 7 day: 1 }");
  EXPECT_EQ(service, (Service{.minutes = 180, .attendances = 2}));
}

TEST(CertificateRulesTest, ThePeriodIsOverAtTheIssue) {
  EXPECT_THAT(Begin(Certificate()), IsOk());
  EXPECT_THAT(Begin(Certificate("issued_on { year: 2026 month: 6 day: 30 }")), IsOk());
  EXPECT_THAT(Begin(Certificate("issued_on { year: 2026 month: 6 day: 29 }")), HasReason(reasons::kPeriodNotCompleted));
  EXPECT_THAT(Begin(Certificate("issued_on { year: 2026 month: 11 day: 21 }")), HasReason("DATE_IN_FUTURE"));
  v1::VolunteerCertificate reversed = Certificate();
  reversed.mutable_period()->mutable_end_date()->set_year(2025);
  EXPECT_THAT(Begin(reversed), HasReason("DATES_OUT_OF_ORDER"));
}

TEST(CertificateRulesTest, StatesHoursAndIsVerifiedByThem) {
  const Step today{.day = kToday, .today = kToday};
  v1::VolunteerCertificate certificate = Certificate();
  EXPECT_THAT(Issue(certificate, {}, today), HasReason(reasons::kNoConfirmedHours));
  ASSERT_THAT(Issue(certificate, {.minutes = 180, .attendances = 2}, today), IsOk());
  EXPECT_EQ(certificate.hours(), "3.00");
  EXPECT_TRUE(Verify(certificate, {.minutes = 180}).valid());
  EXPECT_TRUE(Verify(certificate, {.minutes = 240}).valid()) << "more was confirmed since";
  EXPECT_FALSE(Verify(certificate, {.minutes = 120}).valid()) << "the records no longer show it";
  ASSERT_THAT(Revoke(certificate, today), IsOk());
  EXPECT_THAT(Revoke(certificate, today), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_TRUE(Verify(certificate, {.minutes = 180}).revoked());
  EXPECT_FALSE(Verify(certificate, {.minutes = 180}).valid());
}

}  // namespace
}  // namespace dangjian::activity::certificate_rules
