#include "absl/strings/str_cat.h"
#include "dangjian/pledge/v1/demonstration_site.pb.h"
#include "services/pledge/demonstration_site/site_rules.h"
#include "services/pledge/testing/harness.h"

namespace dangjian::pledge {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::DemonstrationSite;

class SiteServiceTest : public PledgeTest {
 protected:
  void SetUp() override {
    PledgeTest::SetUp();
    ASSERT_THAT((Call<DemonstrationSite, v1::CreateDemonstrationSiteRequest>(
                    "demonstration_site_id: 's' demonstration_site { campaign: 'campaigns/sanshuang' programme: "
                    "'WATER_SAVING_QUARTER' batch: 1 organization: 'organizations/east' display_name: '节水小区' "
                    "designated_on { year: 2026 month: 3 day: 1 } criteria { code: 'METERS' text: '一户一表' } }")),
                IsOk());
  }
  absl::StatusOr<DemonstrationSite> Check(bool passed, const std::string& day) {
    return Call<DemonstrationSite, v1::RecordCriterionCheckRequest>(
        absl::StrCat("name: 'demonstrationSites/s' check { criterion: 'METERS' passed: ", passed ? "true" : "false",
                     " checker: 'members/li' checked_on ", DateText(day), " }"));
  }
  int64_t Sites(Day day) { return Figure("demonstration_sites", "street", day, {{0, {"WATER_SAVING_QUARTER"}}}); }
  int64_t Meeting(Day day) {
    return Figure("demonstration_sites_meeting_standard", "street", day, {{0, {"WATER_SAVING_QUARTER"}}});
  }
};

TEST_F(SiteServiceTest, CountsFromDesignationAndFromMeetingTheStandard) {
  EXPECT_EQ(Sites(Day::Of(2026, 2, 28)), 0);
  EXPECT_EQ(Sites(Day::Of(2026, 3, 1)), 1);
  const auto checked = Check(true, "2026-06-01");
  ASSERT_THAT(checked, IsOk());
  EXPECT_TRUE(checked->meets_standard());
  EXPECT_EQ(Meeting(Day::Of(2026, 5, 31)), 0);
  EXPECT_EQ(Meeting(Day::Of(2026, 6, 30)), 1);
  ASSERT_THAT(Check(false, "2026-08-01"), IsOk());
  EXPECT_EQ(Meeting(Day::Of(2026, 8, 1)), 0);
  EXPECT_EQ(Meeting(Day::Of(2026, 6, 30)), 1);
}

TEST_F(SiteServiceTest, RevocationCorrectionAndDeletionMoveTheFigures) {
  ASSERT_THAT(Check(true, "2026-06-01"), IsOk());
  // A second criterion that nobody has checked: the standard is not met any more, nor was it.
  const auto updated = Call<DemonstrationSite, v1::UpdateDemonstrationSiteRequest>(
      "demonstration_site { name: 'demonstrationSites/s' criteria { code: 'METERS' text: '一户一表' } criteria { code: "
      "'LEAKS' text: '无跑冒滴漏' } } update_mask { paths: 'criteria' }");
  ASSERT_THAT(updated, IsOk());
  EXPECT_FALSE(updated->meets_standard());
  EXPECT_EQ(Meeting(Day::Of(2026, 6, 30)), 0);
  EXPECT_THAT(
      (Call<DemonstrationSite, v1::UpdateDemonstrationSiteRequest>(
          "demonstration_site { name: 'demonstrationSites/s' criteria { code: 'LEAKS' text: 'x' } } update_mask "
          "{ paths: 'criteria' }")),
      HasReason(reasons::kCheckedCriterionMissing));
  ASSERT_THAT((Call<DemonstrationSite, v1::RevokeDemonstrationSiteRequest>(
                  absl::StrCat("name: 'demonstrationSites/s' reason: '调整' revoked_on ", DateText("2026-09-30")))),
              IsOk());
  EXPECT_EQ(Sites(Day::Of(2026, 9, 30)), 1);
  EXPECT_EQ(Sites(Day::Of(2026, 10, 1)), 0);
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteDemonstrationSiteRequest>("name: 'demonstrationSites/s'")),
              IsOk());
  EXPECT_EQ(Sites(Day::Of(2026, 9, 30)), 0);
}

TEST_F(SiteServiceTest, ListsByCampaign) {
  const auto list =
      Call<v1::ListDemonstrationSitesResponse, v1::ListDemonstrationSitesRequest>("campaign: 'campaigns/sanshuang'");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->demonstration_sites_size(), 1);
}

}  // namespace
}  // namespace dangjian::pledge
