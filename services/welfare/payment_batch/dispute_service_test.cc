#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "services/welfare/payment_batch/batch_rules.h"
#include "services/welfare/payment_batch/batch_totals.h"
#include "services/welfare/payment_batch/recovery_rules.h"
#include "services/welfare/payment_line/dispute_rules.h"
#include "services/welfare/testing/payment_harness.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;
using v1::PaymentBatch;
using v1::PaymentLine;

constexpr char kFirst[] = "c-1-202604-regular-regular-1";
constexpr char kAgain[] = "c-1-202604-regular-regular-2";

// A family of 976.67 a month from April on, and a bank that changes its mind about April.
class DisputeTest : public PaymentTest {
 protected:
  void SetUp() override {
    PaymentTest::SetUp();
    ASSERT_THAT(AddAward("c-1", "h-1", "2026-04-01", "", 97'667), IsOk());
    ASSERT_THAT(RunToSent("2026-04-01", "2026-04-20"), IsOk());
  }

  absl::StatusOr<v1::ImportBankReturnResponse> Says(const std::string& result, const std::string& day) {
    return Return(kApril, absl::StrCat(kFirst, ",", result, ",更正,", day, ",976.67\n"), "2026-05-10");
  }
  absl::StatusOr<PaymentLine> Propose(const std::string& outcome, const std::string& id = kFirst,
                                      const std::string& day = "2026-05-11") {
    return client().Call<PaymentLine>(
        testing::Proto<v1::ProposePaymentLineOutcomeRequest>(
            absl::StrCat("name: 'paymentLines/", id, "' outcome: PAYMENT_LINE_STATE_", outcome,
                         " proposer: 'members/wang' note: '银行书面说明' occurred_on ", DateText(day))),
        {.metadata = {{"dangjian-caller", "wang"}}});
  }
  absl::StatusOr<PaymentLine> Confirm(const std::string& outcome, const std::string& confirmer = "li",
                                      const std::string& caller = "li", const std::string& id = kFirst,
                                      const std::string& day = "2026-05-12") {
    return client().Call<PaymentLine>(testing::Proto<v1::ConfirmPaymentLineOutcomeRequest>(absl::StrCat(
                                          "name: 'paymentLines/", id, "' outcome: PAYMENT_LINE_STATE_", outcome,
                                          " confirmer: 'members/", confirmer, "' occurred_on ", DateText(day))),
                                      {.metadata = {{"dangjian-caller", caller}}});
  }
  void SettleTo(const std::string& outcome) {
    ASSERT_THAT(Propose(outcome), IsOk());
    ASSERT_THAT(Confirm(outcome), IsOk());
  }
  absl::StatusOr<PaymentLine> AskBack(const std::string& batch, int64_t fen, bool appeal = false) {
    return Call<PaymentLine, v1::AddRecoveryLineRequest>(absl::StrCat(
        "name: '", batch, "' mls_case: 'mlsCases/c-1' component: BENEFIT_COMPONENT_REGULAR benefit_month ",
        DateText("2026-04-01"), " amount_fen: ", fen,
        " decision { reference: '追缴1号' decider: 'members/li' evidence: '工资单' monthly_cap_fen: 200000 ",
        "under_appeal: ", appeal ? "true" : "false", " decided_on ", DateText("2026-06-10"), " hearing_on ",
        DateText("2026-06-09"), " evidence_month ", DateText("2026-04-01"), " notice_on ", DateText("2026-06-10"),
        " }"));
  }
  v1::BatchReconciliation Reconciled(const std::string& month) {
    const auto answer = Call<v1::QueryPaymentReconciliationResponse, v1::QueryPaymentReconciliationRequest>(
        absl::StrCat("organization: 'organizations/east' month ", DateText(month)));
    EXPECT_THAT(answer, IsOk());
    return answer.ok() && answer->batches_size() > 0 ? answer->batches(0) : v1::BatchReconciliation();
  }
  void ExpectBalances(int64_t appropriation, int64_t transit, int64_t paid, int64_t returned) {
    EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_APPROPRIATION), appropriation);
    EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_IN_TRANSIT), transit);
    EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAID), paid);
    EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RETURNED), returned);
  }
};

