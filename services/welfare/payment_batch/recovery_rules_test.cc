#include "services/welfare/payment_batch/recovery_rules.h"

#include "common/testing/matchers.h"

namespace dangjian::welfare::recovery_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

const Day kToday = Day::Of(2026, 11, 20);

v1::AddRecoveryLineRequest Request(const std::string& more = "") {
  auto request = Proto<v1::AddRecoveryLineRequest>(
      "mls_case: 'mlsCases/c' benefit_month { year: 2026 month: 4 day: 1 } amount_fen: 5000 decision { reference: "
      "'追缴决定1号' decided_on { year: 2026 month: 6 day: 10 } hearing_on { year: 2026 month: 6 day: 9 } "
      "evidence_month { year: 2026 month: 4 day: 1 } notice_on { year: 2026 month: 6 day: 10 } monthly_cap_fen: 6000 "
      "}");
  request.MergeFrom(Proto<v1::AddRecoveryLineRequest>(more));
  return request;
}

TEST(RecoveryRulesTest, ACompleteDecisionIsAccepted) {
  EXPECT_THAT(CheckDecision(Request(), kToday), IsOk());
  EXPECT_THAT(CheckAmount(Request(), 5'000, 0), IsOk());
}

TEST(RecoveryRulesTest, WorkedExample2NoDecisionWithoutAHearingBeforeIt) {
  EXPECT_THAT(CheckDecision(Request("decision { hearing_on { year: 2026 month: 6 day: 10 } }"), kToday),
              HasReason(reasons::kRecoveryWithoutHearing));
  EXPECT_THAT(CheckDecision(Request("decision { hearing_on { year: 2026 month: 6 day: 11 } }"), kToday),
              HasReason(reasons::kRecoveryWithoutHearing));
}

TEST(RecoveryRulesTest, TheNoticeFollowsTheDecision) {
  EXPECT_THAT(CheckDecision(Request("decision { notice_on { year: 2026 month: 6 day: 9 } }"), kToday),
              HasReason(reasons::kRecoveryNoticeTooEarly));
}

TEST(RecoveryRulesTest, EvidenceIsAboutTheMonthItself) {
  EXPECT_THAT(CheckDecision(Request("decision { evidence_month { year: 2026 month: 5 day: 1 } }"), kToday),
              HasReason(reasons::kEvidenceOfOtherMonth));
  EXPECT_THAT(CheckDecision(Request("benefit_month { day: 2 } decision { evidence_month { day: 2 } }"), kToday),
              HasReason(reasons::kEvidenceOfOtherMonth));
}

TEST(RecoveryRulesTest, NothingIsDecidedInTheFuture) {
  EXPECT_THAT(CheckDecision(Request(), Day::Of(2026, 6, 9)), HasReason("DATE_IN_FUTURE"));
}

TEST(RecoveryRulesTest, NoMoreThanWasOverpaidAndNoMoreThanTheCap) {
  EXPECT_THAT(CheckAmount(Request(), 4'999, 0), HasReason(reasons::kRecoveryExceedsOverpayment));
  EXPECT_THAT(CheckAmount(Request(), -1, 0), HasReason(reasons::kRecoveryExceedsOverpayment));
  EXPECT_THAT(CheckAmount(Request(), 9'000, 1'000), IsOk());
  EXPECT_THAT(CheckAmount(Request(), 9'000, 1'001), HasReason(reasons::kRecoveryExceedsCap));
}

}  // namespace
}  // namespace dangjian::welfare::recovery_rules
