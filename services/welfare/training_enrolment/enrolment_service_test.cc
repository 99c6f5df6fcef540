#include "google/protobuf/empty.pb.h"
#include "services/welfare/testing/employment_fixture.h"
#include "services/welfare/training_course/course_rules.h"
#include "services/welfare/training_enrolment/enrolment_rules.h"
#include "services/welfare/unemployment_registration/registration_rules.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;

const DayRange kMarch{Day::Of(2026, 3, 1), Day::Of(2026, 3, 31)};
const DayRange kYear{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};
constexpr char kRegistration[] = "registration: 'unemploymentRegistrations/r-1'";

class EnrolmentServiceTest : public EmploymentTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(EmploymentTest::SetUp());
    ASSERT_THAT(CreateCourse("c"), IsOk());
    ASSERT_THAT(Register("r-1", "he"), IsOk());
  }
  int64_t Trained(DayRange days) { return Figure("trained_persons", "street", days); }
  int64_t Completions(DayRange days) { return Figure("training_completions", "street", days); }
};

TEST_F(EnrolmentServiceTest, TrainedPeopleAreThoseWhoCompletedEachOnce) {
  ASSERT_THAT(CreateCourse("d"), IsOk());
  const auto enrolled = Enrol("e-1", kRegistration);
  ASSERT_THAT(enrolled, IsOk());
  EXPECT_EQ(enrolled->resident(), "residents/he");
  EXPECT_EQ(enrolled->organization(), "organizations/east-committee");
  EXPECT_EQ(Registration("r-1")->state(), v1::UNEMPLOYMENT_STATE_IN_TRAINING);
  EXPECT_EQ(Trained(kYear), 0);
  ASSERT_THAT(Complete("e-1", "2026-03-20"), IsOk());
  EXPECT_EQ(Registration("r-1")->state(), v1::UNEMPLOYMENT_STATE_ACTIVE);
  // The same person completes a second course; another person drops out.
  ASSERT_THAT(Enrol("e-2", "resident: 'residents/he'", "d"), IsOk());
  ASSERT_THAT(Complete("e-2", "2026-04-20"), IsOk());
  ASSERT_THAT(Enrol("e-3", "resident: 'residents/lin'"), IsOk());
  ASSERT_THAT((Call<v1::TrainingEnrolment, v1::DropTrainingRequest>(
                  absl::StrCat("name: 'trainingEnrolments/e-3' reason: '生病' occurred_on ", DateText("2026-03-05")))),
              IsOk());
  EXPECT_EQ(Trained(kMarch), 1);
  EXPECT_EQ(Trained(kYear), 1);
  EXPECT_EQ(Completions(kYear), 2);
  EXPECT_EQ(Figure("trained_persons", "east", kYear), 1);
}

TEST_F(EnrolmentServiceTest, ATrainingIsCompletedOnce) {
  ASSERT_THAT(Enrol("e-1", kRegistration), IsOk());
  ASSERT_THAT(Complete("e-1", "2026-03-20"), IsOk());
  EXPECT_THAT(Complete("e-1", "2026-03-21"), HasReason(reasons::kTrainingAlreadyCompleted));
  EXPECT_THAT(Enrol("e-2", "resident: 'residents/he'"), HasReason("UNIQUE_VIOLATION"));
  EXPECT_EQ(Completions(kYear), 1);
}

TEST_F(EnrolmentServiceTest, DeletionTakesBackTheFigureAndTheState) {
  ASSERT_THAT(Enrol("e-1", kRegistration), IsOk());
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteTrainingEnrolmentRequest>("name: 'trainingEnrolments/e-1'")),
              IsOk());
  EXPECT_EQ(Registration("r-1")->state(), v1::UNEMPLOYMENT_STATE_ACTIVE);
  // Entered anew with an earlier day than today, as the correction is not dated today.
  ASSERT_THAT(Enrol("e-1", kRegistration, "c", "2026-02-25"), IsOk());
  ASSERT_THAT(Complete("e-1", "2026-03-20"), IsOk());
  EXPECT_EQ(Trained(kMarch), 1);
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteTrainingEnrolmentRequest>("name: 'trainingEnrolments/e-1'")),
              IsOk());
  EXPECT_EQ(Trained(kMarch), 0);
  EXPECT_EQ(Completions(kMarch), 0);
  EXPECT_EQ((Call<v1::TrainingCourse, v1::GetTrainingCourseRequest>("name: 'trainingCourses/c'"))->enrolled_count(), 0);
}

