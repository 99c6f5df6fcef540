#include "common/types/date.h"
#include "common/types/step.h"
#include "dangjian/pledge/v1/campaign.pb.h"
#include "services/pledge/testing/harness.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::Campaign;

constexpr char kCampaign[] =
    "campaign { display_name: '六大创建' programme: 'SIX_CREATIONS' organization: 'organizations/street' "
    "participating_organizations: 'organizations/east' plan: '第一步\\n第二步' start_date { year: 2026 month: 3 day: 1 "
    "} "
    "end_date { year: 2026 month: 9 day: 30 } } campaign_id: 'c'";

class CampaignServiceTest : public PledgeTest {
 protected:
  absl::StatusOr<Campaign> Start(const std::string& day = "2026-03-01") {
    return Call<Campaign, v1::StartCampaignRequest>("name: 'campaigns/c' occurred_on " + DateText(day));
  }
  absl::StatusOr<Campaign> Close(const std::string& day = "2026-10-01") {
    return Call<Campaign, v1::CloseCampaignRequest>("name: 'campaigns/c' occurred_on " + DateText(day));
  }
};

TEST_F(CampaignServiceTest, RunsFromDraftToClosed) {
  ASSERT_THAT((Call<Campaign, v1::CreateCampaignRequest>(kCampaign)), IsOk());
  EXPECT_THAT(Close(), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Start("2026-12-01"), HasReason(dangjian::reasons::kDateInFuture));
  const auto started = Start();
  ASSERT_THAT(started, IsOk());
  EXPECT_EQ(started->state(), v1::CAMPAIGN_STATE_RUNNING);
  EXPECT_THAT(Start(), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Close("2026-02-01"), HasReason(dangjian::reasons::kStepsOutOfOrder));
  const auto closed = Close();
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(closed->state(), v1::CAMPAIGN_STATE_CLOSED);
  EXPECT_EQ(closed->transitions_size(), 2);
  EXPECT_THAT(Close(), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT((Call<Campaign, v1::UpdateCampaignRequest>(
                  "campaign { name: 'campaigns/c' plan: '改' } update_mask { paths: 'plan' }")),
              HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(CampaignServiceTest, DoesNotEndBeforeItStarts) {
  auto request = testing::Proto<v1::CreateCampaignRequest>(kCampaign);
  request.mutable_campaign()->mutable_end_date()->set_month(1);
  EXPECT_THAT(Call<Campaign>(request), HasReason(dangjian::reasons::kDatesOutOfOrder));
}

TEST_F(CampaignServiceTest, ListsByTheLeadingOrganization) {
  ASSERT_THAT((Call<Campaign, v1::CreateCampaignRequest>(kCampaign)), IsOk());
  const auto list = Call<v1::ListCampaignsResponse, v1::ListCampaignsRequest>("organization: 'organizations/street'");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->campaigns_size(), 2);
  EXPECT_THAT((Call<Campaign, v1::GetCampaignRequest>("name: 'campaigns/none'")), HasReason("RECORD_NOT_FOUND"));
}

}  // namespace
}  // namespace dangjian::pledge
