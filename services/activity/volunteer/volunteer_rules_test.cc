#include "services/activity/volunteer/volunteer_rules.h"

#include "common/testing/matchers.h"

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

absl::Status Check(const v1::Volunteer& volunteer) {
  Violations violations;
  CheckContent(volunteer, kToday, violations);
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
