#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "google/protobuf/empty.pb.h"
#include "services/welfare/counted/counted.h"
#include "services/welfare/testing/employment_fixture.h"
#include "services/welfare/unemployment_registration/registration_rules.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;

class RegistrationServiceTest : public EmploymentTest {
 protected:
  int64_t Unemployed(Day day) { return Figure("registered_unemployed", "street", day); }
  int64_t HardToEmploy(Day day) { return Figure("hard_to_employ_persons", "street", day); }
};

TEST_F(RegistrationServiceTest, CountsFromTheRegistrationUntilItEnds) {
  ASSERT_THAT(Register("r-1", "he", "2026-01-10"), IsOk());
  ASSERT_THAT(Register("r-2", "lin", "2026-02-01"), IsOk());
  EXPECT_EQ(Unemployed(Day::Of(2026, 1, 9)), 0);
  EXPECT_EQ(Unemployed(Day::Of(2026, 1, 10)), 1);
  EXPECT_EQ(Unemployed(Day::Of(2026, 2, 1)), 2);
  const auto closed = Close("r-1", "WITHDRAWN", "2026-03-01");
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(Unemployed(Day::Of(2026, 2, 28)), 2);
  EXPECT_EQ(Unemployed(Day::Of(2026, 3, 1)), 1);
  // Registered anew: the same person.
  ASSERT_THAT(Register("r-3", "he", "2026-03-01"), IsOk());
  EXPECT_EQ(Unemployed(Day::Of(2026, 3, 1)), 2);
  EXPECT_EQ(Figure("registered_unemployed", "west", Day::Of(2026, 3, 1)), 0);
}

TEST_F(RegistrationServiceTest, AResidentHasOneOpenRegistration) {
  ASSERT_THAT(Register("r-1", "he"), IsOk());
  EXPECT_THAT(Register("r-2", "he"), HasReason("UNIQUE_VIOLATION"));
  EXPECT_THAT(Registration("r-2"), HasReason("RECORD_NOT_FOUND"));
}

TEST_F(RegistrationServiceTest, ADuplicateIsOnePersonUntilTheMergeIsTakenBack) {
  AddPerson("he-2", "MALE", "1975-05-01");
  ASSERT_THAT(Register("r-1", "he"), IsOk());
  ASSERT_THAT(Register("r-2", "he-2"), IsOk());
  ASSERT_THAT(CreateCourse("c"), IsOk());
  ASSERT_THAT(Enrol("e-1", "registration: 'unemploymentRegistrations/r-1'"), IsOk());
  ASSERT_THAT(Enrol("e-2", "registration: 'unemploymentRegistrations/r-2'"), IsOk());
  ASSERT_THAT(Complete("e-1", "2026-03-20"), IsOk());
  ASSERT_THAT(Complete("e-2", "2026-03-20"), IsOk());
  ASSERT_THAT(Place("p-2", "r-2", "2026-04-01"), IsOk());
  ASSERT_THAT(Place("p-1", "r-1", "2026-05-01"), IsOk());
  const DayRange year{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};
  const Day day = Day::Of(2026, 2, 1);
  EXPECT_EQ(Unemployed(day), 2);
  ASSERT_THAT(MergeResident("he-2", "he"), IsOk());
  EXPECT_EQ(Unemployed(day), 1);
  EXPECT_EQ(Figure("trained_persons", "street", year), 1);
  EXPECT_EQ(Figure("placed_persons", "street", year), 1);
  EXPECT_THAT(Register("r-3", "he-2", "2026-06-01"), HasReason(reasons::kNamesMergedRecord));
  AddPerson("he-3", "MALE", "1975-05-01");
  ASSERT_THAT(MergeResident("he-2", "he-3"), IsOk());
  EXPECT_EQ(Unemployed(day), 2);
  EXPECT_THAT(Enrol("e-3", "resident: 'residents/he-3'"), HasReason("UNIQUE_VIOLATION"));
  ASSERT_THAT(MergeResident("he-2", ""), IsOk());
  EXPECT_EQ(Unemployed(day), 2);
  EXPECT_EQ(Figure("trained_persons", "street", year), 2);
  EXPECT_EQ(Figure("placed_persons", "street", year), 2);
}

