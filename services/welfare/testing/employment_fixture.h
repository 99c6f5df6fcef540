#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "dangjian/welfare/v1/job_placement.pb.h"
#include "dangjian/welfare/v1/training_course.pb.h"
#include "dangjian/welfare/v1/training_enrolment.pb.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"
#include "dangjian/welfare/v1/vacancy_referral.pb.h"
#include "services/welfare/testing/harness.h"

namespace dangjian::welfare {

// The street with people whose age is known, all of east-committee:
//   residents/he (man, born 1975-05-01), residents/lin (woman, born 1980-01-10), residents/boy (man, born 2012-03-03),
//   residents/elder (man, born 1950-01-01). The residents of the street itself have no date of birth.
class EmploymentTest : public WelfareTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(WelfareTest::SetUp());
    AddPerson("he", "MALE", "1975-05-01");
    AddPerson("lin", "FEMALE", "1980-01-10");
    AddPerson("boy", "MALE", "2012-03-03");
    AddPerson("elder", "MALE", "1950-01-01");
  }

  void AddPerson(const std::string& id, const std::string& sex, const std::string& born) {
    auto row = testing::Proto<registry::v1::Resident>(absl::StrCat(
        "name: 'residents/", id, "' display_name: '居民' sex: SEX_", sex, " birth_date ", DateText(born),
        " state: RESIDENT_STATE_REGISTERED residences { organization: 'organizations/east-committee' kind: "
        "RESIDENCE_KIND_PERMANENT start_date ",
        DateText("2000-01-01"), " }"));
    ASSERT_THAT(database_.Write([&](storage::Transaction& txn) { return directory().residents().Insert(txn, row); }),
                testing::IsOk());
  }

  // Registers `residents/<resident>` as `unemploymentRegistrations/<id>`.
  absl::StatusOr<v1::UnemploymentRegistration> Register(const std::string& id, const std::string& resident,
                                                        const std::string& day = "2026-01-10",
                                                        const std::string& organization = "east-committee") {
    return Call<v1::UnemploymentRegistration, v1::CreateUnemploymentRegistrationRequest>(absl::StrCat(
        "unemployment_registration_id: '", id, "' unemployment_registration { resident: 'residents/", resident,
        "' organization: 'organizations/", organization, "' post_category: POST_CATEGORY_WORKER ",
        "cause: UNEMPLOYMENT_CAUSE_LAID_OFF registered_on ", DateText(day), " }"));
  }
  absl::StatusOr<v1::UnemploymentRegistration> Registration(const std::string& id) {
    return Call<v1::UnemploymentRegistration, v1::GetUnemploymentRegistrationRequest>(
        absl::StrCat("name: 'unemploymentRegistrations/", id, "'"));
  }
  absl::StatusOr<v1::UnemploymentRegistration> Certify(const std::string& id, const std::string& type,
                                                       const std::string& day) {
    return Call<v1::UnemploymentRegistration, v1::CertifyHardToEmployRequest>(
        absl::StrCat("name: 'unemploymentRegistrations/", id, "' type: HARD_TO_EMPLOY_TYPE_", type,
                     " evidence: '认定表1号' evidence_on ", DateText(day), " occurred_on ", DateText(day)));
  }
  absl::StatusOr<v1::UnemploymentRegistration> Close(const std::string& id, const std::string& outcome,
                                                     const std::string& day) {
    return Call<v1::UnemploymentRegistration, v1::CloseUnemploymentRegistrationRequest>(
        absl::StrCat("name: 'unemploymentRegistrations/", id, "' outcome: UNEMPLOYMENT_STATE_", outcome,
                     " occurred_on ", DateText(day)));
  }

  absl::StatusOr<v1::TrainingCourse> CreateCourse(const std::string& id, int capacity = 30) {
    return Call<v1::TrainingCourse, v1::CreateTrainingCourseRequest>(
        absl::StrCat("training_course_id: '", id,
                     "' training_course { organization: 'organizations/street' title: '家政培训' skill: "
                     "'家政服务' hours: 40 provider: '区职业学校' capacity: ",
                     capacity, " start_date ", DateText("2026-03-01"), " end_date ", DateText("2026-03-20"), " }"));
  }
  // `who` is `registration: '…'` or `resident: '…'`.
  absl::StatusOr<v1::TrainingEnrolment> Enrol(const std::string& id, const std::string& who,
                                              const std::string& course = "c", const std::string& day = "2026-02-20") {
    return Call<v1::TrainingEnrolment, v1::CreateTrainingEnrolmentRequest>(
        absl::StrCat("training_enrolment_id: '", id, "' training_enrolment { course: 'trainingCourses/", course, "' ",
                     who, " enrolled_on ", DateText(day), " }"));
  }
  absl::StatusOr<v1::TrainingEnrolment> Complete(const std::string& id, const std::string& day) {
    return Call<v1::TrainingEnrolment, v1::CompleteTrainingRequest>(
        absl::StrCat("name: 'trainingEnrolments/", id, "' certificate: 'JZ-1' occurred_on ", DateText(day)));
  }

  absl::StatusOr<v1::VacancyReferral> Refer(const std::string& id, const std::string& registration,
                                            const std::string& day) {
    return Call<v1::VacancyReferral, v1::CreateVacancyReferralRequest>(
        absl::StrCat("vacancy_referral_id: '", id, "' vacancy_referral { registration: 'unemploymentRegistrations/",
                     registration, "' employer: '东风超市' post: '理货员' referred_on ", DateText(day), " }"));
  }
  absl::StatusOr<v1::VacancyReferral> Outcome(const std::string& id, const std::string& outcome,
                                              const std::string& day) {
    return Call<v1::VacancyReferral, v1::RecordReferralOutcomeRequest>(absl::StrCat(
        "name: 'vacancyReferrals/", id, "' outcome: REFERRAL_OUTCOME_", outcome, " occurred_on ", DateText(day)));
  }

  absl::StatusOr<v1::JobPlacement> Place(const std::string& id, const std::string& registration, const std::string& day,
                                         const std::string& kind = "EMPLOYED",
                                         const std::string& evidence =
                                             "evidence: PLACEMENT_EVIDENCE_CONTRACT "
                                             "evidence_number: 'HT-1'") {
    return Call<v1::JobPlacement, v1::CreateJobPlacementRequest>(absl::StrCat(
        "job_placement_id: '", id, "' job_placement { registration: 'unemploymentRegistrations/", registration,
        "' kind: PLACEMENT_KIND_", kind, " employer: '东风超市' ", evidence, " started_on ", DateText(day), " }"));
  }
  absl::StatusOr<v1::JobPlacement> FollowUp(const std::string& id, int months, const std::string& result,
                                            const std::string& day) {
    return Call<v1::JobPlacement, v1::RecordPlacementFollowUpRequest>(
        absl::StrCat("name: 'jobPlacements/", id, "' months: ", months, " result: FOLLOW_UP_RESULT_", result,
                     " occurred_on ", DateText(day)));
  }
};

}  // namespace dangjian::welfare
