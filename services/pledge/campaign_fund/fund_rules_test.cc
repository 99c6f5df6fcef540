#include "services/pledge/campaign_fund/fund_rules.h"

#include "common/testing/matchers.h"

namespace dangjian::pledge::fund_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 11, 20)}; }

v1::CampaignFund Fund() {
  auto fund = Proto<v1::CampaignFund>(
      "name: 'campaignFunds/f' rate_fen: 500 as_of_date { year: 2026 month: 2 day: 1 } "
      "allotments { organization: 'organizations/east' headcount: 226 } "
      "allotments { organization: 'organizations/west' headcount: 364 }");
  Initialize(fund);
  Violations violations;
  ComputeAmounts(fund, violations);
  EXPECT_THAT(violations.ToStatus(), IsOk());
  return fund;
}

TEST(FundRulesTest, AmountsAreHeadcountTimesRate) {
  const v1::CampaignFund fund = Fund();
  EXPECT_EQ(fund.allotments(0).amount_fen(), 113'000);
  EXPECT_EQ(fund.allotments(1).amount_fen(), 182'000);
  EXPECT_EQ(fund.total_fen(), 295'000) << "590 × 5.00 yuan";
}

TEST(FundRulesTest, AnAmountThatComesAlongMustAgree) {
  v1::CampaignFund fund = Fund();
  fund.mutable_allotments(0)->set_amount_fen(113'001);
  Violations violations;
  ComputeAmounts(fund, violations);
  EXPECT_THAT(violations.ToStatus(), HasReason(reasons::kAmountMismatch));
}

TEST(FundRulesTest, ABranchHasOneAllotment) {
  v1::CampaignFund fund = Fund();
  *fund.add_allotments() = fund.allotments(0);
  Violations violations;
  ComputeAmounts(fund, violations);
  EXPECT_THAT(violations.ToStatus(), HasReason(reasons::kDuplicateAllotment));
}

TEST(FundRulesTest, AllotmentComesOnceAndNotBeforeTheCount) {
  v1::CampaignFund fund = Fund();
  EXPECT_THAT(CheckEditable(fund), IsOk());
  EXPECT_THAT(Allot(fund, On(1, 31)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(Allot(fund, On(3, 1)), IsOk());
  EXPECT_THAT(Allot(fund, On(3, 2)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CheckEditable(fund), HasReason("ILLEGAL_TRANSITION"));
}

TEST(FundRulesTest, TransfersFollowTheAllotmentAndMayDiffer) {
  v1::CampaignFund fund = Fund();
  const auto transfer = Proto<v1::FundTransfer>("organization: 'organizations/east' amount_fen: 100000");
  EXPECT_THAT(AddTransfer(fund, transfer, On(3, 5)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Allot(fund, On(3, 1)), IsOk());
  EXPECT_THAT(AddTransfer(fund, transfer, On(2, 28)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(AddTransfer(fund, transfer, On(3, 5)), IsOk());
  EXPECT_EQ(fund.transfers(0).transfer_id(), "1");
  EXPECT_EQ(fund.transferred_fen(), 100'000);
  EXPECT_EQ(fund.total_fen(), 295'000);
  auto again = transfer;
  again.set_transfer_id("1");
  EXPECT_THAT(AddTransfer(fund, again, On(3, 5)), HasReason(reasons::kDuplicateTransfer));
  auto elsewhere = transfer;
  elsewhere.set_organization("organizations/north");
  EXPECT_THAT(AddTransfer(fund, elsewhere, On(3, 5)), HasReason(reasons::kUnknownAllotment));
}

TEST(FundRulesTest, AReversedTransferCountsAsNothing) {
  v1::CampaignFund fund = Fund();
  ASSERT_THAT(Allot(fund, On(3, 1)), IsOk());
  const auto transfer = Proto<v1::FundTransfer>("organization: 'organizations/east' amount_fen: 100000");
  ASSERT_THAT(AddTransfer(fund, transfer, On(3, 5)), IsOk());
  Step step = On(4, 1);
  step.reason = "转错账户";
  EXPECT_THAT(ReverseTransfer(fund, "9", step), HasReason(reasons::kUnknownTransfer));
  ASSERT_THAT(ReverseTransfer(fund, "1", step), IsOk());
  EXPECT_EQ(fund.transferred_fen(), 0);
  EXPECT_EQ(fund.transfers(0).reversal_reason(), "转错账户");
  EXPECT_THAT(ReverseTransfer(fund, "1", step), HasReason(reasons::kTransferAlreadyReversed));
  ASSERT_THAT(AddTransfer(fund, transfer, On(4, 2)), IsOk());
  EXPECT_EQ(fund.transfers(1).transfer_id(), "2");
}

}  // namespace
}  // namespace dangjian::pledge::fund_rules
