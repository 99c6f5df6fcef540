#include "services/welfare/payment_batch/due_rules.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::due_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

std::string Month(int month) { return absl::StrCat("{ year: 2026 month: ", month, " day: 1 }"); }
Day First(int month) { return Day::Of(2026, month, 1); }

v1::MlsAward Award(int first, int last, int64_t fen, int decision, const std::string& more = "") {
  return Proto<v1::MlsAward>(
      absl::StrCat("name: 'mlsAwards/c-", decision, "' mls_case: 'mlsCases/c' first_month ", Month(first),
                   last > 0 ? absl::StrCat(" last_month ", Month(last)) : "", " decision_number: ", decision,
                   " parts { component: BENEFIT_COMPONENT_REGULAR amount_fen: ", fen, " } ", more));
}

CaseLine Line(int month, int64_t fen, const std::string& state, const std::string& more = "",
              v1::PaymentBatchState batch = v1::PAYMENT_BATCH_STATE_SENT) {
  auto line = Proto<v1::PaymentLine>(absl::StrCat(
      "name: 'paymentLines/c-", month, "-1' benefit_month ", Month(month), " amount_fen: ", fen,
      " component: BENEFIT_COMPONENT_REGULAR run_kind: PAYMENT_RUN_KIND_REGULAR seq: 1 state: PAYMENT_LINE_STATE_",
      state));
  line.MergeFrom(Proto<v1::PaymentLine>(more));
  return {.line = line, .batch_state = batch};
}

v1::PaymentBatch Batch(int month, const std::string& kind) {
  return Proto<v1::PaymentBatch>(absl::StrCat("benefit_month ", Month(month), " run_kind: PAYMENT_RUN_KIND_", kind));
}

TEST(DueRulesTest, TheLatestDecisionDecidesAMonth) {
  const std::vector<v1::MlsAward> awards = {Award(4, 0, 100, 1), Award(6, 0, 120, 2), Award(9, 8, 500, 3)};
  EXPECT_EQ(AwardInForce(awards, First(3)), nullptr);
  EXPECT_EQ(AwardInForce(awards, First(5))->decision_number(), 1);
  EXPECT_EQ(AwardInForce(awards, First(6))->decision_number(), 2);
  EXPECT_EQ(AwardInForce(awards, First(9))->decision_number(), 2) << "an award that ends before it begins never pays";
}

TEST(DueRulesTest, WhatFailedAndWaitsTakesNoRoom) {
  const std::vector<v1::MlsAward> awards = {Award(4, 0, 400, 1)};
  const auto room = [&](const std::vector<CaseLine>& lines) {
    return testing::ValueOrDie(RoomFen(awards, lines, First(4), v1::BENEFIT_COMPONENT_REGULAR));
  };
  EXPECT_EQ(room({}), 400);
  EXPECT_EQ(room({Line(4, 300, "PAID")}), 100);
  EXPECT_EQ(room({Line(4, 300, "FAILED")}), 400);
  EXPECT_EQ(room({Line(4, 300, "FAILED", "disputed: true")}), 100) << "the bank says that it was paid as well";
  EXPECT_EQ(room({Line(4, 300, "FAILED"),
                  Line(4, 200, "HELD", "name: 'paymentLines/c-4-2'", v1::PAYMENT_BATCH_STATE_REVIEWED)}),
            200);
}

TEST(DueRulesTest, ASuspendedMonthPaysNothing) {
  const std::vector<v1::MlsAward> awards = {Award(4, 0, 100, 1, absl::StrCat("suspended_months ", Month(5)))};
  EXPECT_EQ(DueFen(awards, First(4), v1::BENEFIT_COMPONENT_REGULAR), 100);
  EXPECT_EQ(DueFen(awards, First(5), v1::BENEFIT_COMPONENT_REGULAR), 0);
  EXPECT_EQ(DueFen(awards, First(4), v1::BENEFIT_COMPONENT_TOP_UP), 0);
}

