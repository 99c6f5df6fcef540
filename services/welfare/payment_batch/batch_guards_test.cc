// What keeps a batch from paying wrongly: who takes its steps, which months it pays, what it holds, what it pays again.

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "dangjian/welfare/v1/stop_list_entry.pb.h"
#include "services/welfare/payment_batch/batch_rules.h"
#include "services/welfare/payment_batch/recovery_rules.h"
#include "services/welfare/payment_line/line_rules.h"
#include "services/welfare/reasons.h"
#include "services/welfare/testing/payment_harness.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;
using v1::PaymentBatch;
using v1::PaymentLine;

constexpr char kFirstLine[] = "name: 'paymentLines/c-1-202604-regular-regular-1' note: '核实中'";

class BatchGuardsTest : public PaymentTest {
 protected:
  void SetUp() override {
    PaymentTest::SetUp();
    ASSERT_THAT(AddAward("c-1", "h-1", "2026-04-01", "", 97'667), IsOk());
    ASSERT_THAT(AddAward("c-2", "h-2", "2026-04-01", "", 20'000), IsOk());
  }

  absl::StatusOr<PaymentBatch> ReviewAs(const std::string& caller) {
    return CallAs<PaymentBatch, v1::ReviewPaymentBatchRequest>(
        caller, absl::StrCat("name: '", kApril, "' reviewer: 'members/li'"));
  }
  absl::StatusOr<PaymentBatch> ApproveAs(const std::string& caller) {
    return CallAs<PaymentBatch, v1::ApprovePaymentBatchRequest>(
        caller, absl::StrCat("name: '", kApril, "' approver: 'members/zhao' digest: '", Batch(kApril).digest(), "'"));
  }
  absl::StatusOr<PaymentLine> Recover(const std::string& batch, int64_t fen, const std::string& more = "") {
    return Call<PaymentLine, v1::AddRecoveryLineRequest>(absl::StrCat(
        "name: '", batch, "' mls_case: 'mlsCases/c-1' component: BENEFIT_COMPONENT_REGULAR benefit_month ",
        DateText("2026-04-01"), " amount_fen: ", fen,
        " decision { reference: '追缴1号' decider: 'members/li' evidence: '工资单' monthly_cap_fen: 7000 decided_on ",
        DateText("2026-06-10"), " hearing_on ", DateText("2026-06-09"), " evidence_month ", DateText("2026-04-01"),
        " notice_on ", DateText("2026-06-10"), " } ", more));
  }
  // The award of April falls from 976.67 to 900.00 yuan after it was paid.
  void OverpayApril() {
    ASSERT_THAT(RunToSent("2026-04-01", "2026-04-20"), IsOk());
    ASSERT_THAT(Return(kApril, ReturnFor(kApril, "2026-04-24"), "2026-04-25"), IsOk());
    ASSERT_THAT(EndAward("c-1-202604", "2026-03-01"), IsOk());
    ASSERT_THAT(AddAward("c-1", "h-1", "2026-04-01", "", 90'000, 2), IsOk());
  }
};

TEST_F(BatchGuardsTest, OneCallerDoesNotTakeTwoStepsUnderSeveralNames) {
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  EXPECT_THAT(ReviewAs("wang"), HasReason(reasons::kApproverIsPreparer));
  EXPECT_EQ(Batch(kApril).state(), v1::PAYMENT_BATCH_STATE_CALCULATED);
  ASSERT_THAT(ReviewAs("li"), IsOk());
  EXPECT_THAT(ApproveAs("wang"), HasReason(reasons::kApproverIsPreparer));
  EXPECT_THAT(ApproveAs("li"), HasReason(reasons::kApproverIsPreparer));
  EXPECT_EQ(Balances(), ledger_rules::Balances{}) << "nothing was posted";
  EXPECT_THAT(ApproveAs("zhao"), IsOk());
}

TEST_F(BatchGuardsTest, WhoReleasedALineDoesNotApproveIt) {
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT((CallAs<PaymentLine, v1::HoldPaymentLineRequest>("zhao", kFirstLine)), IsOk());
  ASSERT_THAT((CallAs<PaymentLine, v1::ReleasePaymentLineRequest>("sun", kFirstLine)), IsOk());
  ASSERT_THAT(ReviewAs("li"), IsOk());
  EXPECT_THAT(ApproveAs("sun"), HasReason(reasons::kApproverIsPreparer));
  EXPECT_THAT(ApproveAs("zhao"), IsOk()) << "to hold a line pays nobody";
}

TEST_F(BatchGuardsTest, WhoAddedARecoveryDoesNotReviewIt) {
  OverpayApril();
  const auto batch = Create("2026-06-01", "RECOVERY");
  ASSERT_THAT(batch, IsOk());
  ASSERT_THAT(Recover(batch->name(), 100), IsOk());
  ASSERT_THAT(Calculate(batch->name(), "2026-06-20"), IsOk());
  const std::string review = absl::StrCat("name: '", batch->name(), "' reviewer: 'members/li'");
  EXPECT_THAT((Call<PaymentBatch, v1::ReviewPaymentBatchRequest>(review)), HasReason(reasons::kApproverIsPreparer));
  EXPECT_THAT((CallAs<PaymentBatch, v1::ReviewPaymentBatchRequest>("li", review)), IsOk());
}

TEST_F(BatchGuardsTest, AMonthThatIsFarAheadIsNotCalculated) {
  ASSERT_THAT(Create("2026-06-01"), IsOk());
  constexpr char kJune[] = "paymentBatches/mls-east-202606-regular";
  EXPECT_THAT(Calculate(kJune, "2026-04-30"), HasReason(reasons::kBenefitMonthAhead));
  EXPECT_TRUE(Lines(kJune).empty());
  EXPECT_THAT(Calculate(kJune, "2026-05-01"), IsOk());
}

TEST_F(BatchGuardsTest, ArrearsEndWithTheMonthBeforeTheirCalculation) {
  const auto arrears = Create("2026-06-01", "ARREARS", "note: '补发'");
  ASSERT_THAT(arrears, IsOk());
  ASSERT_THAT(Calculate(arrears->name(), "2026-05-20"), IsOk());
  for (const PaymentLine& line : Lines(arrears->name())) {
    EXPECT_EQ(DayFromProto(line.benefit_month()), Day::Of(2026, 4, 1)) << "May is due by its own run";
  }
  EXPECT_EQ(Lines(arrears->name()).size(), 2);
}

TEST_F(BatchGuardsTest, ACalculationUnderWayIsNotDisturbedByHolds) {
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20", 1), IsOk());
  EXPECT_THAT((Call<PaymentLine, v1::HoldPaymentLineRequest>(kFirstLine)), HasReason("ILLEGAL_TRANSITION"));
  const auto batch = Calculate(kApril, "2026-04-20");
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->held_count(), 0);
  EXPECT_THAT((Call<PaymentLine, v1::HoldPaymentLineRequest>(kFirstLine)), IsOk());
}

TEST_F(BatchGuardsTest, ALineWithoutAccountIsHeldAndNotReleased) {
  ASSERT_THAT(AddAward("c-3", "h-3", "2026-04-01", "", 500), IsOk());
  ASSERT_THAT(Tamper<v1::MlsAward>("mlsAwards", "mlsAwards/c-3-202604",
                                   [](v1::MlsAward& award) { award.clear_payee_reference(); }),
              IsOk());
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  EXPECT_EQ(Line("c-3-202604-regular-regular-1").hold_reason(), v1::HOLD_REASON_NO_ACCOUNT);
  EXPECT_THAT((Call<PaymentLine, v1::ReleasePaymentLineRequest>(
                  "name: 'paymentLines/c-3-202604-regular-regular-1' note: '核实中'")),
              HasReason(reasons::kLineWithoutAccount));
  EXPECT_EQ(Batch(kApril).held_count(), 1);
}

TEST_F(BatchGuardsTest, AnAccountThatAnotherBatchOfTheMonthPaysForAnotherHouseholdIsHeld) {
  ASSERT_THAT(RunToSent("2026-04-01", "2026-04-20"), IsOk());
  ASSERT_THAT(Return(kApril, ReturnFor(kApril, "2026-04-24"), "2026-04-25"), IsOk());
  ASSERT_THAT(AddAward("c-3", "h-3", "2026-04-01", "", 500, 1, "payee_reference: 'acct-h-1'"), IsOk());
  const auto arrears = Create("2026-05-01", "ARREARS", "note: '补发'");
  ASSERT_THAT(arrears, IsOk());
  ASSERT_THAT(Calculate(arrears->name(), "2026-05-20"), IsOk());
  EXPECT_EQ(Line("c-3-202604-regular-arrears-1").hold_reason(), v1::HOLD_REASON_SHARED_ACCOUNT);
}

TEST_F(BatchGuardsTest, AnEntryBehindAHundredEndedOnesStillHolds) {
  const auto list = [&](const std::string& end) {
    return Call<v1::StopListEntry, v1::CreateStopListEntryRequest>(
        absl::StrCat("stop_list_entry { payee_reference: 'acct-h-1' reason: STOP_LIST_REASON_SHARED_ACCOUNT source: "
                     "'比对' start_date ",
                     DateText("2026-04-01"), end, " }"));
  };
  for (int i = 0; i < 120; ++i) ASSERT_THAT(list(absl::StrCat(" end_date ", DateText("2026-04-02"))), IsOk());
  for (int i = 0; i < 3; ++i) ASSERT_THAT(list(""), IsOk());
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  EXPECT_EQ(Line("c-1-202604-regular-regular-1").hold_reason(), v1::HOLD_REASON_SHARED_ACCOUNT);
}

TEST_F(BatchGuardsTest, CancellingABatchGivesItsReissuesBack) {
  ASSERT_THAT(RunToSent("2026-04-01", "2026-04-20"), IsOk());
  const auto fails = [](const PaymentLine& line) { return line.mls_case() == "mlsCases/c-1"; };
  ASSERT_THAT(Return(kApril, ReturnFor(kApril, "2026-04-24", fails), "2026-04-25"), IsOk());
  ASSERT_THAT(Create("2026-05-01"), IsOk());
  ASSERT_THAT(Calculate(kMay, "2026-05-20"), IsOk());
  ASSERT_THAT(Review(kMay, "2026-05-21"), IsOk());
  ASSERT_THAT(Approve(kMay, "2026-05-21"), IsOk());
  EXPECT_EQ(Line("c-1-202604-regular-regular-1").state(), v1::PAYMENT_LINE_STATE_REISSUED);
  ASSERT_THAT(Cancel(kMay, "2026-05-22"), IsOk());
  EXPECT_EQ(Line("c-1-202604-regular-regular-1").state(), v1::PAYMENT_LINE_STATE_FAILED);
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RETURNED), 97'667);
  const auto second = RunToSent("2026-05-01", "2026-05-23", "REGULAR", "sequence: 2");
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->total_fen(), 2 * 97'667 + 20'000) << "May, and April again";
}

TEST_F(BatchGuardsTest, PriceSubsidiesHaveARunOfTheirOwnAndComeAgainInTheRegularOne) {
  ASSERT_THAT(AddAward("c-3", "h-3", "2026-04-01", "", 500, 1,
                       "parts { component: BENEFIT_COMPONENT_PRICE_SUBSIDY amount_fen: 30 }"),
              IsOk());
  const auto subsidies = RunToSent("2026-04-01", "2026-04-20", "PRICE_SUBSIDY");
  ASSERT_THAT(subsidies, IsOk());
  EXPECT_EQ(subsidies->total_fen(), 30);
  ASSERT_THAT(Return(subsidies->name(),
                     ReturnFor(subsidies->name(), "2026-04-24", [](const PaymentLine&) { return true; }), "2026-04-25"),
              IsOk());
  ASSERT_THAT(Create("2026-05-01"), IsOk());
  const auto may = Calculate(kMay, "2026-05-20");
  ASSERT_THAT(may, IsOk());
  EXPECT_EQ(may->total_fen(), 97'667 + 20'000 + 500 + 30);
}

TEST_F(BatchGuardsTest, TheCapOfRecoveriesHoldsForAllBatchesOfAMonth) {
  OverpayApril();
  const auto first = Create("2026-06-01", "RECOVERY");
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(Recover(first->name(), 4'000), IsOk());
  ASSERT_THAT(Calculate(first->name(), "2026-06-20"), IsOk());
  ASSERT_THAT(FromCalculatedToSent(first->name(), "2026-06-21"), IsOk());
  const auto second = Create("2026-06-01", "RECOVERY", "sequence: 2");
  ASSERT_THAT(second, IsOk());
  EXPECT_THAT(Recover(second->name(), 3'001), HasReason(reasons::kRecoveryExceedsCap));
  EXPECT_TRUE(Lines(second->name()).empty());
  EXPECT_THAT(Recover(second->name(), 3'000), IsOk());
}

TEST_F(BatchGuardsTest, ARecoveryIsAskedByTheOrganisationThatPaid) {
  OverpayApril();
  const auto batch = Call<PaymentBatch, v1::CreatePaymentBatchRequest>(
      absl::StrCat("payment_batch { scheme: 'mls' organization: 'organizations/west' benefit_month ",
                   DateText("2026-06-01"), " run_kind: PAYMENT_RUN_KIND_RECOVERY }"));
  ASSERT_THAT(batch, IsOk());
  EXPECT_THAT(Recover(batch->name(), 100), HasReason(reasons::kCaseOfOtherOrganization));
  EXPECT_TRUE(Lines(batch->name()).empty());
}

}  // namespace
}  // namespace dangjian::welfare
