#include "services/welfare/unemployment_registration/registration_rules.h"

#include "common/status/errors.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::registration_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

const working_age::Person kMan{Day::Of(1966, 6, 1), working_age::Group::kMan};

Step On(int month, int day, int year = 2026) {
  return {.day = Day::Of(year, month, day), .today = Day::Of(2026, 11, 20), .actor = "clerk"};
}

Registration Registered() {
  auto registration = Proto<Registration>(
      "name: 'unemploymentRegistrations/r' resident: 'residents/he' registered_on { year: 2026 month: 1 day: 10 }");
  EXPECT_THAT(Admit(registration, kMan, On(1, 10)), IsOk());
  return registration;
}

v1::HardToEmployCertification Paper(const std::string& type) {
  return Proto<v1::HardToEmployCertification>("type: HARD_TO_EMPLOY_TYPE_" + type +
                                              " evidence: '表' evidence_on { year: 2026 month: 2 day: 1 }");
}

TEST(RegistrationRulesTest, AdmitsPeopleOfWorkingAgeOnly) {
  Registration registration = Registered();
  EXPECT_EQ(registration.state(), v1::UNEMPLOYMENT_STATE_REGISTERED);
  // June 1966 is the 18th month from January 1965: five months of delay.
  EXPECT_EQ(DayFromProto(registration.retires_on()), Day::Of(2026, 11, 1));
  EXPECT_THAT(Admit(registration, kMan, On(11, 1)), HasReason(reasons::kPastRetirementAge));
  EXPECT_THAT(Admit(registration, {Day::Of(2012, 3, 3), working_age::Group::kMan}, On(1, 10)),
              HasReason(reasons::kBelowWorkingAge));
  EXPECT_THAT(Admit(registration, kMan, On(11, 21)), HasReason(dangjian::reasons::kDateInFuture));
}

TEST(RegistrationRulesTest, TheAgeMustBeKnown) {
  const auto with = [](const std::string& text) { return Proto<registry::v1::Resident>(text); };
  const std::string born = " birth_date { year: 1980 month: 1 day: 10 }";
  EXPECT_THAT(PersonOf(with("sex: SEX_MALE"), v1::POST_CATEGORY_WORKER), HasReason(reasons::kAgeNotKnown));
  EXPECT_THAT(PersonOf(with(born), v1::POST_CATEGORY_WORKER), HasReason(reasons::kAgeNotKnown));
  EXPECT_THAT(PersonOf(with("sex: SEX_NOT_STATED" + born), v1::POST_CATEGORY_WORKER), HasReason(reasons::kAgeNotKnown));
  EXPECT_THAT(PersonOf(with("sex: SEX_FEMALE" + born), v1::POST_CATEGORY_UNSPECIFIED),
              HasReason(dangjian::reasons::kRequired));
  EXPECT_EQ(PersonOf(with("sex: SEX_MALE" + born), v1::POST_CATEGORY_UNSPECIFIED)->group, working_age::Group::kMan);
  EXPECT_EQ(PersonOf(with("sex: SEX_FEMALE" + born), v1::POST_CATEGORY_CADRE)->group, working_age::Group::kWomanCadre);
  EXPECT_EQ(PersonOf(with("sex: SEX_FEMALE" + born), v1::POST_CATEGORY_WORKER)->group,
            working_age::Group::kWomanWorker);
}