TEST_F(RegistrationServiceTest, ADuplicateHasNoSecondOpenRegistration) {
  AddPerson("he-2", "MALE", "1975-05-01");
  ASSERT_THAT(Register("r-1", "he-2"), IsOk());
  ASSERT_THAT(MergeResident("he-2", "he"), IsOk());
  EXPECT_THAT(Register("r-2", "he"), HasReason("UNIQUE_VIOLATION"));
  EXPECT_THAT(Registration("r-2"), HasReason("RECORD_NOT_FOUND"));
  ASSERT_THAT(MergeResident("he-2", ""), IsOk());
  EXPECT_THAT(Register("r-2", "he"), IsOk());
}

TEST_F(RegistrationServiceTest, RefusesPeopleOutsideWorkingAgeOrOfUnknownAge) {
  EXPECT_THAT(Register("r-1", "boy"), HasReason(reasons::kBelowWorkingAge));
  EXPECT_THAT(Register("r-1", "elder"), HasReason(reasons::kPastRetirementAge));
  EXPECT_THAT(Register("r-1", "zhang-1"), HasReason(reasons::kAgeNotKnown));
  EXPECT_THAT(Register("r-1", "he", "2026-11-21"), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(Register("r-1", "nobody"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Registration("r-1"), HasReason("RECORD_NOT_FOUND"));
  EXPECT_EQ(Unemployed(Day::Of(2026, 11, 20)), 0);
}

TEST_F(RegistrationServiceTest, CountsPeopleWhoAreHardToEmployOnceWhateverTheTypes) {
  ASSERT_THAT(Register("r-1", "he"), IsOk());
  ASSERT_THAT(Certify("r-1", "LONG_TERM_UNEMPLOYED", "2026-07-10"), IsOk());
  ASSERT_THAT(Certify("r-1", "FORTY_FIFTY", "2026-08-01"), IsOk());
  EXPECT_THAT(Certify("r-1", "FORTY_FIFTY", "2026-08-02"), HasReason(reasons::kAlreadyCertified));
  EXPECT_THAT(Certify("r-1", "DISABLED", "2026-08-02"), HasReason("SENSITIVE_FIELD_NOT_ACCEPTED"));
  EXPECT_EQ(HardToEmploy(Day::Of(2026, 7, 9)), 0);
  EXPECT_EQ(HardToEmploy(Day::Of(2026, 8, 1)), 1);
  ASSERT_THAT((Call<v1::UnemploymentRegistration, v1::EndHardToEmployCertificationRequest>(absl::StrCat(
                  "name: 'unemploymentRegistrations/r-1' type: HARD_TO_EMPLOY_TYPE_LONG_TERM_UNEMPLOYED reason: "
                  "'期满' occurred_on ",
                  DateText("2026-08-31")))),
              IsOk());
  EXPECT_EQ(HardToEmploy(Day::Of(2026, 9, 1)), 1);
  ASSERT_THAT(Close("r-1", "DECEASED", "2026-10-01"), IsOk());
  EXPECT_EQ(HardToEmploy(Day::Of(2026, 9, 30)), 1);
  EXPECT_EQ(HardToEmploy(Day::Of(2026, 10, 1)), 0);
}

TEST_F(RegistrationServiceTest, RetiresByTheAgeOfTheDirectory) {
  AddPerson("old", "MALE", "1966-06-01");
  ASSERT_THAT(Register("r-1", "old"), IsOk());
  EXPECT_THAT(Close("r-1", "RETIRED", "2026-10-31"), HasReason(reasons::kRetirementAgeNotReached));
  const auto retired = Close("r-1", "RETIRED", "2026-11-01");
  ASSERT_THAT(retired, IsOk());
  EXPECT_EQ(retired->state(), v1::UNEMPLOYMENT_STATE_RETIRED);
  EXPECT_EQ(Unemployed(Day::Of(2026, 11, 1)), 0);
}

TEST_F(RegistrationServiceTest, IsDeletedOnlyWhileNothingRestsOnIt) {
  ASSERT_THAT(Register("r-1", "he"), IsOk());
  ASSERT_THAT(Refer("v-1", "r-1", "2026-02-01"), IsOk());
  const std::string name = "name: 'unemploymentRegistrations/r-1'";
  EXPECT_THAT((Call<google::protobuf::Empty, v1::DeleteUnemploymentRegistrationRequest>(name)),
              HasReason(reasons::kUnemploymentRegistrationInUse));
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteVacancyReferralRequest>("name: 'vacancyReferrals/v-1'")),
              IsOk());
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteUnemploymentRegistrationRequest>(name)), IsOk());
  EXPECT_EQ(Unemployed(Day::Of(2026, 2, 1)), 0);
}

