#include "services/welfare/assistance_action/assistance_rules.h"

#include "common/testing/matchers.h"

namespace dangjian::welfare::assistance_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::dangjian::testing::ViolationsOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Checked(const std::string& text) {
  Violations violations;
  CheckContent(Proto<v1::AssistanceAction>(text), Day::Of(2026, 11, 20), violations);
  return ViolationsOf(violations.ToStatus());
}

TEST(AssistanceRulesTest, TheKindSaysWhatIsFilledIn) {
  EXPECT_THAT(Checked("kind: ASSISTANCE_KIND_CASH cash_fen: 20000"), IsEmpty());
  EXPECT_THAT(Checked("kind: ASSISTANCE_KIND_GOODS goods { text: '鸡雏' value_fen: 300000 }"), IsEmpty());
  EXPECT_THAT(Checked("kind: ASSISTANCE_KIND_SERVICE service_hours: '1.5'"), IsEmpty());
  EXPECT_THAT(Checked("kind: ASSISTANCE_KIND_CASH service_hours: '1'"),
              ElementsAre("assistance_action.cash_fen ASSISTANCE_KIND_MISMATCH",
                          "assistance_action.service_hours ASSISTANCE_KIND_MISMATCH"));
  EXPECT_THAT(Checked("kind: ASSISTANCE_KIND_SERVICE service_hours: '2' goods { text: '米' }"),
              ElementsAre("assistance_action.goods ASSISTANCE_KIND_MISMATCH"));
}

TEST(AssistanceRulesTest, AmountsAreMoreThanNothing) {
  const auto hours = [](const std::string& text) {
    return Checked("kind: ASSISTANCE_KIND_SERVICE service_hours: '" + text + "'");
  };
  EXPECT_THAT(hours("0.00"), ElementsAre("assistance_action.service_hours ASSISTANCE_AMOUNT_INVALID"));
  EXPECT_THAT(hours("24.01"), ElementsAre("assistance_action.service_hours ASSISTANCE_AMOUNT_INVALID"));
  EXPECT_THAT(hours("24"), IsEmpty());
  EXPECT_THAT(Checked("kind: ASSISTANCE_KIND_GOODS goods { text: '米' quantity { value: '0' unit: 'jin' } }"),
              ElementsAre("assistance_action.goods ASSISTANCE_AMOUNT_INVALID"));
  EXPECT_THAT(Checked("kind: ASSISTANCE_KIND_CASH cash_fen: -1"),
              ElementsAre("assistance_action.cash_fen ASSISTANCE_AMOUNT_INVALID"));
  EXPECT_THAT(Checked("kind: ASSISTANCE_KIND_CASH cash_fen: 1 occurred_on { year: 2026 month: 11 day: 21 }"),
              ElementsAre("assistance_action.occurred_on DATE_IN_FUTURE"));
}

TEST(AssistanceRulesTest, BelongsToAMemberAndAnActiveDayOfThePairing) {
  const auto pairing = Proto<v1::AssistancePairing>(
      "members: 'members/wang' active_days { start_date { year: 2026 month: 3 day: 5 } end_date { year: 2026 month: 4 "
      "day: 30 } }");
  auto action = Proto<v1::AssistanceAction>("member: 'members/wang' occurred_on { year: 2026 month: 4 day: 30 }");
  EXPECT_THAT(CheckPairing(action, pairing), IsOk());
  action.mutable_occurred_on()->set_month(3);
  action.mutable_occurred_on()->set_day(4);
  EXPECT_THAT(CheckPairing(action, pairing), HasReason(reasons::kPairingNotActive));
  action.set_member("members/li");
  EXPECT_THAT(CheckPairing(action, pairing), HasReason(reasons::kMemberNotInPairing));
}

TEST(AssistanceRulesTest, ValueIsMoneyOrWhatGoodsAreWorth) {
  EXPECT_EQ(ValueFen(Proto<v1::AssistanceAction>("kind: ASSISTANCE_KIND_CASH cash_fen: 20000")), 20000);
  EXPECT_EQ(ValueFen(Proto<v1::AssistanceAction>("kind: ASSISTANCE_KIND_GOODS goods { value_fen: 300000 }")), 300000);
  EXPECT_EQ(ValueFen(Proto<v1::AssistanceAction>("kind: ASSISTANCE_KIND_SERVICE service_hours: '2'")), 0);
}

}  // namespace
}  // namespace dangjian::welfare::assistance_rules