TEST(RegistrationRulesTest, GoesToTrainingAndReferralAndBack) {
  Registration registration = Registered();
  ASSERT_THAT(Activate(registration, On(1, 12)), IsOk());
  EXPECT_THAT(Activate(registration, On(1, 13)), HasReason(dangjian::reasons::kIllegalTransition));
  ASSERT_THAT(Begin(registration, v1::UNEMPLOYMENT_STATE_IN_TRAINING, "trainingEnrolments/e", On(2, 1)), IsOk());
  EXPECT_THAT(Begin(registration, v1::UNEMPLOYMENT_STATE_REFERRED, "vacancyReferrals/v", On(2, 2)),
              HasReason(dangjian::reasons::kIllegalTransition));
  ASSERT_THAT(End(registration, "trainingEnrolments/other", On(2, 3)), IsOk());
  EXPECT_EQ(registration.state(), v1::UNEMPLOYMENT_STATE_IN_TRAINING);
  EXPECT_THAT(End(registration, "trainingEnrolments/e", On(1, 31)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(End(registration, "trainingEnrolments/e", On(2, 20)), IsOk());
  EXPECT_EQ(registration.state(), v1::UNEMPLOYMENT_STATE_ACTIVE);
  ASSERT_THAT(Begin(registration, v1::UNEMPLOYMENT_STATE_REFERRED, "vacancyReferrals/v", On(2, 22)), IsOk());
  TakeBack(registration, "vacancyReferrals/v", On(11, 20));
  EXPECT_EQ(registration.state(), v1::UNEMPLOYMENT_STATE_ACTIVE);
  // A correction leaves later days open: it is dated like the step that it takes back.
  EXPECT_THAT(Begin(registration, v1::UNEMPLOYMENT_STATE_REFERRED, "vacancyReferrals/w", On(2, 23)), IsOk());
  EXPECT_EQ(registration.engagement(), "vacancyReferrals/w");
}

TEST(RegistrationRulesTest, EndsOnceAndTakesNoMoreSteps) {
  for (const auto outcome : {v1::UNEMPLOYMENT_STATE_WITHDRAWN, v1::UNEMPLOYMENT_STATE_DECEASED}) {
    Registration registration = Registered();
    ASSERT_THAT(Close(registration, outcome, On(3, 1)), IsOk());
    EXPECT_EQ(DayFromProto(registration.closed_on()), Day::Of(2026, 3, 1));
    EXPECT_THAT(Close(registration, outcome, On(3, 2)), HasReason(dangjian::reasons::kIllegalTransition));
    EXPECT_THAT(Activate(registration, On(3, 2)), HasReason(dangjian::reasons::kIllegalTransition));
    EXPECT_THAT(Begin(registration, v1::UNEMPLOYMENT_STATE_REFERRED, "vacancyReferrals/v", On(3, 2)),
                HasReason(reasons::kUnemploymentRegistrationClosed));
    EXPECT_THAT(Place(registration, v1::UNEMPLOYMENT_STATE_EMPLOYED, "jobPlacements/p", On(3, 2)),
                HasReason(reasons::kUnemploymentRegistrationClosed));
    EXPECT_THAT(Certify(registration, Paper("LAND_LOST"), On(3, 2)),
                HasReason(reasons::kUnemploymentRegistrationClosed));
  }
  Registration registration = Registered();
  EXPECT_THAT(Close(registration, v1::UNEMPLOYMENT_STATE_EMPLOYED, On(3, 1)),
              HasReason(dangjian::reasons::kOutOfBounds));
  EXPECT_THAT(Close(registration, v1::UNEMPLOYMENT_STATE_WITHDRAWN, On(1, 9)),
              HasReason(dangjian::reasons::kStepsOutOfOrder));
  EXPECT_TRUE(IsOpen(registration));
}

TEST(RegistrationRulesTest, RetiresWhenTheAgeIsReached) {
  Registration registration = Registered();
  EXPECT_THAT(Retire(registration, kMan, On(10, 31)), HasReason(reasons::kRetirementAgeNotReached));
  ASSERT_THAT(Retire(registration, kMan, On(11, 1)), IsOk());
  EXPECT_EQ(registration.state(), v1::UNEMPLOYMENT_STATE_RETIRED);
}

TEST(RegistrationRulesTest, APlacementCanBeUndoneFromItsStart) {
  Registration registration = Registered();
  ASSERT_THAT(Place(registration, v1::UNEMPLOYMENT_STATE_EMPLOYED, "jobPlacements/p", On(3, 1)), IsOk());
  EXPECT_FALSE(IsOpen(registration));
  ASSERT_THAT(UndoPlacement(registration, "jobPlacements/other", {}, On(6, 1)), IsOk());
  EXPECT_FALSE(IsOpen(registration));
  ASSERT_THAT(UndoPlacement(registration, "jobPlacements/p", {registration}, On(6, 1)), IsOk());
  EXPECT_TRUE(IsOpen(registration));
  EXPECT_EQ(registration.state(), v1::UNEMPLOYMENT_STATE_REGISTERED) << "the state that it had";
  EXPECT_EQ(LastStepDay(registration.transitions()), Day::Of(2026, 3, 1));
}

TEST(RegistrationRulesTest, AnUndonePlacementGivesBackAReferralThatIsUnderWay) {
  Registration referred = Registered();
  ASSERT_THAT(Begin(referred, v1::UNEMPLOYMENT_STATE_REFERRED, "vacancyReferrals/w", On(2, 1)), IsOk());
  ASSERT_THAT(Place(referred, v1::UNEMPLOYMENT_STATE_EMPLOYED, "jobPlacements/p", On(3, 1)), IsOk());
  Registration settled = referred;
  ASSERT_THAT(UndoPlacement(referred, "jobPlacements/p", {}, On(6, 1)), IsOk());
  EXPECT_EQ(referred.state(), v1::UNEMPLOYMENT_STATE_REFERRED);
  ASSERT_THAT(End(referred, "vacancyReferrals/w", On(6, 2)), IsOk());
  EXPECT_EQ(referred.state(), v1::UNEMPLOYMENT_STATE_ACTIVE);

  ASSERT_THAT(End(settled, "vacancyReferrals/w", On(3, 2)), IsOk());
  EXPECT_EQ(settled.state(), v1::UNEMPLOYMENT_STATE_EMPLOYED) << "the outcome of the referral leaves the work alone";
  ASSERT_THAT(UndoPlacement(settled, "jobPlacements/p", {}, On(6, 1)), IsOk());
  EXPECT_EQ(settled.state(), v1::UNEMPLOYMENT_STATE_ACTIVE) << "the referral is over";
}

TEST(RegistrationRulesTest, AnUndonePlacementGivesWayToALaterRegistration) {
  Registration first = Registered();
  ASSERT_THAT(Place(first, v1::UNEMPLOYMENT_STATE_EMPLOYED, "jobPlacements/p", On(3, 1)), IsOk());
  Registration anew = Registered();
  anew.set_name("unemploymentRegistrations/anew");
  *anew.mutable_registered_on() = DayToProto(Day::Of(2026, 5, 1));
  ASSERT_THAT(UndoPlacement(first, "jobPlacements/p", {anew, first}, On(6, 1)), IsOk());
  EXPECT_EQ(first.state(), v1::UNEMPLOYMENT_STATE_WITHDRAWN);
  EXPECT_EQ(DayOr(first.closed_on(), Day()), Day::Of(2026, 5, 1)) << "without work until the new registration";
  EXPECT_EQ(first.placement(), "");
}

TEST(RegistrationRulesTest, ARegistrationThatEndedBeforeThePlacementIsNoLaterOne) {
  Registration registration = Registered();
  ASSERT_THAT(Place(registration, v1::UNEMPLOYMENT_STATE_EMPLOYED, "jobPlacements/p", On(3, 1)), IsOk());
  Registration mistaken = Registered();
  mistaken.set_name("unemploymentRegistrations/mistaken");
  *mistaken.mutable_closed_on() = DayToProto(Day::Of(2026, 2, 2));
  ASSERT_THAT(UndoPlacement(registration, "jobPlacements/p", {mistaken, registration}, On(6, 1)), IsOk());
  EXPECT_TRUE(IsOpen(registration));
}

TEST(RegistrationRulesTest, CertifiesEachTypeOnceAtATime) {
  Registration registration = Registered();
  ASSERT_THAT(Certify(registration, Paper("LAND_LOST"), On(2, 10)), IsOk());
  EXPECT_THAT(Certify(registration, Paper("LAND_LOST"), On(3, 10)), HasReason(reasons::kAlreadyCertified));
  EXPECT_THAT(Certify(registration, Paper("DISABLED"), On(3, 10)),
              HasReason(dangjian::reasons::kSensitiveFieldNotAccepted));
  // Before its evidence.
  EXPECT_THAT(Certify(registration, Paper("NEAR_RETIREMENT"), On(1, 31)),
              HasReason(dangjian::reasons::kStepsOutOfOrder));
  EXPECT_THAT(EndCertification(registration, v1::HARD_TO_EMPLOY_TYPE_NEAR_RETIREMENT, On(3, 1)),
              HasReason(reasons::kNotCertified));
  EXPECT_FALSE(IsHardToEmploy(registration, Day::Of(2026, 2, 9)));
  EXPECT_TRUE(IsHardToEmploy(registration, Day::Of(2026, 2, 10)));
  ASSERT_THAT(EndCertification(registration, v1::HARD_TO_EMPLOY_TYPE_LAND_LOST, On(4, 30)), IsOk());
  EXPECT_TRUE(IsHardToEmploy(registration, Day::Of(2026, 4, 30)));
  EXPECT_FALSE(IsHardToEmploy(registration, Day::Of(2026, 5, 1)));
  EXPECT_THAT(Certify(registration, Paper("LAND_LOST"), On(4, 30)), HasReason(reasons::kAlreadyCertified));
  EXPECT_THAT(Certify(registration, Paper("LAND_LOST"), On(5, 1)), IsOk());
  ASSERT_THAT(Close(registration, v1::UNEMPLOYMENT_STATE_WITHDRAWN, On(6, 1)), IsOk());
  EXPECT_FALSE(IsHardToEmploy(registration, Day::Of(2026, 6, 2)));
}

}  // namespace
}  // namespace dangjian::welfare::registration_rules
