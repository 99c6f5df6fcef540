#include "services/welfare/payment_batch/batch_rules.h"

#include "common/testing/matchers.h"
#include "services/welfare/reasons.h"

namespace dangjian::welfare::batch_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;

Step By(const std::string& caller, int month, int day) {
  return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 11, 20), .actor = caller};
}
Step On(int month, int day) { return By("clerk", month, day); }

v1::PaymentBatch Draft() {
  auto batch = Proto<v1::PaymentBatch>(
      "scheme: 'mls' organization: 'organizations/east' benefit_month { year: 2026 month: 4 day: 1 } run_kind: "
      "PAYMENT_RUN_KIND_REGULAR state: PAYMENT_BATCH_STATE_SETTLED total_fen: 7");
  Initialize(batch);
  return batch;
}

v1::PaymentBatch Calculated() {
  v1::PaymentBatch batch = Draft();
  EXPECT_THAT(BeginCalculation(batch, "members/wang", 5, On(4, 20)), IsOk());
  batch.set_lines_digest("d1");
  EXPECT_THAT(FinishCalculation(batch, On(4, 20)), IsOk());
  return batch;
}

v1::PaymentBatch Approved() {
  v1::PaymentBatch batch = Calculated();
  EXPECT_THAT(Review(batch, "members/li", By("li", 4, 21)), IsOk());
  EXPECT_THAT(Approve(batch, "members/zhao", "d1", By("zhao", 4, 22)), IsOk());
  return batch;
}

TEST(BatchRulesTest, TheNameFollowsFromTheKeyAndTheServerCounts) {
  const v1::PaymentBatch batch = Draft();
  EXPECT_EQ(batch.name(), "paymentBatches/mls-east-202604-regular");
  EXPECT_EQ(batch.state(), v1::PAYMENT_BATCH_STATE_DRAFT);
  EXPECT_EQ(batch.total_fen(), 0);
  v1::PaymentBatch second = batch;
  second.set_sequence(2);
  second.set_run_kind(v1::PAYMENT_RUN_KIND_PRICE_SUBSIDY);
  Initialize(second);
  EXPECT_EQ(second.name(), "paymentBatches/mls-east-202604-price-subsidy-2");
  second.set_organization("organizations/" + std::string(63, 'x'));
  Initialize(second);
  EXPECT_EQ(second.name().size(), std::string("paymentBatches/").size() + 63);
}

TEST(BatchRulesTest, MonthsBeginOnTheFirst) {
  v1::PaymentBatch batch = Draft();
  EXPECT_THAT(CheckKey(batch), IsOk());
  batch.mutable_benefit_month()->set_day(2);
  EXPECT_THAT(CheckKey(batch), HasReason("INVALID_DATE"));
}

TEST(BatchRulesTest, SequenceZeroAndOneAreTheSameContent) {
  v1::PaymentBatch again = Draft();
  again.set_sequence(0);
  EXPECT_TRUE(SameContent(Draft(), again));
  again.set_hold_above_fen(1);
  EXPECT_FALSE(SameContent(Draft(), again));
}

TEST(BatchRulesTest, TheWholeLife) {
  v1::PaymentBatch batch = Approved();
  EXPECT_EQ(batch.digest(), "d1");
  ASSERT_THAT(Export(batch, On(4, 23)), IsOk());
  ASSERT_THAT(MarkSent(batch, On(4, 24)), IsOk());
  ASSERT_THAT(CheckReturn(batch, On(4, 25)), IsOk());
  EXPECT_THAT(CheckReturn(batch, On(4, 23)), HasReason("STEPS_OUT_OF_ORDER"));
  Receive(batch, On(4, 25));
  EXPECT_EQ(batch.state(), v1::PAYMENT_BATCH_STATE_PARTIALLY_PAID);
  ASSERT_THAT(Settle(batch, On(4, 26)), IsOk());
  EXPECT_EQ(batch.transitions_size(), 7);
}