TEST_F(RegistrationServiceTest, UpdatesTheCauseAndListsByOrganizationOrResident) {
  ASSERT_THAT(Register("r-1", "he"), IsOk());
  const auto updated = Call<v1::UnemploymentRegistration, v1::UpdateUnemploymentRegistrationRequest>(
      "unemployment_registration { name: 'unemploymentRegistrations/r-1' cause: UNEMPLOYMENT_CAUSE_OTHER } update_mask "
      "{ paths: 'cause' }");
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->cause(), v1::UNEMPLOYMENT_CAUSE_OTHER);
  EXPECT_THAT((Call<v1::UnemploymentRegistration, v1::UpdateUnemploymentRegistrationRequest>(
                  "unemployment_registration { name: 'unemploymentRegistrations/r-1' resident: 'residents/lin' } "
                  "update_mask { paths: 'resident' }")),
              HasReason("IMMUTABLE_FIELD"));
  for (const char* filter : {"organization: 'organizations/east-committee'", "resident: 'residents/he'"}) {
    const auto list = Call<v1::ListUnemploymentRegistrationsResponse, v1::ListUnemploymentRegistrationsRequest>(filter);
    ASSERT_THAT(list, IsOk());
    EXPECT_EQ(list->unemployment_registrations_size(), 1);
  }
}

TEST_F(RegistrationServiceTest, IsActivatedOnce) {
  ASSERT_THAT(Register("r-1", "he"), IsOk());
  const std::string name = "name: 'unemploymentRegistrations/r-1'";
  const auto active = Call<v1::UnemploymentRegistration, v1::ActivateUnemploymentRegistrationRequest>(name);
  ASSERT_THAT(active, IsOk());
  EXPECT_EQ(active->state(), v1::UNEMPLOYMENT_STATE_ACTIVE);
  EXPECT_THAT((Call<v1::UnemploymentRegistration, v1::ActivateUnemploymentRegistrationRequest>(name)),
              HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(RegistrationServiceTest, CertificationsOfAgeFollowTheRegister) {
  AddPerson("old", "MALE", "1966-06-01");
  ASSERT_THAT(Register("r-1", "he"), IsOk());
  ASSERT_THAT(Register("r-2", "old"), IsOk());
  EXPECT_THAT(Certify("r-1", "NEAR_RETIREMENT", "2026-08-01"), HasReason("AGE_CONTRADICTS_REGISTER"));
  EXPECT_THAT(Certify("r-1", "FORTY_FIFTY", "2026-08-01"), IsOk());
  EXPECT_THAT(Certify("r-2", "NEAR_RETIREMENT", "2026-08-01"), IsOk());
}

TEST_F(RegistrationServiceTest, ACorrectedDateOfBirthShowsWhoWasNotOfAge) {
  AddPerson("old", "MALE", "1966-06-01");
  ASSERT_THAT(Register("r-1", "old"), IsOk());
  ASSERT_THAT(Certify("r-1", "NEAR_RETIREMENT", "2026-08-01"), IsOk());
  const auto born = [&](Day day) {
    return ChangeResident("old", [&](registry::v1::Resident& row) { *row.mutable_birth_date() = DayToProto(day); });
  };
  const auto contradicted = [&] {
    return Call<v1::ListUnemploymentRegistrationsResponse, v1::ListUnemploymentRegistrationsRequest>(
               absl::StrCat("age_contradicted_in: '", Registration("r-1")->organization(), "'"))
        ->unemployment_registrations_size();
  };
  EXPECT_EQ(contradicted(), 0);
  ASSERT_THAT(born(Day::Of(1990, 6, 1)), IsOk());
  EXPECT_EQ(contradicted(), 1) << "far from retirement";
  EXPECT_EQ(Registration("r-1")->retires_on().year(), 2053);
  ASSERT_THAT((Call<v1::UnemploymentRegistration, v1::EndHardToEmployCertificationRequest>(
                  absl::StrCat("name: 'unemploymentRegistrations/r-1' type: HARD_TO_EMPLOY_TYPE_NEAR_RETIREMENT "
                               "reason: '更正' occurred_on ",
                               DateText("2026-08-31")))),
              IsOk());
  EXPECT_EQ(contradicted(), 0);
  ASSERT_THAT(born(Day::Of(2015, 6, 1)), IsOk());
  EXPECT_EQ(contradicted(), 1) << "a child";
  ASSERT_THAT(Close("r-1", "WITHDRAWN", "2026-10-01"), IsOk());
  EXPECT_EQ(contradicted(), 0);
}

}  // namespace
}  // namespace dangjian::welfare