TEST_F(DisputeTest, AFailedLineThatWasPaidAfterAllIsNotPaidAgain) {
  ASSERT_THAT(Says("FAILED", "2026-04-24"), IsOk());
  const auto corrected = Says("PAID", "2026-04-26");
  ASSERT_THAT(corrected, IsOk());
  EXPECT_EQ(corrected->contradicting(), 1);
  EXPECT_EQ(Says("PAID", "2026-04-26")->repeated_lines(), 1) << "heard before";
  const PaymentLine disputed = Line(kFirst);
  EXPECT_TRUE(disputed.disputed());
  EXPECT_EQ(disputed.state(), v1::PAYMENT_LINE_STATE_FAILED);
  ASSERT_EQ(disputed.bank_answers_size(), 2);
  EXPECT_EQ(disputed.bank_answers(1).outcome(), v1::PAYMENT_LINE_STATE_PAID);
  ExpectBalances(-97'667, 0, 0, 97'667);
  EXPECT_FALSE(Reconciled("2026-04-01").matches());
  ASSERT_THAT(RunToSent("2026-05-01", "2026-05-10"), IsOk());
  EXPECT_EQ(Lines(kMay).size(), 1) << "May alone: nothing goes out for April while it is disputed";
  SettleTo("PAID");
  const PaymentLine paid = Line(kFirst);
  EXPECT_EQ(paid.state(), v1::PAYMENT_LINE_STATE_PAID);
  EXPECT_FALSE(paid.disputed());
  EXPECT_FALSE(paid.paid_after_reissue());
  EXPECT_EQ(DayFromProto(paid.settled_on()), Day::Of(2026, 4, 26));
  ExpectBalances(-2 * 97'667, 97'667, 97'667, 0);
  EXPECT_EQ(Batch(kApril).paid_count(), 1);
  EXPECT_EQ(Batch(kApril).failed_count(), 0);
  EXPECT_EQ(Figure("mls_lines_failed", "street", {Day::Of(2026, 4, 1), Day::Of(2026, 6, 30)}), 0);
  EXPECT_TRUE(Reconciled("2026-04-01").matches());
  EXPECT_EQ(Says("FAILED", "2026-04-24")->repeated_lines(), 1) << "a late file opens nothing again";
  EXPECT_FALSE(Line(kFirst).disputed());
  EXPECT_THAT(Settle(kApril, "2026-05-13"), IsOk()) << "the control totals agree";
  const auto entry =
      Call<v1::ListLedgerEntriesResponse, v1::ListLedgerEntriesRequest>(absl::StrCat("payment_batch: '", kApril, "'"));
  ASSERT_EQ(entry->ledger_entries_size(), 4);
  EXPECT_EQ(entry->ledger_entries(3).cause(), v1::LEDGER_CAUSE_SETTLED_DISPUTE);
  EXPECT_EQ(entry->ledger_entries(3).cites(), entry->ledger_entries(2).name());
  EXPECT_EQ(RunToSent("2026-06-01", "2026-05-20", "ARREARS")->line_count(), 0);
}

TEST_F(DisputeTest, APaidLineThatCameBackIsPaidAgain) {
  ASSERT_THAT(Says("PAID", "2026-04-24"), IsOk());
  ASSERT_THAT(Settle(kApril, "2026-05-10"), IsOk());
  ASSERT_EQ(Says("FAILED", "2026-04-28")->contradicting(), 1);
  EXPECT_EQ(Line(kFirst).state(), v1::PAYMENT_LINE_STATE_PAID);
  SettleTo("FAILED");
  ExpectBalances(-97'667, 0, 0, 97'667);
  EXPECT_EQ(Line(kFirst).state(), v1::PAYMENT_LINE_STATE_FAILED);
  EXPECT_EQ(Line(kFirst).bank_reason(), "更正");
  const auto may = RunToSent("2026-05-01", "2026-05-20");
  ASSERT_THAT(may, IsOk());
  EXPECT_EQ(may->line_count(), 2) << "May, and April again";
  EXPECT_EQ(Line(kAgain).reissue_of(), absl::StrCat("paymentLines/", kFirst));
  ASSERT_THAT(Return(kMay, ReturnFor(kMay, "2026-05-24"), "2026-05-25"), IsOk());
  ExpectBalances(-2 * 97'667, 0, 2 * 97'667, 0);
}

TEST_F(DisputeTest, AnAnswerThatAgreedBeforeTheDisputeOpensNoneAfterIt) {
  ASSERT_THAT(Says("PAID", "2026-04-24"), IsOk());
  EXPECT_EQ(Says("PAID", "2026-04-25")->repeated_lines(), 1);
  EXPECT_FALSE(Line(kFirst).disputed());
  ASSERT_EQ(Says("FAILED", "2026-04-28")->contradicting(), 1);
  ASSERT_NO_FATAL_FAILURE(SettleTo("FAILED"));
  EXPECT_EQ(Says("PAID", "2026-04-25")->repeated_lines(), 1) << "the same file once more";
  EXPECT_FALSE(Line(kFirst).disputed());
}

TEST_F(DisputeTest, WhatAReissueLeftInReturnedIsPaidFromThere) {
  ASSERT_THAT(Says("FAILED", "2026-04-24"), IsOk());
  ASSERT_THAT(EndAward("c-1-202604", "2026-03-01"), IsOk());
  ASSERT_THAT(AddAward("c-1", "h-1", "2026-04-01", "", 90'000, 2), IsOk());
  ASSERT_THAT(RunToSent("2026-05-01", "2026-05-10"), IsOk());
  EXPECT_EQ(Line(kAgain).amount_fen(), 90'000);
  EXPECT_EQ(Line(kFirst).reissued_fen(), 90'000);
  ExpectBalances(-97'667 - 90'000, 180'000, 0, 7'667);
  ASSERT_THAT(Says("PAID", "2026-04-26"), IsOk());
  ASSERT_NO_FATAL_FAILURE(SettleTo("PAID"));
  ExpectBalances(-97'667 - 180'000, 180'000, 97'667, 0);
  EXPECT_EQ(Batch(kApril).paid_after_reissue_fen(), 90'000);
  EXPECT_THAT(Settle(kApril, "2026-05-13"), IsOk()) << "the control totals agree";
  EXPECT_TRUE(Reconciled("2026-04-01").matches());
}

// April failed and less of it is paid again in May; then the full amount is due after all, and arrears pay the rest of
// it, reckoned without April. Their line.
class DifferenceTest : public DisputeTest, public ::testing::WithParamInterface<bool> {
 protected:
  PaymentLine AddDifference(bool reissue_sent) {
    EXPECT_THAT(Says("FAILED", "2026-04-24"), IsOk());
    EXPECT_THAT(EndAward("c-1-202604", "2026-03-01"), IsOk());
    EXPECT_THAT(AddAward("c-1", "h-1", "2026-04-01", "", 60'000, 2), IsOk());
    EXPECT_THAT(Create("2026-05-01"), IsOk());
    EXPECT_THAT(Calculate(kMay, "2026-05-10"), IsOk());
    if (reissue_sent) {
      EXPECT_THAT(FromCalculatedToSent(kMay, "2026-05-10"), IsOk());
    }
    EXPECT_THAT(EndAward("c-1-202604-2", "2026-03-01"), IsOk());
    EXPECT_THAT(AddAward("c-1", "h-1", "2026-04-01", "2026-04-01", 97'667, 3), IsOk());
    arrears_ = testing::ValueOrDie(Create("2026-05-01", "ARREARS", "note: '补发'")).name();
    EXPECT_THAT(Calculate(arrears_, "2026-05-11"), IsOk());
    const std::vector<PaymentLine> lines = Lines(arrears_);
    EXPECT_EQ(lines.size(), 1);
    return lines.empty() ? PaymentLine() : lines[0];
  }

  std::string arrears_;
};

TEST_P(DifferenceTest, DoesNotGoOnceTheLineIsPaid) {
  const PaymentLine difference = AddDifference(GetParam());
  ASSERT_EQ(difference.amount_fen(), 37'667);
  ASSERT_THAT(Says("PAID", "2026-04-26"), IsOk());
  ASSERT_THAT(Propose("PAID"), IsOk());
  EXPECT_THAT(Confirm("PAID"), HasReason(reasons::kReissueStands));
  const std::string hold =
      absl::StrCat("name: '", difference.name(), "' note: '待核' occurred_on ", DateText("2026-05-11"));
  ASSERT_THAT((Call<PaymentLine, v1::HoldPaymentLineRequest>(hold)), IsOk());
  EXPECT_THAT(Confirm("PAID"), HasReason(reasons::kReissueStands)) << "the hold may be ended";
  ASSERT_THAT(Review(arrears_, "2026-05-11"), IsOk());
  ASSERT_THAT(Approve(arrears_, "2026-05-11"), IsOk());
  EXPECT_THAT(Confirm("PAID"), IsOk()) << "the line is left out of its batch";
  ASSERT_THAT(Export(arrears_, "2026-05-12"), IsOk());
  EXPECT_EQ(RunToSent("2026-06-01", "2026-05-26", "ARREARS")->line_count(), 0) << "the month is paid";
}

TEST_P(DifferenceTest, IsCancelledWhenItIsApproved) {
  ASSERT_EQ(AddDifference(GetParam()).amount_fen(), 37'667);
  ASSERT_THAT(Review(arrears_, "2026-05-11"), IsOk());
  ASSERT_THAT(Approve(arrears_, "2026-05-11"), IsOk());
  ASSERT_THAT(Says("PAID", "2026-04-26"), IsOk());
  ASSERT_THAT(Propose("PAID"), IsOk());
  EXPECT_THAT(Confirm("PAID"), HasReason(reasons::kReissueStands));
  ASSERT_THAT(Cancel(arrears_, "2026-05-12"), IsOk());
  EXPECT_THAT(Confirm("PAID"), IsOk());
}

INSTANTIATE_TEST_SUITE_P(ReissueSent, DifferenceTest, ::testing::Bool());

TEST_F(DisputeTest, ADisputedMonthIsNotToppedUp) {
  ASSERT_THAT(Says("PAID", "2026-04-24"), IsOk());
  ASSERT_THAT(EndAward("c-1-202604", "2026-03-01"), IsOk());
  ASSERT_THAT(AddAward("c-1", "h-1", "2026-04-01", "2026-04-01", 100'000, 2), IsOk());
  const auto arrears = Create("2026-05-01", "ARREARS", "note: '补发'");
  ASSERT_THAT(Calculate(arrears->name(), "2026-05-10"), IsOk());
  ASSERT_EQ(Lines(arrears->name()).size(), 1);
  ASSERT_THAT(Says("FAILED", "2026-04-28"), IsOk());
  EXPECT_THAT(Review(arrears->name(), "2026-05-10"), HasReason(reasons::kLineDisputed));
  ASSERT_NO_FATAL_FAILURE(SettleTo("PAID"));
  EXPECT_THAT(Review(arrears->name(), "2026-05-10"), IsOk());
}

TEST_F(DisputeTest, TwoPersonsSettleADispute) {
  EXPECT_THAT(Propose("PAID"), HasReason(reasons::kLineNotDisputed));
  ASSERT_THAT(Says("FAILED", "2026-04-24"), IsOk());
  ASSERT_THAT(Says("PAID", "2026-04-26"), IsOk());
  EXPECT_THAT(Propose("HELD"), HasReason(reasons::kOutcomeNotAnswered));
  EXPECT_THAT(Confirm("PAID"), HasReason(reasons::kOutcomeNotProposed));
  ASSERT_THAT(Propose("PAID"), IsOk());
  EXPECT_THAT(Confirm("FAILED"), HasReason(reasons::kOutcomeNotProposed));
  EXPECT_THAT(Confirm("PAID", "wang", "li"), HasReason(reasons::kConfirmerIsProposer));
  EXPECT_THAT(Confirm("PAID", "li", "wang"), HasReason(reasons::kConfirmerIsProposer));
  ASSERT_THAT(Says("FAILED", "2026-04-27"), IsOk());
  EXPECT_THAT(Confirm("PAID"), HasReason(reasons::kOutcomeNotProposed)) << "the bank spoke again";
  EXPECT_TRUE(Line(kFirst).disputed());
  ExpectBalances(-97'667, 0, 0, 97'667);
  ASSERT_NO_FATAL_FAILURE(SettleTo("FAILED"));
  EXPECT_THAT(Confirm("FAILED"), HasReason(reasons::kLineNotDisputed));
  ExpectBalances(-97'667, 0, 0, 97'667);
}

TEST_F(DisputeTest, ABatchThatPaysADisputedLineAgainWaits) {
  ASSERT_THAT(Says("FAILED", "2026-04-24"), IsOk());
  ASSERT_THAT(Create("2026-05-01"), IsOk());
  ASSERT_THAT(Calculate(kMay, "2026-05-10"), IsOk());
  ASSERT_THAT(Says("PAID", "2026-04-26"), IsOk());
  EXPECT_THAT(Review(kMay, "2026-05-10"), HasReason(reasons::kLineDisputed));
  ASSERT_NO_FATAL_FAILURE(SettleTo("FAILED"));
  ASSERT_THAT(Review(kMay, "2026-05-10"), IsOk());
  ASSERT_THAT(Says("PAID", "2026-04-27"), IsOk());
  EXPECT_THAT(Approve(kMay, "2026-05-10"), HasReason(reasons::kLineDisputed));
  ASSERT_NO_FATAL_FAILURE(SettleTo("PAID"));
  EXPECT_THAT(Approve(kMay, "2026-05-10"), HasReason(reasons::kReissuedLinePaid));
  ASSERT_THAT((Call<PaymentLine, v1::HoldPaymentLineRequest>(absl::StrCat(
                  "name: 'paymentLines/", kAgain, "' note: '已到账' occurred_on ", DateText("2026-05-10")))),
              IsOk());
  ASSERT_THAT(FromCalculatedToSent(kMay, "2026-05-10"), IsOk());
  ASSERT_THAT(Return(kMay, ReturnFor(kMay, "2026-05-24"), "2026-05-25"), IsOk());
  ExpectBalances(-2 * 97'667, 0, 2 * 97'667, 0);
  EXPECT_EQ(RunToSent("2026-06-01", "2026-05-26", "ARREARS")->line_count(), 0);
}

TEST_F(DisputeTest, AnApprovedReissueIsCancelledBeforeTheLineIsSettledToPaid) {
  ASSERT_THAT(Says("FAILED", "2026-04-24"), IsOk());
  ASSERT_THAT(Create("2026-05-01"), IsOk());
  ASSERT_THAT(Calculate(kMay, "2026-05-10"), IsOk());
  ASSERT_THAT(Review(kMay, "2026-05-10"), IsOk());
  ASSERT_THAT(Approve(kMay, "2026-05-10"), IsOk());
  ASSERT_THAT(Says("PAID", "2026-04-26"), IsOk());
  EXPECT_THAT(Export(kMay, "2026-05-10"), HasReason(reasons::kLineDisputed));
  ASSERT_THAT(Propose("PAID"), IsOk());
  EXPECT_THAT(Confirm("PAID"), HasReason(reasons::kReissueStands));
  ASSERT_THAT(Cancel(kMay, "2026-05-11"), IsOk());
  ASSERT_THAT(Confirm("PAID"), IsOk());
  ExpectBalances(-97'667, 0, 97'667, 0);
  const auto may = RunToSent("2026-05-01", "2026-05-12", "REGULAR", "sequence: 2");
  ASSERT_THAT(may, IsOk());
  EXPECT_EQ(may->line_count(), 1);
}

TEST_F(DisputeTest, MoneyThatWentTwiceIsTheAppropriationsAndMayBeAskedBack) {
  ASSERT_THAT(Says("FAILED", "2026-04-24"), IsOk());
  ASSERT_THAT(RunToSent("2026-05-01", "2026-05-10"), IsOk());
  ASSERT_THAT(Says("PAID", "2026-04-26"), IsOk());
  ASSERT_NO_FATAL_FAILURE(SettleTo("PAID"));
  EXPECT_TRUE(Line(kFirst).paid_after_reissue());
  EXPECT_EQ(Batch(kApril).paid_after_reissue_fen(), 97'667);
  ExpectBalances(-3 * 97'667, 2 * 97'667, 97'667, 0);
  ASSERT_THAT(Return(kMay, ReturnFor(kMay, "2026-05-24"), "2026-05-25"), IsOk());
  ASSERT_THAT(Settle(kApril, "2026-05-26"), IsOk());
  ASSERT_THAT(Settle(kMay, "2026-05-26"), IsOk());
  EXPECT_TRUE(Reconciled("2026-04-01").matches());
  const auto recovery = Create("2026-06-01", "RECOVERY");
  EXPECT_THAT(AskBack(recovery->name(), 97'668), HasReason("RECOVERY_EXCEEDS_OVERPAYMENT"));
  ASSERT_THAT(Says("FAILED", "2026-04-29"), IsOk());
  EXPECT_THAT(AskBack(recovery->name(), 97'667), HasReason(reasons::kLineDisputed));
  ASSERT_NO_FATAL_FAILURE(SettleTo("FAILED"));
  EXPECT_EQ(Line(kFirst).state(), v1::PAYMENT_LINE_STATE_REISSUED) << "the other line paid it";
  ExpectBalances(-2 * 97'667, 0, 2 * 97'667, 0);
}

TEST_F(DisputeTest, ALineThatFailedTwiceIsNotPaidAThirdTimeWhenTheFirstWasPaid) {
  ASSERT_THAT(Says("FAILED", "2026-04-24"), IsOk());
  ASSERT_THAT(RunToSent("2026-05-01", "2026-05-10"), IsOk());
  const auto fails = [](const PaymentLine& line) { return !line.reissue_of().empty(); };
  ASSERT_THAT(Return(kMay, ReturnFor(kMay, "2026-05-10", fails), "2026-05-10"), IsOk());
  const auto june = Create("2026-06-01");
  ASSERT_THAT(Calculate(june->name(), "2026-05-12"), IsOk());
  ASSERT_EQ(Lines(june->name()).size(), 2);
  ASSERT_THAT(Says("PAID", "2026-04-26"), IsOk());
  EXPECT_THAT(Review(june->name(), "2026-05-12"), HasReason(reasons::kLineDisputed));
  ASSERT_NO_FATAL_FAILURE(SettleTo("PAID"));
  ASSERT_THAT(Review(june->name(), "2026-05-12"), IsOk());
  EXPECT_THAT(Approve(june->name(), "2026-05-12"), HasReason(reasons::kReissuedLinePaid));
}

// Decides c-1 anew for less, so that April was overpaid by 76.67, with April paid.
class RecoveryTest : public DisputeTest {
 protected:
  void SetUp() override {
    DisputeTest::SetUp();
    ASSERT_THAT(Says("PAID", "2026-04-24"), IsOk());
    ASSERT_THAT(EndAward("c-1-202604", "2026-03-01"), IsOk());
    ASSERT_THAT(AddAward("c-1", "h-1", "2026-04-01", "", 90'000, 2), IsOk());
    batch_ = testing::ValueOrDie(Create("2026-06-01", "RECOVERY")).name();
    next_ = testing::ValueOrDie(Create("2026-06-01", "RECOVERY", "sequence: 2")).name();
  }
  void Run(const std::string& name) {
    ASSERT_THAT(Calculate(name, "2026-06-20"), IsOk());
    ASSERT_THAT(FromCalculatedToSent(name, "2026-06-20"), IsOk());
  }

  std::string batch_;
  std::string next_;
};

TEST_F(RecoveryTest, ARecoveryThatFailedAndIsAskedAgainIsReceivableOnce) {
  ASSERT_THAT(AskBack(batch_, 7'667), IsOk());
  ASSERT_NO_FATAL_FAILURE(Run(batch_));
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE), 7'667);
  ASSERT_THAT(Return(batch_, ReturnFor(batch_, "2026-06-22", [](const PaymentLine&) { return true; }), "2026-06-22"),
              IsOk());
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE), 0);
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAID), 97'667);
  ASSERT_THAT(Settle(batch_, "2026-06-23"), IsOk());
  EXPECT_TRUE(Reconciled("2026-06-01").matches());
  ASSERT_THAT(AskBack(next_, 7'667), IsOk());
  ASSERT_NO_FATAL_FAILURE(Run(next_));
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE), 7'667) << "asked twice, owed once";
  ASSERT_THAT(Return(next_, ReturnFor(next_, "2026-06-24"), "2026-06-24"), IsOk());
  ASSERT_THAT(Settle(next_, "2026-06-25"), IsOk());
  ExpectBalances(-90'000, 0, 90'000, 0);
}

TEST_F(RecoveryTest, ARecoveryHeldUnderAppealMayBeAskedAgainAfterTheApproval) {
  ASSERT_THAT(AskBack(batch_, 7'667, /*appeal=*/true), IsOk());
  EXPECT_THAT(AskBack(next_, 1), HasReason("RECOVERY_EXCEEDS_OVERPAYMENT")) << "asked for while its batch is open";
  ASSERT_NO_FATAL_FAILURE(Run(batch_));
  ASSERT_THAT(AskBack(next_, 7'667), IsOk()) << "the appeal is lost";
  ASSERT_NO_FATAL_FAILURE(Run(next_));
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE), 7'667);
}

TEST_F(RecoveryTest, WhatIsNoLongerOverpaidIsNeitherApprovedNorExportedForCollection) {
  ASSERT_THAT(AskBack(batch_, 7'667), IsOk());
  ASSERT_THAT(Calculate(batch_, "2026-06-20"), IsOk());
  ASSERT_THAT(Review(batch_, "2026-06-20"), IsOk());
  ASSERT_THAT(Says("FAILED", "2026-04-28"), IsOk());
  EXPECT_THAT(Approve(batch_, "2026-06-20"), HasReason(reasons::kLineDisputed));
  ASSERT_NO_FATAL_FAILURE(SettleTo("FAILED"));
  EXPECT_THAT(Approve(batch_, "2026-06-20"), HasReason(reasons::kRecoveryExceedsOverpayment));
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE), 0);

  ASSERT_THAT(Says("PAID", "2026-04-29"), IsOk());
  ASSERT_NO_FATAL_FAILURE(SettleTo("PAID"));
  ASSERT_THAT(Approve(batch_, "2026-06-20"), IsOk());
  ASSERT_THAT(Says("FAILED", "2026-04-30"), IsOk());
  ASSERT_NO_FATAL_FAILURE(SettleTo("FAILED"));
  EXPECT_THAT(Export(batch_, "2026-06-20"), HasReason(reasons::kRecoveryExceedsOverpayment));
  EXPECT_TRUE(Batch(batch_).file_digest().empty());
  ASSERT_THAT(Cancel(batch_, "2026-06-21"), IsOk());
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE), 0);
}

TEST_F(RecoveryTest, ACollectionThatCameBackIsSettledByTwoPersons) {
  const auto line = AskBack(batch_, 7'667);
  ASSERT_THAT(line, IsOk());
  ASSERT_NO_FATAL_FAILURE(Run(batch_));
  ASSERT_THAT(Return(batch_, ReturnFor(batch_, "2026-04-24"), "2026-06-22"), IsOk());
  ExpectBalances(-90'000, 0, 90'000, 0);
  const std::string id = line->name().substr(line->name().find('/') + 1);
  ASSERT_THAT(Return(batch_, absl::StrCat(id, ",FAILED,退回,2026-04-25,-76.67\n"), "2026-06-22"), IsOk());
  EXPECT_THAT(Propose("FAILED", id), HasReason("STEPS_OUT_OF_ORDER")) << "before the bank spoke";
  ASSERT_THAT(Propose("FAILED", id, "2026-06-22"), IsOk());
  EXPECT_THAT(Confirm("FAILED", "li", "li", id), HasReason("STEPS_OUT_OF_ORDER"));
  ASSERT_THAT(Confirm("FAILED", "li", "li", id, "2026-06-22"), IsOk());
  ExpectBalances(-97'667, 0, 97'667, 0);
  EXPECT_THAT(Settle(batch_, "2026-06-23"), IsOk());
}

TEST_F(RecoveryTest, ACollectionIsNotSettledToFailedWhileItsMonthIsPaidAgain) {
  const auto line = AskBack(batch_, 7'667);
  ASSERT_THAT(line, IsOk());
  ASSERT_NO_FATAL_FAILURE(Run(batch_));
  ASSERT_THAT(Return(batch_, ReturnFor(batch_, "2026-06-21"), "2026-06-22"), IsOk());
  ASSERT_THAT(EndAward("c-1-202604-2", "2026-03-01"), IsOk());
  ASSERT_THAT(AddAward("c-1", "h-1", "2026-04-01", "", 97'667, 3), IsOk());
  const auto arrears = Create("2026-06-01", "ARREARS", "note: '补发'");
  ASSERT_THAT(Calculate(arrears->name(), "2026-06-22"), IsOk());
  const std::vector<PaymentLine> paid_again = Lines(arrears->name());
  ASSERT_FALSE(paid_again.empty());
  ASSERT_EQ(paid_again[0].amount_fen(), 7'667);
  const std::string id = line->name().substr(line->name().find('/') + 1);
  ASSERT_THAT(Return(batch_, absl::StrCat(id, ",FAILED,退回,2026-06-22,-76.67\n"), "2026-06-22"), IsOk());
  ASSERT_THAT(Propose("FAILED", id, "2026-06-22"), IsOk());
  EXPECT_THAT(Confirm("FAILED", "li", "li", id, "2026-06-22"), HasReason(reasons::kReissueStands));
  ASSERT_THAT(Cancel(arrears->name(), "2026-06-22"), IsOk());
  EXPECT_THAT(Confirm("FAILED", "li", "li", id, "2026-06-22"), IsOk());
}

TEST_F(DisputeTest, PartsOfAReturnMayComeInAnyOrder) {
  const auto part = [&](int index, bool last) {
    auto request = testing::Proto<v1::ImportBankReturnRequest>(absl::StrCat(
        "name: '", kApril, "' file_name: 'r.csv' chunk_index: ", index, " last_chunk: ", last ? "true" : "false",
        " content: 'x\\n' occurred_on ", DateText("2026-05-10")));
    return testing::ValueOrDie(Call<v1::ImportBankReturnResponse>(request)).payment_batch().bank_returns(0);
  };
  EXPECT_FALSE(part(3, true).complete());
  EXPECT_FALSE(part(0, false).complete());
  EXPECT_EQ(part(0, false).chunks(), 2) << "the same again";
  EXPECT_FALSE(part(2, false).complete());
  const v1::BankReturnFile file = part(1, false);
  EXPECT_TRUE(file.complete());
  EXPECT_EQ(file.chunks(), 4);
  EXPECT_EQ(file.unmatched(), 4) << "each part's rows are told once";
  ASSERT_EQ(file.parts_size(), 1);
  EXPECT_EQ(file.parts(0).last(), 3);
}

TEST_F(DisputeTest, SumsLeaveTheDigestOut) {
  batch_totals::Totals sums;
  ASSERT_THAT(batch_totals::AddSums(Line(kFirst), sums), IsOk());
  EXPECT_EQ(sums.total_fen, 97'667);
  EXPECT_TRUE(sums.chain.empty());
  EXPECT_TRUE(sums.accounts.empty());
}

TEST_F(DisputeTest, AHoldLastsUntilItIsReleased) {
  ASSERT_THAT(AddAward("c-2", "h-2", "2026-05-01", "", 20'000), IsOk());
  ASSERT_THAT(Create("2026-05-01"), IsOk());
  ASSERT_THAT(Calculate(kMay, "2026-05-10"), IsOk());
  const auto name = [](const std::string& id) {
    return absl::StrCat("name: 'paymentLines/", id, "' note: '核实' occurred_on ", DateText("2026-05-10"));
  };
  ASSERT_THAT((Call<PaymentLine, v1::HoldPaymentLineRequest>(name("c-2-202605-regular-regular-1"))), IsOk());
  ASSERT_THAT(FromCalculatedToSent(kMay, "2026-05-10"), IsOk());
  ASSERT_THAT(Says("PAID", "2026-04-24"), IsOk());
  const auto first = RunToSent("2026-06-01", "2026-06-11", "ARREARS");
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->held_fen(), 20'000);
  const PaymentLine held = Line("c-2-202605-regular-arrears-1");
  EXPECT_EQ(held.hold_reason(), v1::HOLD_REASON_MANUAL) << "the approval ended no hold";
  ASSERT_EQ(held.held_before_size(), 1);
  EXPECT_EQ(held.held_before(0), "paymentLines/c-2-202605-regular-regular-1");
  const auto second = Create("2026-06-01", "ARREARS", "sequence: 2");
  ASSERT_THAT(Calculate(second->name(), "2026-06-12"), IsOk());
  EXPECT_EQ(Line("c-2-202605-regular-arrears-2").state(), v1::PAYMENT_LINE_STATE_HELD);
  ASSERT_THAT(
      (Call<PaymentLine, v1::ReleasePaymentLineRequest>(absl::StrCat(
          "name: 'paymentLines/c-2-202605-regular-arrears-2' note: '无误' occurred_on ", DateText("2026-06-12")))),
      IsOk());
  ASSERT_THAT(FromCalculatedToSent(second->name(), "2026-06-12"), IsOk());
  ASSERT_THAT(EndAward("c-2-202605", "2026-04-01"), IsOk());
  ASSERT_THAT(AddAward("c-2", "h-2", "2026-05-01", "", 25'000, 2), IsOk());
  const auto raised = RunToSent("2026-06-01", "2026-06-13", "ARREARS", "sequence: 3");
  ASSERT_THAT(raised, IsOk());
  EXPECT_EQ(raised->total_fen(), 5'000);
  EXPECT_EQ(raised->held_count(), 0) << "the hold was ended";
}

}  // namespace
}  // namespace dangjian::welfare
