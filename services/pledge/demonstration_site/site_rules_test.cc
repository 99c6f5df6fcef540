#include "services/pledge/demonstration_site/site_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::pledge::site_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 11, 20)}; }

v1::DemonstrationSite Site() {
  auto site = Proto<v1::DemonstrationSite>(
      "name: 'demonstrationSites/s' designated_on { year: 2026 month: 3 day: 1 } criteria { code: 'METERS' } "
      "criteria { code: 'LEAKS' }");
  Initialize(site);
  return site;
}

void Check(v1::DemonstrationSite& site, const std::string& criterion, bool passed, int month, int day) {
  v1::CriterionCheck check;
  check.set_criterion(criterion);
  check.set_passed(passed);
  *check.mutable_checked_on() = DayToProto(Day::Of(2026, month, day));
  ASSERT_THAT(AddCheck(site, check, On(month, day)), IsOk());
}

TEST(SiteRulesTest, MeetsItsStandardWhenEveryCriterionIsPassed) {
  v1::DemonstrationSite site = Site();
  EXPECT_FALSE(site.meets_standard());
  Check(site, "METERS", true, 4, 1);
  EXPECT_FALSE(site.meets_standard());
  Check(site, "LEAKS", true, 5, 1);
  EXPECT_TRUE(site.meets_standard());
  EXPECT_EQ(DayFromProto(site.meets_standard_since()), Day::Of(2026, 5, 1));
  EXPECT_THAT(StandardChanges(site), ElementsAre(StandardChange{Day::Of(2026, 5, 1), true}));
}

TEST(SiteRulesTest, AFailedCheckTakesItAwayFromItsDay) {
  v1::DemonstrationSite site = Site();
  Check(site, "METERS", true, 4, 1);
  Check(site, "LEAKS", true, 5, 1);
  Check(site, "METERS", false, 7, 1);
  EXPECT_FALSE(site.meets_standard());
  EXPECT_FALSE(site.has_meets_standard_since());
  EXPECT_THAT(StandardChanges(site),
              ElementsAre(StandardChange{Day::Of(2026, 5, 1), true}, StandardChange{Day::Of(2026, 7, 1), false}));
}

TEST(SiteRulesTest, ABackEnteredCheckTakesItsPlaceInTime) {
  v1::DemonstrationSite site = Site();
  Check(site, "METERS", true, 4, 1);
  Check(site, "LEAKS", true, 6, 1);
  Check(site, "LEAKS", true, 5, 1);
  EXPECT_THAT(StandardChanges(site), ElementsAre(StandardChange{Day::Of(2026, 5, 1), true}));
}

TEST(SiteRulesTest, OfTwoChecksOnOneDayTheLaterHolds) {
  v1::DemonstrationSite site = Site();
  Check(site, "METERS", true, 4, 1);
  Check(site, "LEAKS", true, 4, 1);
  Check(site, "LEAKS", false, 4, 1);
  EXPECT_THAT(StandardChanges(site), IsEmpty());
}

TEST(SiteRulesTest, ChecksBeforeTheDesignationCountFromIt) {
  v1::DemonstrationSite site = Site();
  Check(site, "METERS", true, 1, 10);
  Check(site, "LEAKS", true, 1, 20);
  Check(site, "LEAKS", false, 2, 1);
  EXPECT_THAT(StandardChanges(site), IsEmpty()) << "failed again before the designation";
  Check(site, "LEAKS", true, 2, 2);
  EXPECT_THAT(StandardChanges(site), ElementsAre(StandardChange{Day::Of(2026, 3, 1), true}));
}

TEST(SiteRulesTest, ARevocationEndsTheDayAfter) {
  v1::DemonstrationSite site = Site();
  Check(site, "METERS", true, 4, 1);
  Check(site, "LEAKS", true, 4, 1);
  EXPECT_THAT(Revoke(site, On(2, 1)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(Revoke(site, On(8, 31)), IsOk());
  EXPECT_FALSE(site.meets_standard());
  EXPECT_THAT(StandardChanges(site),
              ElementsAre(StandardChange{Day::Of(2026, 4, 1), true}, StandardChange{Day::Of(2026, 9, 1), false}));
  EXPECT_THAT(Revoke(site, On(9, 1)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(AddCheck(site, Proto<v1::CriterionCheck>("criterion: 'LEAKS'"), On(9, 1)),
              HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CheckChange(site, site), HasReason("ILLEGAL_TRANSITION"));
}

TEST(SiteRulesTest, ContentIsChecked) {
  v1::DemonstrationSite site = Site();
  *site.add_criteria() = site.criteria(0);
  Violations violations;
  CheckContent(site, Day::Of(2026, 11, 20), violations);
  EXPECT_THAT(violations.ToStatus(), HasReason(reasons::kDuplicateCriterion));
  violations = {};
  CheckContent(Site(), Day::Of(2026, 2, 1), violations);
  EXPECT_THAT(violations.ToStatus(), HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_THAT(AddCheck(site, Proto<v1::CriterionCheck>("criterion: 'NOISE'"), On(4, 1)),
              HasReason(reasons::kUnknownCriterion));
}

TEST(SiteRulesTest, ACheckedCriterionStays) {
  v1::DemonstrationSite site = Site();
  Check(site, "METERS", true, 4, 1);
  v1::DemonstrationSite without = site;
  without.mutable_criteria()->DeleteSubrange(0, 1);
  EXPECT_THAT(CheckChange(site, without), HasReason(reasons::kCheckedCriterionMissing));
  v1::DemonstrationSite unchecked = site;
  unchecked.mutable_criteria()->DeleteSubrange(1, 1);
  EXPECT_THAT(CheckChange(site, unchecked), IsOk());
}

}  // namespace
}  // namespace dangjian::pledge::site_rules
