#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "dangjian/pledge/v1/disclosure.pb.h"
#include "services/pledge/disclosure/disclosure_rules.h"
#include "services/pledge/testing/harness.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::Disclosure;

const DayRange kThirdQuarter{Day::Of(2026, 7, 1), Day::Of(2026, 9, 30)};
constexpr char kName[] = "name: 'disclosures/d' ";

class DisclosureServiceTest : public PledgeTest {
 protected:
  void SetUp() override {
    PledgeTest::SetUp();
    ASSERT_THAT((Call<Disclosure, v1::CreateDisclosureRequest>(
                    "disclosure_id: 'd' disclosure { campaign: 'campaigns/sanshuang' organization: "
                    "'organizations/east' category: DISCLOSURE_CATEGORY_PARTY_AFFAIRS subject: '党费收缴' scope: "
                    "DISCLOSURE_SCOPE_PUBLIC body: '第一季度' channel: '公开栏' period { days: 5 day_kind: "
                    "DAY_KIND_WORKING } }")),
                IsOk());
  }
  absl::StatusOr<Disclosure> Post(const std::string& day) {
    const std::string on = absl::StrCat(kName, "occurred_on ", DateText(day));
    const auto reviewed = Call<Disclosure, v1::ReviewDisclosureSecrecyRequest>(on);
    if (!reviewed.ok()) return reviewed;
    const auto approved = Call<Disclosure, v1::ApproveDisclosureRequest>(on);
    if (!approved.ok()) return approved;
    return Call<Disclosure, v1::PostDisclosureRequest>(absl::StrCat(kName, "posted_on ", DateText(day)));
  }
};

TEST_F(DisclosureServiceTest, WorkedExample7WithTheCalendarOfTheDirectory) {
  const auto posted = Post("2026-09-28");
  ASSERT_THAT(posted, IsOk());
  EXPECT_EQ(DayFromProto(posted->closes_on()), Day::Of(2026, 10, 10));
  EXPECT_FALSE(posted->provisional());
  EXPECT_THAT((Call<Disclosure, v1::CloseDisclosureRequest>(absl::StrCat(kName, "closed_on ", DateText("2026-10-09")))),
              HasReason(reasons::kPeriodNotOver));
  EXPECT_THAT((Call<Disclosure, v1::CloseDisclosureRequest>(absl::StrCat(kName, "closed_on ", DateText("2026-10-10")))),
              IsOk());
}

TEST_F(DisclosureServiceTest, AYearWithoutCalendarIsProvisional) {
  const auto posted = Post("2025-03-03");
  ASSERT_THAT(posted, IsOk());
  EXPECT_TRUE(posted->provisional());
}

TEST_F(DisclosureServiceTest, CountsFromPostingUntilItIsWithdrawn) {
  EXPECT_EQ(Figure("disclosures", "street", kThirdQuarter), 0);
  ASSERT_THAT(Post("2026-09-28"), IsOk());
  EXPECT_EQ(Figure("disclosures", "street", kThirdQuarter, {{0, {"PARTY_AFFAIRS"}}}), 1);
  EXPECT_EQ(Figure("disclosures", "street", kThirdQuarter, {{0, {"GOVERNMENT_AFFAIRS"}}}), 0);
  const std::string on = absl::StrCat(kName, "reason: '错字' occurred_on ", DateText("2026-09-29"));
  ASSERT_THAT((Call<Disclosure, v1::WithdrawDisclosureRequest>(on)), IsOk());
  EXPECT_EQ(Figure("disclosures", "street", kThirdQuarter), 0);
  ASSERT_THAT((Call<Disclosure, v1::RedraftDisclosureRequest>(on)), IsOk());
  ASSERT_THAT((Call<Disclosure, v1::UpdateDisclosureRequest>(
                  "disclosure { name: 'disclosures/d' category: DISCLOSURE_CATEGORY_GOVERNMENT_AFFAIRS } "
                  "update_mask { paths: 'category' }")),
              IsOk());
  ASSERT_THAT(Post("2026-09-30"), IsOk());
  EXPECT_EQ(Figure("disclosures", "east", kThirdQuarter, {{0, {"GOVERNMENT_AFFAIRS"}}}), 1);
}

TEST_F(DisclosureServiceTest, AnObjectionIsHandledBeforeClosing) {
  ASSERT_THAT(Post("2026-09-28"), IsOk());
  ASSERT_THAT((Call<Disclosure, v1::RecordObjectionRequest>(absl::StrCat(
                  kName, "objection { text: '有误' anonymous: true received_on ", DateText("2026-10-08"), " }"))),
              IsOk());
  const std::string step = absl::StrCat(kName, "objection_id: '1' occurred_on ", DateText("2026-10-12"));
  EXPECT_THAT((Call<Disclosure, v1::CloseDisclosureRequest>(kName)), HasReason(reasons::kObjectionOpen));
  ASSERT_THAT((Call<Disclosure, v1::AssignObjectionRequest>(step + " assignee: 'members/li'")), IsOk());
  ASSERT_THAT((Call<Disclosure, v1::InvestigateObjectionRequest>(step + " finding: '不实'")), IsOk());
  ASSERT_THAT((Call<Disclosure, v1::DecideObjectionRequest>(step + " reason: '与台账一致'")), IsOk());
  const auto replied = Call<Disclosure, v1::ReplyObjectionRequest>(step + " reply: '已说明'");
  ASSERT_THAT(replied, IsOk());
  EXPECT_EQ(replied->objections(0).state(), v1::OBJECTION_STATE_REPLIED);
  EXPECT_FALSE(replied->objections(0).upheld());
  EXPECT_THAT((Call<Disclosure, v1::CloseDisclosureRequest>(kName)), IsOk());
}

TEST_F(DisclosureServiceTest, ListsByOrganizationOrCampaign) {
  EXPECT_EQ((Call<v1::ListDisclosuresResponse, v1::ListDisclosuresRequest>("organization: 'organizations/east'"))
                ->disclosures_size(),
            1);
  EXPECT_EQ((Call<v1::ListDisclosuresResponse, v1::ListDisclosuresRequest>("campaign: 'campaigns/sanshuang'"))
                ->disclosures_size(),
            1);
  EXPECT_EQ((Call<v1::ListDisclosuresResponse, v1::ListDisclosuresRequest>("organization: 'organizations/west'"))
                ->disclosures_size(),
            0);
}

}  // namespace
}  // namespace dangjian::pledge