TEST(BatchRulesTest, NoStepIsSkippedOrTakenTwice) {
  v1::PaymentBatch batch = Calculated();
  EXPECT_THAT(Approve(batch, "members/zhao", "d1", By("zhao", 4, 22)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Export(batch, On(4, 22)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(MarkSent(batch, On(4, 22)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CheckReturn(batch, On(4, 22)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Settle(batch, On(4, 22)), HasReason("ILLEGAL_TRANSITION"));
  v1::PaymentBatch draft = Draft();
  EXPECT_THAT(Review(draft, "members/li", By("li", 4, 21)), HasReason("ILLEGAL_TRANSITION"));
}

TEST(BatchRulesTest, PreparerReviewerAndApproverAreThreePersons) {
  v1::PaymentBatch batch = Calculated();
  EXPECT_THAT(Review(batch, "members/wang", By("wang", 4, 21)), HasReason(reasons::kApproverIsPreparer));
  ASSERT_THAT(Review(batch, "members/li", By("li", 4, 21)), IsOk());
  EXPECT_THAT(Approve(batch, "members/wang", "d1", By("wang", 4, 22)), HasReason(reasons::kApproverIsPreparer));
  EXPECT_THAT(Approve(batch, "members/li", "d1", By("li", 4, 22)), HasReason(reasons::kApproverIsPreparer));
  EXPECT_THAT(CheckCalculation(batch, "members/li"), HasReason(reasons::kPreparerDiffers));
}

TEST(BatchRulesTest, NobodyTakesTwoStepsByNamingAnother) {
  v1::PaymentBatch batch = Draft();
  ASSERT_THAT(BeginCalculation(batch, "members/wang", 5, By("a", 4, 20)), IsOk());
  NotePortion(batch, By("a", 4, 20));
  NotePortion(batch, By("a", 4, 20));
  EXPECT_EQ(batch.transitions_size(), 1) << "of the portions of one caller the first is kept";
  batch.set_lines_digest("d1");
  ASSERT_THAT(FinishCalculation(batch, By("b", 4, 20)), IsOk());
  EXPECT_THAT(Review(batch, "members/li", By("a", 4, 21)), HasReason(reasons::kApproverIsPreparer));
  EXPECT_THAT(Review(batch, "members/li", By("b", 4, 21)), HasReason(reasons::kApproverIsPreparer));
  ASSERT_THAT(Review(batch, "members/li", By("c", 4, 21)), IsOk());
  for (const char* caller : {"a", "b", "c"}) {
    EXPECT_THAT(Approve(batch, "members/zhao", "d1", By(caller, 4, 22)), HasReason(reasons::kApproverIsPreparer));
  }
  EXPECT_THAT(Approve(batch, "members/zhao", "d1", By("d", 4, 22)), IsOk());
}

TEST(BatchRulesTest, NoMonthBehindTheNextOneIsCalculated) {
  v1::PaymentBatch batch = Draft();
  EXPECT_THAT(BeginCalculation(batch, "members/wang", 5, On(2, 28)), HasReason(reasons::kBenefitMonthAhead));
  EXPECT_THAT(BeginCalculation(batch, "members/wang", 5, On(3, 1)), IsOk());
}

TEST(BatchRulesTest, NothingIsHeldByHandBeforeTheLinesAreThere) {
  v1::PaymentBatch batch = Draft();
  EXPECT_THAT(CheckHoldable(batch), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CheckHoldable(Calculated()), IsOk());
  EXPECT_THAT(CheckHoldable(Approved()), HasReason(reasons::kBatchApproved));
}

TEST(BatchRulesTest, TheApprovalIsBoundToTheDigest) {
  v1::PaymentBatch batch = Calculated();
  ASSERT_THAT(Review(batch, "members/li", By("li", 4, 21)), IsOk());
  EXPECT_THAT(Approve(batch, "members/zhao", "d2", By("zhao", 4, 22)), HasReason(reasons::kBatchDigestMismatch));
  Edited(batch, On(4, 21));
  EXPECT_EQ(batch.state(), v1::PAYMENT_BATCH_STATE_CALCULATED) << "a change takes the review back";
  EXPECT_EQ(batch.reviewer(), "");
}

TEST(BatchRulesTest, NothingIsEditedAfterTheApproval) {
  v1::PaymentBatch batch = Approved();
  EXPECT_THAT(CheckEditable(batch, "a hold"), HasReason(reasons::kBatchApproved));
  EXPECT_THAT(Review(batch, "members/li", By("li", 4, 23)), HasReason(reasons::kBatchApproved));
  ASSERT_THAT(Cancel(batch, On(4, 23)), IsOk());
  EXPECT_THAT(CheckEditable(batch, "a hold"), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CheckCalculation(batch, "members/wang"), HasReason("ILLEGAL_TRANSITION"));
}

TEST(BatchRulesTest, CancelledBeforeTheExportOnly) {
  v1::PaymentBatch batch = Approved();
  ASSERT_THAT(Export(batch, On(4, 23)), IsOk());
  EXPECT_THAT(Cancel(batch, On(4, 24)), HasReason("ILLEGAL_TRANSITION"));
}

TEST(BatchRulesTest, SettledWhenTheBankHasAnsweredForEveryLine) {
  v1::PaymentBatch batch = Approved();
  ASSERT_THAT(Export(batch, On(4, 23)), IsOk());
  ASSERT_THAT(MarkSent(batch, On(4, 24)), IsOk());
  batch.set_line_count(3);
  batch.set_held_count(1);
  batch.set_paid_count(1);
  EXPECT_THAT(Settle(batch, On(4, 26)), HasReason(reasons::kLinesInTransit));
  batch.set_failed_count(1);
  EXPECT_THAT(Settle(batch, On(4, 26)), IsOk());
}

TEST(BatchRulesTest, AChangeAboveTheThresholdNeedsANote) {
  v1::PaymentBatch batch = Draft();
  batch.set_total_fen(110'000);
  EXPECT_FALSE(ChangeNeedsNote(batch, 1)) << "no threshold is set";
  batch.set_change_note_bp(1'000);
  EXPECT_FALSE(ChangeNeedsNote(batch, 100'000)) << "exactly ten percent";
  EXPECT_TRUE(ChangeNeedsNote(batch, 99'999));
  EXPECT_FALSE(ChangeNeedsNote(batch, 122'222));
  EXPECT_TRUE(ChangeNeedsNote(batch, 122'223));
}

TEST(BatchRulesTest, DaysFollowEachOtherAndDoNotLieAhead) {
  v1::PaymentBatch batch = Calculated();
  EXPECT_THAT(Review(batch, "members/li", By("li", 4, 19)), HasReason("STEPS_OUT_OF_ORDER"));
  EXPECT_THAT(Review(batch, "members/li", By("li", 12, 1)), HasReason("DATE_IN_FUTURE"));
}

}  // namespace
}  // namespace dangjian::welfare::batch_rules
