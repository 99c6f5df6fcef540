#include "services/welfare/payment_line/line_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "services/welfare/payment_line/line_key.h"

namespace dangjian::welfare::line_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

Step On(int day) { return {.day = Day::Of(2026, 4, day), .today = Day::Of(2026, 11, 20)}; }

v1::PaymentLine Pending() {
  return Proto<v1::PaymentLine>(
      "name: 'paymentLines/l' state: PAYMENT_LINE_STATE_PENDING amount_fen: 100 payee_reference: 'acct'");
}

TEST(LineRulesTest, HoldsAreReleased) {
  v1::PaymentLine line = Pending();
  EXPECT_TRUE(InFile(line));
  ASSERT_THAT(Hold(line, v1::HOLD_REASON_DECEASED, On(5)), IsOk());
  EXPECT_FALSE(InFile(line));
  EXPECT_THAT(Hold(line, v1::HOLD_REASON_MANUAL, On(5)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Settle(line, true, "", Day::Of(2026, 4, 6), On(6)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Release(line, On(4)), HasReason("STEPS_OUT_OF_ORDER"));
  ASSERT_THAT(Release(line, On(6)), IsOk());
  EXPECT_EQ(line.hold_reason(), v1::HOLD_REASON_UNSPECIFIED);
  EXPECT_THAT(Release(line, On(6)), HasReason("ILLEGAL_TRANSITION"));
}

TEST(LineRulesTest, ALineWithoutAccountStaysHeld) {
  v1::PaymentLine line = Pending();
  line.clear_payee_reference();
  ASSERT_THAT(Hold(line, v1::HOLD_REASON_NO_ACCOUNT, On(5)), IsOk());
  EXPECT_THAT(Release(line, On(6)), HasReason(reasons::kLineWithoutAccount));
  EXPECT_EQ(line.state(), v1::PAYMENT_LINE_STATE_HELD);
}

TEST(LineRulesTest, TheLineTellsWhoEnteredAndWhoReleasedIt) {
  const auto by = [](const std::string& actor) {
    Step step = On(5);
    step.actor = actor;
    return step;
  };
  v1::PaymentLine line = Pending();
  EXPECT_FALSE(IsPassedBy(line, "sun")) << "calculated";
  Enter(line, by("sun"));
  ASSERT_THAT(Hold(line, v1::HOLD_REASON_MANUAL, by("li")), IsOk());
  ASSERT_THAT(Release(line, by("zhou")), IsOk());
  EXPECT_TRUE(IsEnteredBy(line, "sun"));
  EXPECT_FALSE(IsEnteredBy(line, "zhou"));
  EXPECT_TRUE(IsPassedBy(line, "sun"));
  EXPECT_TRUE(IsPassedBy(line, "zhou"));
  EXPECT_FALSE(IsPassedBy(line, "li")) << "a hold pays nothing";
}

TEST(LineRulesTest, AnAnswerOfTheBankIsFinalButForTheReissue) {
  v1::PaymentLine line = Pending();
  EXPECT_THAT(Settle(line, false, "销户", Day::Of(2026, 12, 1), On(6)), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(Reissue(line, 100, On(6)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Settle(line, false, "销户", Day::Of(2026, 4, 6), On(7)), IsOk());
  EXPECT_EQ(line.bank_reason(), "销户");
  EXPECT_EQ(DayFromProto(line.settled_on()), Day::Of(2026, 4, 6));
  EXPECT_THAT(Settle(line, true, "", Day::Of(2026, 4, 8), On(8)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Reissue(line, 90, On(9)), IsOk());
  EXPECT_EQ(line.reissued_fen(), 90);
  EXPECT_THAT(Reissue(line, 90, On(9)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(TakeReissueBack(line, On(10)), IsOk());
  EXPECT_EQ(line.reissued_fen(), 0);
  EXPECT_EQ(line.state(), v1::PAYMENT_LINE_STATE_FAILED);
}

TEST(LineKeyTest, KeysAreReadableAndFit) {
  EXPECT_EQ(line_key::LineId("mlsCases/c-1", Day::Of(2026, 4, 1), v1::BENEFIT_COMPONENT_TOP_UP,
                             v1::PAYMENT_RUN_KIND_PRICE_SUBSIDY, 2),
            "c-1-202604-top-up-price-subsidy-2");
  const std::string longest = "mlsCases/" + std::string(63, 'x');
  const std::string first =
      line_key::LineId(longest, Day::Of(2026, 4, 1), v1::BENEFIT_COMPONENT_REGULAR, v1::PAYMENT_RUN_KIND_REGULAR, 1);
  EXPECT_EQ(first.size(), 63);
  EXPECT_NE(first, line_key::LineId(longest, Day::Of(2026, 4, 1), v1::BENEFIT_COMPONENT_REGULAR,
                                    v1::PAYMENT_RUN_KIND_REGULAR, 2));
}

TEST(LineKeyTest, AMonthIsSixDigits) { EXPECT_EQ(line_key::MonthText(Day::Of(2026, 3, 31)), "202603"); }

TEST(LineKeyTest, NoTwoLinesHaveOneText) {
  v1::PaymentLine a = Pending();
  v1::PaymentLine b = a;
  a.set_payee_name("x;1:y");
  b.set_payee_name("x");
  b.set_payee_reference("y");
  EXPECT_NE(line_key::CanonicalText(a), line_key::CanonicalText(b));
  b = a;
  b.set_state(v1::PAYMENT_LINE_STATE_PAID);
  EXPECT_EQ(line_key::CanonicalText(a), line_key::CanonicalText(b)) << "what happens later is not in it";
  b.set_amount_fen(101);
  EXPECT_NE(line_key::CanonicalText(a), line_key::CanonicalText(b));
}

}  // namespace
}  // namespace dangjian::welfare::line_rules
