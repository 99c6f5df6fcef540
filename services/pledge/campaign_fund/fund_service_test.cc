#include "absl/strings/str_cat.h"
#include "dangjian/pledge/v1/campaign_fund.pb.h"
#include "services/pledge/campaign_fund/fund_rules.h"
#include "services/pledge/target/target_rules.h"
#include "services/pledge/testing/harness.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::CampaignFund;

const DayRange kFirstHalf{Day::Of(2026, 1, 1), Day::Of(2026, 6, 30)};

class FundServiceTest : public PledgeTest {
 protected:
  absl::StatusOr<CampaignFund> Create(const std::string& allotments) {
    return Call<CampaignFund, v1::CreateCampaignFundRequest>(absl::StrCat(
        "campaign_fund_id: 'f' campaign_fund { campaign: 'campaigns/sanshuang' organization: "
        "'organizations/street' display_name: '活动经费' rate_fen: 500 as_of_date { year: 2026 month: 2 day: 1 } ",
        allotments, " }"));
  }
};

constexpr char kAllotments[] =
    "allotments { organization: 'organizations/east' headcount: 226 } allotments { organization: 'organizations/west' "
    "headcount: 364 }";

TEST_F(FundServiceTest, AllottedAndTransferredAreApartAndCountForTheBranch) {
  const auto created = Create(kAllotments);
  ASSERT_THAT(created, IsOk());
  EXPECT_EQ(created->total_fen(), 295'000);
  EXPECT_EQ(Figure("campaign_funds_allotted", "street", kFirstHalf), 0);
  ASSERT_THAT((Call<CampaignFund, v1::AllotCampaignFundRequest>(
                  absl::StrCat("name: 'campaignFunds/f' allotted_on ", DateText("2026-03-01")))),
              IsOk());
  EXPECT_EQ(Figure("campaign_funds_allotted", "street", kFirstHalf), 295'000);
  EXPECT_EQ(Figure("campaign_funds_allotted", "east", kFirstHalf), 113'000);
  const auto paid = Call<CampaignFund, v1::RecordTransferRequest>(
      absl::StrCat("name: 'campaignFunds/f' transfer { organization: 'organizations/east' amount_fen: 110000 "
                   "transferred_on ",
                   DateText("2026-03-20"), " }"));
  ASSERT_THAT(paid, IsOk());
  EXPECT_EQ(Figure("campaign_funds_transferred", "street", kFirstHalf), 110'000);
  EXPECT_EQ(Figure("campaign_funds_transferred", "west", kFirstHalf), 0);
  ASSERT_THAT(
      (Call<CampaignFund, v1::ReverseTransferRequest>("name: 'campaignFunds/f' transfer_id: '1' reason: '退回'")),
      IsOk());
  EXPECT_EQ(Figure("campaign_funds_transferred", "street", kFirstHalf), 0);
  EXPECT_EQ(Figure("campaign_funds_allotted", "street", kFirstHalf), 295'000);
}

// domain.md, section 6, example 10: 95 % of 100 and 50 % of 900 are 54.5 %, not 72.5 %: a share of the street comes
// from the added parts of its communities.
TEST_F(FundServiceTest, WorkedExample10SharesComeFromPartsAndAreNeverAveraged) {
  ASSERT_THAT(Create("allotments { organization: 'organizations/east' headcount: 100 } allotments { organization: "
                     "'organizations/west' headcount: 900 }"),
              IsOk());
  ASSERT_THAT((Call<CampaignFund, v1::AllotCampaignFundRequest>(
                  absl::StrCat("name: 'campaignFunds/f' allotted_on ", DateText("2026-03-01")))),
              IsOk());
  const auto transfer = [&](const std::string& organization, int64_t fen) {
    ASSERT_THAT((Call<CampaignFund, v1::RecordTransferRequest>(
                    absl::StrCat("name: 'campaignFunds/f' transfer { organization: 'organizations/", organization,
                                 "' amount_fen: ", fen, " transferred_on ", DateText("2026-03-20"), " }"))),
                IsOk());
  };
  transfer("east", 95 * 500);
  transfer("west", 450 * 500);
  const auto share = [&](const std::string& organization) {
    return target_rules::Fraction{Figure("campaign_funds_transferred", organization, kFirstHalf),
                                  Figure("campaign_funds_allotted", organization, kFirstHalf)}
        .Hundredths();
  };
  EXPECT_EQ(share("east"), 9500);
  EXPECT_EQ(share("west"), 5000);
  EXPECT_EQ(share("street"), 5450) << "not the 7250 of an average";
}

TEST_F(FundServiceTest, BadInputIsNamed) {
  EXPECT_THAT(Create("allotments { organization: 'organizations/east' headcount: 10 amount_fen: 4999 }"),
              HasReason(reasons::kAmountMismatch));
  EXPECT_THAT(Create("allotments { organization: 'organizations/north' headcount: 10 }"),
              HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Create("allotments { organization: 'organizations/east' headcount: -1 }"), HasReason("OUT_OF_BOUNDS"));
  EXPECT_THAT(Create("allotments { organization: 'organizations/east' headcount: 10 amount_fen: 5000 }"), IsOk());
}

TEST_F(FundServiceTest, ANewRateComputesNewAmountsUntilTheAllotment) {
  ASSERT_THAT(Create(kAllotments), IsOk());
  const std::string update =
      "campaign_fund { name: 'campaignFunds/f' rate_fen: 600 } update_mask { paths: 'rate_fen' }";
  const auto updated = Call<CampaignFund, v1::UpdateCampaignFundRequest>(update);
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->total_fen(), 354'000);
  ASSERT_THAT((Call<CampaignFund, v1::AllotCampaignFundRequest>("name: 'campaignFunds/f'")), IsOk());
  EXPECT_THAT((Call<CampaignFund, v1::UpdateCampaignFundRequest>(update)), HasReason("ILLEGAL_TRANSITION"));
}

}  // namespace
}  // namespace dangjian::pledge
