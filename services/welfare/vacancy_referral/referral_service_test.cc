#include "common/types/date.h"
#include "google/protobuf/empty.pb.h"
#include "services/welfare/testing/employment_fixture.h"
#include "services/welfare/unemployment_registration/registration_rules.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;

const DayRange kYear{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};

class ReferralServiceTest : public EmploymentTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(EmploymentTest::SetUp());
    ASSERT_THAT(Register("r-1", "he"), IsOk());
  }
  // Three refusals without a reason, in February, March and April.
  void RefuseThreeTimes() {
    for (int month = 2; month <= 4; ++month) {
      const std::string id = absl::StrCat("v-", month);
      ASSERT_THAT(Refer(id, "r-1", absl::StrCat("2026-0", month, "-01")), IsOk());
      ASSERT_THAT(Outcome(id, "REFUSED_WITHOUT_REASON", absl::StrCat("2026-0", month, "-10")), IsOk());
    }
  }
};

TEST_F(ReferralServiceTest, EachReferralCountsOnItsDay) {
  const auto referred = Refer("v-1", "r-1", "2026-02-01");
  ASSERT_THAT(referred, IsOk());
  EXPECT_EQ(referred->resident(), "residents/he");
  EXPECT_EQ(Registration("r-1")->state(), v1::UNEMPLOYMENT_STATE_REFERRED);
  EXPECT_THAT(Refer("v-2", "r-1", "2026-02-02"), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Outcome("v-1", "NOT_HIRED", "2026-02-05"), IsOk());
  EXPECT_EQ(Registration("r-1")->state(), v1::UNEMPLOYMENT_STATE_ACTIVE);
  EXPECT_THAT(Outcome("v-1", "HIRED", "2026-02-06"), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Refer("v-2", "r-1", "2026-03-01"), IsOk());
  EXPECT_EQ(Figure("referrals", "street", kYear), 2);
  EXPECT_EQ(Figure("referrals", "street", DayRange{Day::Of(2026, 2, 1), Day::Of(2026, 2, 28)}), 1);
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteVacancyReferralRequest>("name: 'vacancyReferrals/v-2'")),
              IsOk());
  EXPECT_EQ(Figure("referrals", "street", kYear), 1);
  EXPECT_EQ(Registration("r-1")->state(), v1::UNEMPLOYMENT_STATE_ACTIVE);
}

TEST_F(ReferralServiceTest, AClosedRegistrationIsNotReferred) {
  ASSERT_THAT(Close("r-1", "WITHDRAWN", "2026-02-01"), IsOk());
  EXPECT_THAT(Refer("v-1", "r-1", "2026-02-02"), HasReason(reasons::kUnemploymentRegistrationClosed));
  EXPECT_THAT((Call<v1::VacancyReferral, v1::GetVacancyReferralRequest>("name: 'vacancyReferrals/v-1'")),
              HasReason("RECORD_NOT_FOUND"));
  EXPECT_EQ(Figure("referrals", "street", kYear), 0);
}

TEST_F(ReferralServiceTest, RefusalsCountHoweverManyReferralsCameBefore) {
  ASSERT_THAT(database_.Write([&](storage::Transaction& txn) -> absl::Status {
    for (int i = 0; i < 1000; ++i) {
      auto past = testing::Proto<v1::VacancyReferral>(
          "registration: 'unemploymentRegistrations/r-1' resident: 'residents/he' organization: "
          "'organizations/east-committee' referred_on { year: 2026 month: 1 day: 15 } outcome: "
          "REFERRAL_OUTCOME_NOT_HIRED outcome_on { year: 2026 month: 1 day: 15 }");
      past.set_name(absl::StrCat("vacancyReferrals/a-", i));
      const absl::Status status = database_->FindTable("vacancyReferrals")->Insert(txn, past);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }),
              IsOk());
  ASSERT_NO_FATAL_FAILURE(RefuseThreeTimes());
  EXPECT_EQ(Registration("r-1")->refusals_in_row(), 3);
}

TEST_F(ReferralServiceTest, ThreeRefusalsInARowShowInTheRegistration) {
  ASSERT_NO_FATAL_FAILURE(RefuseThreeTimes());
  EXPECT_EQ(Registration("r-1")->refusals_in_row(), 3);
  EXPECT_EQ(DayFromProto(Registration("r-1")->third_refusal_on()), Day::Of(2026, 4, 10));
  // Counted anew when one of them was entered by mistake.
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteVacancyReferralRequest>("name: 'vacancyReferrals/v-3'")),
              IsOk());
  EXPECT_EQ(Registration("r-1")->refusals_in_row(), 2);
  EXPECT_FALSE(Registration("r-1")->has_third_refusal_on());
  ASSERT_THAT(Refer("v-5", "r-1", "2026-05-01"), IsOk());
  ASSERT_THAT(Outcome("v-5", "REFUSED_WITH_REASON", "2026-05-02"), IsOk());
  EXPECT_EQ(Registration("r-1")->refusals_in_row(), 0);
}

TEST_F(ReferralServiceTest, ListsByOrganizationOrRegistration) {
  ASSERT_THAT(Refer("v-1", "r-1", "2026-02-01"), IsOk());
  for (const char* filter :
       {"organization: 'organizations/east-committee'", "registration: 'unemploymentRegistrations/r-1'"}) {
    const auto list = Call<v1::ListVacancyReferralsResponse, v1::ListVacancyReferralsRequest>(filter);
    ASSERT_THAT(list, IsOk());
    EXPECT_EQ(list->vacancy_referrals_size(), 1) << filter;
  }
}

}  // namespace
}  // namespace dangjian::welfare