TEST(DueRulesTest, WorkedExample2ThePaymentFailsAndComesAgainWithItsOwnMonth) {
  const std::vector<v1::MlsAward> awards = {Award(4, 0, 97'667, 1)};
  EXPECT_TRUE(Plan(Batch(3, "REGULAR"), awards, {})->empty()) << "decided in March: April is the first month";
  const auto may = Plan(Batch(5, "REGULAR"), awards, {Line(4, 97'667, "FAILED")});
  ASSERT_THAT(may, IsOk());
  ASSERT_EQ(may->size(), 2);
  EXPECT_EQ((*may)[0].month, First(5));
  EXPECT_EQ((*may)[1].month, First(4));
  EXPECT_EQ((*may)[1].amount_fen, 97'667);
  EXPECT_EQ((*may)[1].seq, 2);
  EXPECT_EQ((*may)[1].reissue_of, "paymentLines/c-4-1");
}

TEST(DueRulesTest, WorkedExample2ArrearsOfARaiseCountPaidMonthsOnly) {
  // Three persons, 680.00 each from April; raised to 720.00 from January, decided in May: the family was paid from
  // April.
  const std::vector<v1::MlsAward> awards = {Award(4, 3, 3 * 68'000, 1), Award(4, 0, 3 * 72'000, 2)};
  const auto arrears = Plan(Batch(5, "ARREARS"), awards, {Line(4, 3 * 68'000, "PAID")});
  ASSERT_THAT(arrears, IsOk());
  ASSERT_EQ(arrears->size(), 1);
  EXPECT_EQ((*arrears)[0].month, First(4));
  EXPECT_EQ((*arrears)[0].amount_fen, 12'000) << "(720.00 - 680.00) x 3 x 1 month";
}

TEST(DueRulesTest, AMonthThatIsCoveredIsNotPaidAgain) {
  const std::vector<v1::MlsAward> awards = {Award(4, 0, 100, 1)};
  for (const char* state : {"PENDING", "PAID", "FAILED"}) {
    const auto planned = Plan(Batch(4, "REGULAR"), awards, {Line(4, 100, state)});
    ASSERT_THAT(planned, IsOk());
    for (const PlannedLine& line : *planned) EXPECT_FALSE(line.reissue_of.empty()) << state;
    EXPECT_TRUE(Plan(Batch(5, "ARREARS"), awards, {Line(4, 100, state)})->empty()) << state;
  }
}

TEST(DueRulesTest, AHeldLineCoversUntilItsBatchIsApprovedWithoutIt) {
  const std::vector<v1::MlsAward> awards = {Award(4, 0, 100, 1)};
  const CaseLine open = Line(4, 100, "HELD", "", v1::PAYMENT_BATCH_STATE_CALCULATED);
  EXPECT_TRUE(Plan(Batch(5, "ARREARS"), awards, {open})->empty());
  const auto later = Plan(Batch(5, "ARREARS"), awards, {Line(4, 100, "HELD")});
  ASSERT_EQ(later->size(), 1);
  EXPECT_EQ((*later)[0].amount_fen, 100);
}

TEST(DueRulesTest, LinesOfACancelledBatchCountAsNeverCalculated) {
  const std::vector<v1::MlsAward> awards = {Award(4, 0, 100, 1)};
  const CaseLine cancelled = Line(4, 100, "PENDING", "", v1::PAYMENT_BATCH_STATE_CANCELLED);
  const auto planned = Plan(Batch(4, "REGULAR"), awards, {cancelled});
  ASSERT_EQ(planned->size(), 1);
  EXPECT_EQ((*planned)[0].seq, 2);
}

TEST(DueRulesTest, AFailedLineIsPaidAgainOnce) {
  const std::vector<v1::MlsAward> awards = {Award(4, 0, 100, 1)};
  const CaseLine failed = Line(4, 100, "FAILED");
  const CaseLine again = Line(4, 100, "PENDING", "name: 'paymentLines/c-4-2' seq: 2 reissue_of: 'paymentLines/c-4-1'",
                              v1::PAYMENT_BATCH_STATE_CALCULATED);
  EXPECT_EQ(Plan(Batch(5, "REGULAR"), awards, {failed, again})->size(), 1) << "May alone";
  CaseLine cancelled = again;
  cancelled.batch_state = v1::PAYMENT_BATCH_STATE_CANCELLED;
  const auto planned = Plan(Batch(5, "REGULAR"), awards, {failed, cancelled});
  ASSERT_EQ(planned->size(), 2);
  EXPECT_EQ((*planned)[1].seq, 3);
  EXPECT_EQ(*CoveredFen({failed, again}, First(4), v1::BENEFIT_COMPONENT_REGULAR), 100);
}

TEST(DueRulesTest, TwoFailedLinesOfOneMonthComeAgainUnderTwoKeys) {
  const std::vector<v1::MlsAward> awards = {Award(4, 4, 150, 1)};
  const CaseLine first = Line(4, 100, "FAILED", "run_kind: PAYMENT_RUN_KIND_ARREARS");
  const CaseLine second = Line(4, 50, "FAILED", "name: 'paymentLines/c-4-2' seq: 2 run_kind: PAYMENT_RUN_KIND_ARREARS");
  const auto planned = Plan(Batch(5, "REGULAR"), awards, {first, second});
  ASSERT_EQ(planned->size(), 2);
  EXPECT_EQ((*planned)[0].seq, 3);
  EXPECT_EQ((*planned)[1].seq, 4);
}

TEST(DueRulesTest, PriceSubsidiesHaveTheirOwnRun) {
  const std::vector<v1::MlsAward> awards = {Award(4, 0, 100, 1,
                                                  "parts { component: BENEFIT_COMPONENT_PRICE_SUBSIDY amount_fen: 30 } "
                                                  "parts { component: BENEFIT_COMPONENT_TOP_UP amount_fen: 20 }")};
  const auto regular = Plan(Batch(4, "REGULAR"), awards, {});
  ASSERT_EQ(regular->size(), 2);
  EXPECT_EQ((*regular)[1].component, v1::BENEFIT_COMPONENT_TOP_UP);
  const auto price = Plan(Batch(4, "PRICE_SUBSIDY"), awards, {});
  ASSERT_EQ(price->size(), 1);
  EXPECT_EQ((*price)[0].amount_fen, 30);
}

TEST(DueRulesTest, SmallArrearsDoNotTakeTheMonth) {
  const std::vector<v1::MlsAward> awards = {Award(4, 0, 100, 1)};
  const CaseLine arrears = Line(4, 30, "PAID", "name: 'paymentLines/c-4-a' run_kind: PAYMENT_RUN_KIND_ARREARS");
  const auto planned = Plan(Batch(4, "REGULAR"), awards, {arrears});
  ASSERT_THAT(planned, IsOk());
  ASSERT_EQ(planned->size(), 1);
  EXPECT_EQ((*planned)[0].amount_fen, 70) << "what is due less what is covered";
}

TEST(DueRulesTest, AReissueThatCameBackAfterItsLineWasPaidCoversNothing) {
  const std::vector<v1::MlsAward> awards = {Award(4, 4, 100, 1)};
  const CaseLine paid = Line(4, 100, "PAID");
  const CaseLine again = Line(4, 100, "FAILED", "name: 'paymentLines/c-4-2' seq: 2 reissue_of: 'paymentLines/c-4-1'");
  EXPECT_TRUE(Plan(Batch(5, "ARREARS"), awards, {paid, again})->empty()) << "the family has its money";
  EXPECT_TRUE(Plan(Batch(5, "REGULAR"), awards, {paid, again})->empty()) << "nor is it sent a third time";
  const CaseLine back = Line(4, -100, "PAID", "name: 'paymentLines/c-4-r' run_kind: PAYMENT_RUN_KIND_RECOVERY");
  const auto planned = Plan(Batch(5, "ARREARS"), awards, {paid, again, back});
  ASSERT_EQ(planned->size(), 1) << "what was taken back is due";
  EXPECT_EQ((*planned)[0].amount_fen, 100);
}

TEST(DueRulesTest, ADisputedCollectionTakesNothingOff) {
  const std::vector<v1::MlsAward> awards = {Award(4, 4, 150, 1)};
  const CaseLine paid = Line(4, 150, "PAID");
  const CaseLine back =
      Line(4, -50, "PAID", "name: 'paymentLines/c-4-r' run_kind: PAYMENT_RUN_KIND_RECOVERY disputed: true");
  EXPECT_TRUE(Plan(Batch(5, "ARREARS"), awards, {paid, back})->empty()) << "until it is settled";
}

TEST(DueRulesTest, WhatWasCollectedTwiceIsReturnedThoughNothingIsDue) {
  const CaseLine paid = Line(4, 100, "PAID");
  const CaseLine first = Line(4, -100, "PAID", "name: 'paymentLines/c-4-r' run_kind: PAYMENT_RUN_KIND_RECOVERY");
  const CaseLine second = Line(4, -100, "PAID", "name: 'paymentLines/c-4-s' run_kind: PAYMENT_RUN_KIND_RECOVERY");
  const auto planned = Plan(Batch(6, "ARREARS"), {Award(3, 3, 100, 1)}, {paid, first, second});
  ASSERT_THAT(planned, IsOk());
  ASSERT_EQ(std::count_if(planned->begin(), planned->end(), [](const auto& line) { return line.month == First(4); }),
            1);
}

TEST(DueRulesTest, AReissuePaysNoMoreThanIsDueNow) {
  const CaseLine failed = Line(4, 100, "FAILED");
  const auto lowered = Plan(Batch(5, "REGULAR"), {Award(4, 4, 60, 1)}, {failed});
  ASSERT_EQ(lowered->size(), 1);
  EXPECT_EQ((*lowered)[0].amount_fen, 60);
  EXPECT_TRUE(Plan(Batch(5, "REGULAR"), {Award(4, 3, 60, 1)}, {failed})->empty()) << "the award was taken back";
  const CaseLine other = Line(4, 80, "PAID", "name: 'paymentLines/c-4-a' run_kind: PAYMENT_RUN_KIND_ARREARS");
  const auto beside = Plan(Batch(5, "REGULAR"), {Award(4, 4, 100, 1)}, {failed, other});
  ASSERT_EQ(beside->size(), 1);
  EXPECT_EQ((*beside)[0].amount_fen, 20);
  const CaseLine second = Line(4, 100, "FAILED", "name: 'paymentLines/c-4-2' seq: 2");
  const auto both = Plan(Batch(5, "REGULAR"), {Award(4, 4, 150, 1)}, {failed, second});
  ASSERT_EQ(both->size(), 2);
  EXPECT_EQ((*both)[1].amount_fen, 50);
}

TEST(DueRulesTest, ADisputedLineIsNeitherPaidAgainNorMadeUpFor) {
  const std::vector<v1::MlsAward> awards = {Award(4, 4, 100, 1)};
  for (const char* state : {"FAILED", "PAID"}) {
    const CaseLine disputed = Line(4, 100, state, "disputed: true");
    EXPECT_TRUE(Plan(Batch(5, "REGULAR"), awards, {disputed})->empty()) << state;
    EXPECT_TRUE(Plan(Batch(5, "ARREARS"), awards, {disputed})->empty()) << state;
  }
  const CaseLine first = Line(4, 100, "REISSUED", "disputed: true");
  const CaseLine second = Line(4, 100, "FAILED", "name: 'paymentLines/c-4-2' seq: 2 reissue_of: 'paymentLines/c-4-1'");
  EXPECT_TRUE(Plan(Batch(5, "REGULAR"), awards, {first, second})->empty()) << "nor what pays it again and failed too";
}

TEST(DueRulesTest, TooMuchPaidGivesNoLineAndARecoveryIsNoShortfall) {
  const std::vector<v1::MlsAward> awards = {Award(4, 0, 60, 1)};
  EXPECT_TRUE(Plan(Batch(5, "ARREARS"), awards, {Line(4, 100, "PAID")})->empty());
  const CaseLine recovery = Line(4, -40, "PAID", "name: 'paymentLines/c-4-r' run_kind: PAYMENT_RUN_KIND_RECOVERY");
  EXPECT_TRUE(Plan(Batch(5, "ARREARS"), awards, {Line(4, 100, "PAID"), recovery})->empty());
  EXPECT_TRUE(Plan(Batch(4, "RECOVERY"), awards, {Line(4, 100, "PAID")})->empty());
}

TEST(DueRulesTest, MoneyThatIsAskedBackCountsWhenItHasCome) {
  const std::vector<v1::MlsAward> awards = {Award(4, 0, 100, 1)};
  const CaseLine asked = Line(4, -40, "PENDING", "name: 'paymentLines/c-4-r' run_kind: PAYMENT_RUN_KIND_RECOVERY");
  EXPECT_TRUE(Plan(Batch(5, "ARREARS"), awards, {Line(4, 100, "PAID"), asked})->empty());
  CaseLine collected = asked;
  collected.line.set_state(v1::PAYMENT_LINE_STATE_PAID);
  EXPECT_EQ(Plan(Batch(5, "ARREARS"), awards, {Line(4, 100, "PAID"), collected})->at(0).amount_fen, 40);
}

TEST(DueRulesTest, SumsThatLeave64BitsAreNamed) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  const std::vector<CaseLine> lines = {Line(4, most, "PAID"), Line(4, 1, "PAID", "name: 'paymentLines/other'")};
  EXPECT_THAT(CoveredFen(lines, First(4), v1::BENEFIT_COMPONENT_REGULAR), HasReason("PAYMENT_SUM_OVERFLOW"));
}

}  // namespace
}  // namespace dangjian::welfare::due_rules
