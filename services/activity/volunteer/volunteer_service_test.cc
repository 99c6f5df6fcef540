#include "absl/strings/str_cat.h"
#include "common/types/age.h"
#include "common/types/date.h"
#include "dangjian/activity/v1/volunteer.pb.h"
#include "dangjian/activity/v1/volunteer_certificate.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/activity/testing/people_fixture.h"
#include "services/activity/volunteer/volunteer_rules.h"
#include "services/activity/volunteer_certificate/certificate_rules.h"

namespace dangjian::activity {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::google::protobuf::Empty;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using v1::Volunteer;
using v1::VolunteerCertificate;

constexpr char kConsent[] = "guardian_consent { guardian_name: '家长' given_on { year: 2026 month: 3 day: 1 } }";

class VolunteerServiceTest : public PeopleTest {
 protected:
  absl::StatusOr<Volunteer> Enroll(const std::string& id, const std::string& person, const std::string& more = "") {
    return Call<Volunteer, v1::CreateVolunteerRequest>(
        absl::StrCat("volunteer_id: '", id, "' volunteer { volunteer_no: 'ZY-", id == "a" ? "0001" : "0002",
                     "' person: '", person, "' organization: 'organizations/east' skills: '理发' consented_on ",
                     DateText("2026-03-01"), " registered_on ", DateText("2026-03-05"), " ", more, " }"));
  }
  absl::StatusOr<VolunteerCertificate> Certify(const std::string& number, const std::string& more = "") {
    return Call<VolunteerCertificate, v1::CreateVolunteerCertificateRequest>(absl::StrCat(
        "volunteer_certificate_id: 'c' volunteer_certificate { certificate_no: '", number,
        "' volunteer: 'volunteers/a' recording_body: 'organizations/east' content: '环境整治' period { start_date ",
        DateText("2026-03-01"), " end_date ", DateText("2026-03-31"), " } ", more, " }"));
  }
  template <class Request>
  absl::StatusOr<Volunteer> Do(const std::string& day, const std::string& more = "") {
    return Call<Volunteer, Request>(absl::StrCat("name: 'volunteers/a' occurred_on ", DateText(day), " ", more));
  }
  absl::StatusOr<v1::QueryVolunteerCertificateResponse> Verify(const std::string& number) {
    return Call<v1::QueryVolunteerCertificateResponse, v1::QueryVolunteerCertificateRequest>("certificate_no: '" +
                                                                                             number + "'");
  }
  absl::StatusOr<Volunteer> Update(const std::string& more, const std::string& mask) {
    return Call<Volunteer, v1::UpdateVolunteerRequest>(
        absl::StrCat("volunteer { name: 'volunteers/a' ", more, " } update_mask { paths: '", mask, "' }"));
  }
  absl::Status SetBorn(const std::string& resident, Day born) {
    return ChangeResident(resident, [&](registry::v1::Resident& row) { *row.mutable_birth_date() = DayToProto(born); });
  }
  std::vector<std::string> LackingConsent() {
    const auto page =
        Call<v1::ListVolunteersResponse, v1::ListVolunteersRequest>("lacking_consent_in: 'organizations/east'");
    std::vector<std::string> names;
    if (!page.ok()) return {page.status().ToString()};
    for (const Volunteer& row : page->volunteers()) names.push_back(row.name());
    return names;
  }
  int64_t Registered(Day day) { return Figure("registered_volunteers", "street", day); }
};

TEST_F(VolunteerServiceTest, CountsFromRegistrationThroughTheLastDay) {
  ASSERT_THAT(Enroll("a", "members/wang"), IsOk());
  EXPECT_EQ(Registered(Day::Of(2026, 3, 4)), 0);
  EXPECT_EQ(Registered(Day::Of(2026, 3, 5)), 1);
  ASSERT_THAT(Do<v1::ActivateVolunteerRequest>("2026-03-06"), IsOk());
  ASSERT_THAT(Do<v1::SuspendVolunteerRequest>("2026-04-01", "reason: '生病休息'"), IsOk());
  EXPECT_EQ(Registered(Day::Of(2026, 4, 2)), 1);
  ASSERT_THAT(Do<v1::WithdrawVolunteerRequest>("2026-06-30"), IsOk());
  EXPECT_EQ(Registered(Day::Of(2026, 6, 30)), 1);
  EXPECT_EQ(Registered(Day::Of(2026, 7, 1)), 0);
  EXPECT_THAT(Do<v1::ActivateVolunteerRequest>("2026-07-01"), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Enroll("b", "members/wang"), IsOk()) << "registers again";
}

TEST_F(VolunteerServiceTest, APersonIsRegisteredOnceAndANumberUsedOnce) {
  ASSERT_THAT(AddPerson("sun", "members/wang"), IsOk());
  ASSERT_THAT(Enroll("a", "members/wang"), IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT(Enroll("b", "residents/sun"), HasReason("UNIQUE_VIOLATION"));
  EXPECT_THAT((Call<Volunteer, v1::CreateVolunteerRequest>(absl::StrCat(
                  "volunteer { volunteer_no: 'ZY-0001' person: 'members/li' organization: 'organizations/east' "
                  "consented_on ",
                  DateText("2026-03-01"), " registered_on ", DateText("2026-03-05"), " }"))),
              HasReason("UNIQUE_VIOLATION"));
  EXPECT_THAT(Enroll("b", "members/li", "minor: true"), HasReason(reasons::kGuardianConsentRequired));
  EXPECT_THAT(Enroll("b", "members/li", "citizen_number: '11010519491231002X'"),
              HasReason("SENSITIVE_FIELD_NOT_ACCEPTED"));
  EXPECT_EQ(LastRevision(), before) << "something was stored";
}

TEST_F(VolunteerServiceTest, TheRegisterSaysWhoIsAMinor) {
  ASSERT_THAT(AddPerson("child"), IsOk());
  ASSERT_THAT(AddPerson("adult"), IsOk());
  ASSERT_THAT(SetBorn("child", Day::Of(2012, 5, 1)), IsOk());
  ASSERT_THAT(SetBorn("adult", Day::Of(1980, 5, 1)), IsOk());
  EXPECT_THAT(Enroll("a", "residents/child"), HasReason(reasons::kGuardianConsentRequired));
  const auto with_consent = Enroll("a", "residents/child", kConsent);
  ASSERT_THAT(with_consent, IsOk());
  EXPECT_TRUE(with_consent->minor());
  EXPECT_THAT(Update("minor: false", "minor"), HasReason(dangjian::reasons::kAgeContradictsRegister));
  const int64_t before = LastRevision();
  EXPECT_THAT(Enroll("b", "residents/adult", absl::StrCat("minor: true ", kConsent)),
              HasReason(dangjian::reasons::kAgeContradictsRegister));
  EXPECT_EQ(LastRevision(), before) << "something was stored";
  EXPECT_THAT(Enroll("b", "residents/adult"), IsOk());
}

TEST_F(VolunteerServiceTest, ADateOfBirthEnteredLaterShowsTheMinorWithoutAGuardian) {
  ASSERT_THAT(AddPerson("child"), IsOk());
  ASSERT_THAT(Enroll("a", "residents/child"), IsOk());
  ASSERT_THAT(Enroll("b", "members/li"), IsOk());
  ASSERT_THAT(AddHeld("before", "2026-04-01"), IsOk());
  ASSERT_THAT(AddHeld("meeting", "2026-04-01", "MEETING"), IsOk());
  ASSERT_THAT(AddOpen("open", "2026-04-02"), IsOk());
  ASSERT_THAT(
      (Call<v1::Attendance, v1::CreateAttendanceRequest>(
          "attendance_id: 's' attendance { activity: 'activities/open' person: 'residents/child' voluntary: true }")),
      IsOk());
  EXPECT_THAT(LackingConsent(), IsEmpty());

  ASSERT_THAT(SetBorn("child", Day::Of(2015, 5, 1)), IsOk());
  EXPECT_THAT(LackingConsent(), ElementsAre("volunteers/a"));
  const int64_t before = LastRevision();
  EXPECT_THAT(Attend("1", "before", "residents/child"), HasReason(reasons::kGuardianConsentRequired));
  EXPECT_THAT((Call<v1::Attendance, v1::CheckInAttendanceRequest>("name: 'attendances/s' time: '09:00'")),
              HasReason(reasons::kGuardianConsentRequired));
  EXPECT_THAT(Do<v1::ActivateVolunteerRequest>("2026-03-06"), HasReason(reasons::kGuardianConsentRequired));
  EXPECT_EQ(LastRevision(), before) << "something was stored";
  EXPECT_THAT(Attend("m", "meeting", "residents/child"), IsOk()) << "no volunteer service";

  // The office gets the consent: from that day on.
  ASSERT_THAT(
      Update("guardian_consent { guardian_name: '家长' given_on { year: 2026 month: 4 day: 2 } }", "guardian_consent"),
      IsOk());
  EXPECT_THAT(LackingConsent(), IsEmpty());
  EXPECT_THAT(Attend("1", "before", "residents/child"), HasReason(reasons::kGuardianConsentRequired));
  EXPECT_THAT((Call<v1::Attendance, v1::CheckInAttendanceRequest>("name: 'attendances/s' time: '09:00'")), IsOk());
  EXPECT_THAT(Do<v1::ActivateVolunteerRequest>("2026-04-02"), IsOk());
}

TEST_F(VolunteerServiceTest, AMergeTellsOfAMinorAndALeaverIsNoLongerListed) {
  ASSERT_THAT(AddPerson("child"), IsOk());
  ASSERT_THAT(AddPerson("twice"), IsOk());
  ASSERT_THAT(SetBorn("child", Day::Of(2015, 5, 1)), IsOk());
  ASSERT_THAT(Enroll("a", "residents/twice"), IsOk());
  ASSERT_THAT(MergeResident("twice", "child"), IsOk());
  EXPECT_THAT(LackingConsent(), ElementsAre("volunteers/a"));
  ASSERT_THAT(SetBorn("child", Day::Of(1985, 5, 1)), IsOk());
  EXPECT_THAT(LackingConsent(), IsEmpty()) << "the date was wrong";
  ASSERT_THAT(SetBorn("child", Day::Of(2015, 5, 1)), IsOk());
  ASSERT_THAT(Do<v1::WithdrawVolunteerRequest>("2026-06-30"), IsOk());
  EXPECT_THAT(LackingConsent(), IsEmpty());
}

TEST_F(VolunteerServiceTest, ACertificateStatesConfirmedHours) {
  ASSERT_THAT(Enroll("a", "members/wang"), IsOk());
  EXPECT_THAT(Certify("HLJ-2026-1"), HasReason(reasons::kNoConfirmedHours));
  const std::string times = "start_time: '09:00' end_time: '11:00'";
  ASSERT_THAT(AddHeld("march", "2026-03-10", "VOLUNTEER_SERVICE", times), IsOk());
  ASSERT_THAT(AddHeld("april", "2026-04-10", "VOLUNTEER_SERVICE", times), IsOk());
  ASSERT_THAT(Attend("1", "march", "members/wang", "hours: '1.5'"), IsOk());
  ASSERT_THAT(Attend("2", "april", "members/wang"), IsOk());
  ASSERT_THAT(Attend("3", "march", "members/li"), IsOk());
  const auto certificate = Certify("HLJ-2026-1", "issued_on " + DateText("2026-04-15"));
  ASSERT_THAT(certificate, IsOk());
  EXPECT_EQ(certificate->hours(), "1.50");
  EXPECT_EQ(certificate->attendances(), 1);
  EXPECT_EQ(certificate->volunteer_no(), "ZY-0001");
  const DayRange april{Day::Of(2026, 4, 1), Day::Of(2026, 4, 30)};
  EXPECT_EQ(Figure("certificates_issued", "street", april), 1);
  EXPECT_THAT((Call<VolunteerCertificate, v1::CreateVolunteerCertificateRequest>(absl::StrCat(
                  "volunteer_certificate { certificate_no: 'HLJ-2026-1' volunteer: 'volunteers/a' recording_body: "
                  "'organizations/east' content: '环境整治' period { start_date ",
                  DateText("2026-03-01"), " end_date ", DateText("2026-03-31"), " } }"))),
              HasReason("UNIQUE_VIOLATION"));
  EXPECT_THAT((Call<Empty, v1::DeleteVolunteerRequest>("name: 'volunteers/a'")),
              HasReason(reasons::kVolunteerHasCertificates));
}

TEST_F(VolunteerServiceTest, ACertificateIsVerifiedByItsNumber) {
  ASSERT_THAT(Enroll("a", "members/wang"), IsOk());
  ASSERT_THAT(AddHeld("march", "2026-03-10", "VOLUNTEER_SERVICE", "start_time: '09:00' end_time: '11:00'"), IsOk());
  ASSERT_THAT(Attend("1", "march", "members/wang"), IsOk());
  ASSERT_THAT(Certify("HLJ-2026-1"), IsOk());
  EXPECT_THAT(Verify("HLJ-2026-9"), HasReason("RECORD_NOT_FOUND"));
  EXPECT_THAT(Verify("HLJ-2026"), HasReason("RECORD_NOT_FOUND")) << "a part of the number";
  const auto good = Verify("HLJ-2026-1");
  ASSERT_THAT(good, IsOk());
  EXPECT_TRUE(good->valid());
  EXPECT_EQ(good->hours(), "2.00");
  EXPECT_EQ(good->hours_on_record(), "2.00");
  ASSERT_THAT((Step<v1::CancelActivityRequest>("march", "2026-04-20", "reason: '误录'")), IsOk());
  EXPECT_FALSE(Verify("HLJ-2026-1")->valid()) << "the records no longer show the hours";
  EXPECT_EQ(Verify("HLJ-2026-1")->hours_on_record(), "0.00");
  ASSERT_THAT((Call<VolunteerCertificate, v1::RevokeVolunteerCertificateRequest>(
                  "name: 'volunteerCertificates/c' reason: '活动取消'")),
              IsOk());
  EXPECT_TRUE(Verify("HLJ-2026-1")->revoked());
  EXPECT_EQ(Figure("certificates_issued", "street", k2026), 0);
}

}  // namespace
}  // namespace dangjian::activity
