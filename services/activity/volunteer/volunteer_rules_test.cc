#include "services/activity/volunteer/volunteer_rules.h"

#include "common/testing/matchers.h"
#include "common/types/age.h"

namespace dangjian::activity::volunteer_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

const Day kToday = Day::Of(2026, 11, 20);

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = kToday}; }

v1::Volunteer Volunteer(const std::string& more = "", const std::string& number = "ZY-0001") {
  auto volunteer = Proto<v1::Volunteer>(
      "name: 'volunteers/v' registered_on { year: 2026 month: 3 day: 5 } consented_on { year: 2026 month: 3 day: 5 } " +
      more);
  volunteer.set_volunteer_no(number);
  Initialize(volunteer);
  return volunteer;
}

absl::Status Check(const v1::Volunteer& volunteer, const v1::Volunteer* current = nullptr) {
  Violations violations;
  CheckContent(volunteer, current, kToday, violations);
  return violations.ToStatus();
}

TEST(VolunteerRulesTest, TakesItsSteps) {
  v1::Volunteer volunteer = Volunteer();
  EXPECT_THAT(Suspend(volunteer, On(3, 6)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Activate(volunteer, On(3, 4)), HasReason("STEPS_OUT_OF_ORDER"));
  ASSERT_THAT(Activate(volunteer, On(3, 6)), IsOk());
  EXPECT_THAT(Activate(volunteer, On(3, 6)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Suspend(volunteer, On(4, 1)), IsOk());
  ASSERT_THAT(Activate(volunteer, On(5, 1)), IsOk());
  EXPECT_THAT(Withdraw(volunteer, On(11, 21)), HasReason("DATE_IN_FUTURE"));
  ASSERT_THAT(Withdraw(volunteer, On(6, 30)), IsOk());
  EXPECT_TRUE(volunteer.has_left_on());
  EXPECT_THAT(Withdraw(volunteer, On(6, 30)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CheckEditable(volunteer), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(volunteer.transitions_size(), 4);
}

TEST(VolunteerRulesTest, AMinorNeedsTheGuardian) {
  v1::Volunteer volunteer = Volunteer();
  FlagMinor(volunteer, Day::Of(2008, 3, 5));
  EXPECT_FALSE(volunteer.minor()) << "18 on the day";
  FlagMinor(volunteer, Day::Of(2008, 3, 6));
  EXPECT_TRUE(volunteer.minor());
  EXPECT_THAT(Check(volunteer), HasReason(reasons::kGuardianConsentRequired));
  *volunteer.mutable_guardian_consent() =
      Proto<v1::GuardianConsent>("guardian_name: '家长' given_on { year: 2026 month: 3 day: 6 }");
  EXPECT_THAT(Check(volunteer), HasReason(reasons::kConsentAfterRegistration));
  volunteer.mutable_guardian_consent()->mutable_given_on()->set_day(4);
  EXPECT_THAT(Check(volunteer), IsOk());
  v1::Volunteer stated = Volunteer("minor: true");
  FlagMinor(stated, std::nullopt);
  EXPECT_THAT(Check(stated), HasReason(reasons::kGuardianConsentRequired)) << "as stated, when nobody knows better";
}

TEST(VolunteerRulesTest, WhatIsTypedDoesNotContradictTheRegister) {
  const auto typed = [](const v1::Volunteer& volunteer, const v1::Volunteer* current, std::optional<Day> birth) {
    Violations violations;
    CheckTyped(volunteer, current, birth, violations);
    return violations.ToStatus();
  };
  const Day full = Day::Of(2008, 3, 5), minor = Day::Of(2008, 3, 6);
  const v1::Volunteer said = Volunteer("minor: true"), unsaid = Volunteer();
  EXPECT_THAT(typed(said, nullptr, full), HasReason(dangjian::reasons::kAgeContradictsRegister));
  EXPECT_THAT(typed(said, nullptr, minor), IsOk());
  EXPECT_THAT(typed(said, nullptr, std::nullopt), IsOk()) << "nobody knows better";
  EXPECT_THAT(typed(unsaid, nullptr, minor), IsOk()) << "left out, and filled in";
  EXPECT_THAT(typed(unsaid, &said, minor), HasReason(dangjian::reasons::kAgeContradictsRegister)) << "denied";
  EXPECT_THAT(typed(said, &said, full), IsOk()) << "as it was: derived again, not typed";
}

TEST(VolunteerRulesTest, WhatTheRegisterLearnsLaterIsFollowed) {
  v1::Volunteer volunteer = Volunteer();
  FollowRegister(volunteer, std::nullopt, kToday);
  EXPECT_FALSE(volunteer.guardian_consent_missing());
  FollowRegister(volunteer, Day::Of(2015, 1, 2), kToday);
  EXPECT_TRUE(volunteer.minor());
  EXPECT_TRUE(volunteer.guardian_consent_missing());
  EXPECT_THAT(CheckConsent(volunteer, Day::Of(2015, 1, 2), kToday), HasReason(reasons::kGuardianConsentRequired));

  // The consent comes late: from its day on, and it may not be taken away again.
  const v1::Volunteer lacking = volunteer;
  EXPECT_THAT(Check(volunteer, &lacking), HasReason(reasons::kGuardianConsentRequired));
  *volunteer.mutable_guardian_consent() =
      Proto<v1::GuardianConsent>("guardian_name: '家长' given_on { year: 2026 month: 11 day: 21 }");
  FollowRegister(volunteer, Day::Of(2015, 1, 2), kToday);
  EXPECT_FALSE(volunteer.guardian_consent_missing());
  EXPECT_THAT(Check(volunteer, &lacking), HasReason(reasons::kConsentAfterRegistration)) << "after today";
  volunteer.mutable_guardian_consent()->mutable_given_on()->set_day(18);
  EXPECT_THAT(Check(volunteer, &lacking), IsOk());
  EXPECT_THAT(Check(volunteer, &volunteer), IsOk());
  EXPECT_THAT(CheckConsent(volunteer, Day::Of(2015, 1, 2), Day::Of(2026, 11, 17)),
              HasReason(reasons::kGuardianConsentRequired));
  EXPECT_THAT(CheckConsent(volunteer, Day::Of(2015, 1, 2), Day::Of(2026, 11, 18)), IsOk());
  v1::Volunteer removed = volunteer;
  removed.clear_guardian_consent();
  EXPECT_THAT(Check(removed, &volunteer), HasReason(reasons::kGuardianConsentRequired));

  // One who came of age since needs nobody any more; nor does one whose date of birth was wrong.
  v1::Volunteer grown = lacking;
  FollowRegister(grown, Day::Of(2008, 10, 1), kToday);
  EXPECT_TRUE(grown.minor()) << "on the day of registration";
  EXPECT_FALSE(grown.guardian_consent_missing());
  EXPECT_THAT(Check(grown, &lacking), IsOk());
  EXPECT_THAT(CheckConsent(grown, Day::Of(2008, 10, 1), kToday), IsOk());
  FollowRegister(grown, Day::Of(1980, 10, 1), kToday);
  EXPECT_FALSE(grown.minor());
}

TEST(VolunteerRulesTest, ItsNumberIsNotTheCitizenNumber) {
  EXPECT_THAT(Check(Volunteer()), IsOk());
  for (const char* number : {"11010519491231002X", "110105194912310021", "110105491231002"}) {
    EXPECT_THAT(Check(Volunteer("", number)), HasReason(reasons::kVolunteerNoIsCitizenNumber)) << number;
  }
  EXPECT_THAT(Check(Volunteer("", "1101051949123100")), IsOk()) << "16 digits";
}

TEST(VolunteerRulesTest, ConsentComesBeforeTheRegister) {
  v1::Volunteer volunteer = Volunteer();
  volunteer.mutable_consented_on()->set_day(6);
  EXPECT_THAT(Check(volunteer), HasReason(reasons::kConsentAfterRegistration));
}

}  // namespace
}  // namespace dangjian::activity::volunteer_rules
