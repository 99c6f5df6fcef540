#include "services/welfare/mls_rule_set/rule_set_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::mls {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::Proto;
using testing::ViolationsOf;

v1::MlsRuleSet Rules(const std::string& more = "") {
  return Proto<v1::MlsRuleSet>(
      "name: 'mlsRuleSets/r' method: MLS_METHOD_DIFFERENCE effective_from { year: 2026 month: 1 day: 1 } " + more);
}

TEST(MlsRuleSetRulesTest, BeginsWithAMonthAndHasAVersion) {
  v1::MlsRuleSet rules = Rules();
  ASSERT_THAT(CheckRuleSet(rules), IsOk());
  EXPECT_EQ(rules.version(), 1);
  rules.mutable_effective_from()->set_day(2);
  EXPECT_THAT(CheckRuleSet(rules), HasReason(reasons::kNotFirstOfMonth));
}

TEST(MlsRuleSetRulesTest, TiersBelongToTheMethod) {
  v1::MlsRuleSet with = Rules("tiers { code: 'A' amount_fen: 30000 }");
  EXPECT_THAT(CheckRuleSet(with), HasReason(reasons::kRuleSetIncomplete));
  with.set_method(v1::MLS_METHOD_TIERS);
  EXPECT_THAT(CheckRuleSet(with), IsOk());
  *with.add_tiers() = with.tiers(0);
  EXPECT_THAT(CheckRuleSet(with), HasReason(reasons::kDuplicateTier));
  with.clear_tiers();
  EXPECT_THAT(CheckRuleSet(with), HasReason(reasons::kRuleSetIncomplete));
}

TEST(MlsRuleSetRulesTest, EveryBadTopUpIsNamed) {
  v1::MlsRuleSet rules = Rules(
      "top_ups { code: 'ELDERLY' percent_bp: 1000 } top_ups { code: 'ELDERLY' fixed_fen: 5 } "
      "top_ups { code: 'MINOR' percent_bp: 1 fixed_fen: 1 } top_ups { code: 'SEVERE_DISABILITY' percent_bp: 2000 }");
  EXPECT_THAT(ViolationsOf(CheckRuleSet(rules)),
              ::testing::ElementsAre("mls_rule_set.top_ups[1].code DUPLICATE_TOP_UP",
                                     "mls_rule_set.top_ups[2] RULE_SET_INCOMPLETE",
                                     "mls_rule_set.top_ups[3].health_fact HEALTH_TOP_UP_NOT_MARKED"));
}

TEST(MlsRuleSetRulesTest, ATopUpIsForSomeAge) {
  v1::MlsRuleSet rules = Rules("top_ups { code: 'SCHOOL' percent_bp: 1000 from_age: 6 below_age: 16 }");
  EXPECT_THAT(CheckRuleSet(rules), IsOk());
  rules.mutable_top_ups(0)->set_below_age(6);
  EXPECT_THAT(CheckRuleSet(rules), HasReason(reasons::kTopUpForNoAge));
}

TEST(MlsRuleSetRulesTest, TheNewestThatDoesNotBeginLaterHolds) {
  std::vector<v1::MlsRuleSet> rows(3, Rules());
  rows[0].set_name("mlsRuleSets/old");
  *rows[0].mutable_effective_from() = DayToProto(Day::Of(2025, 7, 1));
  rows[1].set_version(1);
  rows[2].set_version(2);
  rows[2].set_name("mlsRuleSets/corrected");
  EXPECT_EQ(InForce(rows, Day::Of(2025, 6, 30)), nullptr);
  EXPECT_EQ(InForce(rows, Day::Of(2025, 12, 31))->name(), "mlsRuleSets/old");
  EXPECT_EQ(InForce(rows, Day::Of(2026, 1, 1))->name(), "mlsRuleSets/corrected");
}

TEST(MlsRuleSetRulesTest, AUsedRuleSetStays) {
  v1::MlsRuleSet rules = Rules();
  EXPECT_THAT(CheckUnused(rules), IsOk());
  rules.set_used(true);
  EXPECT_THAT(CheckUnused(rules), HasReason(reasons::kRuleSetInUse));
}

}  // namespace
}  // namespace dangjian::welfare::mls
