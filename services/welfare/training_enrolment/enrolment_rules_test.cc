#include "services/welfare/training_enrolment/enrolment_rules.h"

#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::enrolment_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

const Day kCourseStart = Day::Of(2026, 3, 1);

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 11, 20)}; }

v1::TrainingEnrolment Enrolled() {
  v1::TrainingEnrolment enrolment;
  enrolment.set_name("trainingEnrolments/e");
  EXPECT_THAT(Enrol(enrolment, On(2, 20)), IsOk());
  return enrolment;
}

TEST(EnrolmentRulesTest, IsCompletedOnceAndNotBeforeTheCourseBegins) {
  v1::TrainingEnrolment enrolment = Enrolled();
  EXPECT_THAT(Complete(enrolment, kCourseStart, "", On(2, 28)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  EXPECT_THAT(Complete(enrolment, kCourseStart, "", On(11, 21)), HasReason(dangjian::reasons::kDateInFuture));
  ASSERT_THAT(Complete(enrolment, kCourseStart, "JZ-1", On(3, 20)), IsOk());
  EXPECT_EQ(enrolment.certificate(), "JZ-1");
  EXPECT_EQ(DayFromProto(enrolment.completed_on()), Day::Of(2026, 3, 20));
  EXPECT_THAT(Complete(enrolment, kCourseStart, "JZ-2", On(3, 21)), HasReason(reasons::kTrainingAlreadyCompleted));
  EXPECT_EQ(enrolment.certificate(), "JZ-1");
  EXPECT_THAT(Drop(enrolment, On(3, 21)), HasReason(dangjian::reasons::kIllegalTransition));
}

TEST(EnrolmentRulesTest, WhoDroppedOutCompletesNothing) {
  v1::TrainingEnrolment enrolment = Enrolled();
  ASSERT_THAT(Drop(enrolment, On(3, 5)), IsOk());
  EXPECT_THAT(Complete(enrolment, kCourseStart, "", On(3, 20)), HasReason(dangjian::reasons::kIllegalTransition));
}

TEST(EnrolmentRulesTest, SaysWhoseItIs) {
  v1::TrainingEnrolment enrolment;
  EXPECT_THAT(SetPerson(enrolment, ""), HasReason(dangjian::reasons::kRequired));
  EXPECT_THAT(SetPerson(enrolment, "residents/he"), IsOk());
  EXPECT_EQ(enrolment.resident(), "residents/he");
  EXPECT_THAT(SetPerson(enrolment, "residents/lin"), HasReason(reasons::kEnrolmentPersonMismatch));
}

}  // namespace
}  // namespace dangjian::welfare::enrolment_rules