TEST_F(EnrolmentServiceTest, RefusesMoreThanTheCapacityAndStoresNothing) {
  ASSERT_THAT(CreateCourse("small", 1), IsOk());
  const auto batch = Call<v1::BatchCreateTrainingEnrolmentsResponse, v1::BatchCreateTrainingEnrolmentsRequest>(
      absl::StrCat("requests { training_enrolment_id: 'b-1' training_enrolment { course: 'trainingCourses/small' ",
                   kRegistration, " enrolled_on ", DateText("2026-02-20"),
                   " } } requests { training_enrolment_id: 'b-2' training_enrolment { course: 'trainingCourses/small' "
                   "resident: 'residents/lin' enrolled_on ",
                   DateText("2026-02-20"), " } }"));
  EXPECT_THAT(batch, HasReason(reasons::kCourseFull));
  EXPECT_EQ((Call<v1::TrainingCourse, v1::GetTrainingCourseRequest>("name: 'trainingCourses/small'"))->enrolled_count(),
            0);
  EXPECT_EQ(Registration("r-1")->state(), v1::UNEMPLOYMENT_STATE_REGISTERED);
  ASSERT_THAT(Enrol("e-1", "resident: 'residents/lin'", "small"), IsOk());
  EXPECT_THAT(Enrol("e-2", kRegistration, "small"), HasReason(reasons::kCourseFull));
  ASSERT_THAT((Call<v1::TrainingEnrolment, v1::DropTrainingRequest>("name: 'trainingEnrolments/e-1' reason: '搬走'")),
              IsOk());
  EXPECT_THAT(Enrol("e-2", kRegistration, "small"), IsOk());
}

TEST_F(EnrolmentServiceTest, ABatchEnrolsManyAtOnce) {
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    AddPerson(absl::StrCat("p-", i), "MALE", "1985-01-01");
    absl::StrAppend(&requests, "requests { training_enrolment_id: 'b-", i,
                    "' training_enrolment { course: 'trainingCourses/c' resident: 'residents/p-", i, "' enrolled_on ",
                    DateText("2026-02-20"), " } } ");
  }
  const auto batch =
      Call<v1::BatchCreateTrainingEnrolmentsResponse, v1::BatchCreateTrainingEnrolmentsRequest>(requests);
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->training_enrolments(19).organization(), "organizations/street");
  for (int i = 0; i < 20; ++i) ASSERT_THAT(Complete(absl::StrCat("b-", i), "2026-03-20"), IsOk());
  EXPECT_EQ(Trained(kMarch), 20);
}

TEST_F(EnrolmentServiceTest, RefusesPeopleItDoesNotKnowAndRegistrationsThatAreClosed) {
  EXPECT_THAT(Enrol("e-1", ""), HasReason("FIELD_REQUIRED"));
  EXPECT_THAT(Enrol("e-1", absl::StrCat(kRegistration, " resident: 'residents/lin'")),
              HasReason(reasons::kEnrolmentPersonMismatch));
  ASSERT_THAT(Close("r-1", "WITHDRAWN", "2026-02-01"), IsOk());
  EXPECT_THAT(Enrol("e-1", kRegistration), HasReason(reasons::kUnemploymentRegistrationClosed));
  EXPECT_THAT((Call<v1::TrainingEnrolment, v1::GetTrainingEnrolmentRequest>("name: 'trainingEnrolments/e-1'")),
              HasReason("RECORD_NOT_FOUND"));
}

TEST_F(EnrolmentServiceTest, ListsByOrganizationCourseOrRegistration) {
  ASSERT_THAT(Enrol("e-1", kRegistration), IsOk());
  for (const char* filter : {"organization: 'organizations/east-committee'", "course: 'trainingCourses/c'",
                             "registration: 'unemploymentRegistrations/r-1'"}) {
    const auto list = Call<v1::ListTrainingEnrolmentsResponse, v1::ListTrainingEnrolmentsRequest>(filter);
    ASSERT_THAT(list, IsOk());
    EXPECT_EQ(list->training_enrolments_size(), 1) << filter;
  }
}

}  // namespace
}  // namespace dangjian::welfare
