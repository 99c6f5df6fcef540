#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/types/date.h"
#include "dangjian/welfare/v1/stop_list_entry.pb.h"
#include "services/welfare/payment_batch/batch_rules.h"
#include "services/welfare/payment_batch/batch_totals.h"
#include "services/welfare/payment_batch/recovery_rules.h"
#include "services/welfare/reasons.h"
#include "services/welfare/testing/payment_harness.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;
using v1::PaymentBatch;
using v1::PaymentLine;

const DayRange kSecondQuarter{Day::Of(2026, 4, 1), Day::Of(2026, 6, 30)};

class PaymentBatchServiceTest : public PaymentTest {
 protected:
  void SetUp() override {
    PaymentTest::SetUp();
    ASSERT_THAT(AddAward("c-1", "h-1", "2026-04-01", "", 97'667), IsOk());
    ASSERT_THAT(AddAward("c-2", "h-2", "2026-04-01", "", 20'000), IsOk());
  }
};

TEST_F(PaymentBatchServiceTest, AMonthFromCalculationToSettlement) {
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  const auto calculated = Calculate(kApril, "2026-04-20");
  ASSERT_THAT(calculated, IsOk());
  EXPECT_EQ(calculated->state(), v1::PAYMENT_BATCH_STATE_CALCULATED);
  EXPECT_EQ(calculated->line_count(), 2);
  EXPECT_EQ(calculated->account_count(), 2);
  EXPECT_EQ(calculated->total_fen(), 117'667);
  EXPECT_EQ(Figure("mls_paid", "street", kSecondQuarter), 0);
  ASSERT_THAT(FromCalculatedToSent(kApril, "2026-04-22"), IsOk());
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_IN_TRANSIT), 117'667);
  EXPECT_EQ(Figure("ledger_balance", "street", Day::Of(2026, 4, 22), {{0, {"IN_TRANSIT"}}}), 117'667);
  EXPECT_EQ(Figure("ledger_balance", "street", Day::Of(2026, 4, 21), {{0, {"IN_TRANSIT"}}}), 0);
  const auto returned = Return(kApril, ReturnFor(kApril, "2026-04-24"), "2026-04-25");
  ASSERT_THAT(returned, IsOk());
  EXPECT_EQ(returned->applied(), 2);
  EXPECT_EQ(returned->payment_batch().state(), v1::PAYMENT_BATCH_STATE_PARTIALLY_PAID);
  ASSERT_THAT(Settle(kApril, "2026-04-30"), IsOk());
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAID), 117'667);
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_IN_TRANSIT), 0);
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_APPROPRIATION), -117'667);
  EXPECT_EQ(Figure("mls_paid", "street", {Day::Of(2026, 4, 24), Day::Of(2026, 4, 24)}), 117'667);
  EXPECT_EQ(Figure("mls_paid", "east", kSecondQuarter, {{0, {"REGULAR"}}, {1, {"REGULAR"}}}), 117'667);
  EXPECT_EQ(Figure("mls_paid", "east", kSecondQuarter, {{0, {"TOP_UP"}}}), 0);
}

TEST_F(PaymentBatchServiceTest, ABatchRunTwiceIsTheSameAndWritesNothing) {
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  const auto first = Calculate(kApril, "2026-04-20");
  ASSERT_THAT(first, IsOk());
  const int64_t revision = LastRevision();
  const auto again = Create("2026-04-01");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  const auto second = Calculate(kApril, "2026-04-21");
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(LastRevision(), revision);
  EXPECT_EQ(AllLines().size(), 2);
  EXPECT_THAT(Create("2026-04-01", "REGULAR", "hold_above_fen: 1"), HasReason(reasons::kBatchKeyTaken));
}

TEST_F(PaymentBatchServiceTest, AnotherRunOfAMonthWaitsForTheCancellation) {
  EXPECT_THAT(Create("2026-04-01", "REGULAR", "sequence: 2"), HasReason(reasons::kPreviousRunStands));
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  EXPECT_THAT(Create("2026-04-01", "REGULAR", "sequence: 2"), HasReason(reasons::kPreviousRunStands));
  ASSERT_THAT(Review(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(Approve(kApril, "2026-04-20"), IsOk());
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAYABLE), 117'667);
  ASSERT_THAT(Cancel(kApril, "2026-04-21"), IsOk());
  EXPECT_EQ(Balances(), ledger_rules::Balances{});
  const auto second = RunToSent("2026-04-01", "2026-04-22", "REGULAR", "sequence: 2");
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->name(), absl::StrCat(kApril, "-2"));
  EXPECT_EQ(second->total_fen(), 117'667);
  EXPECT_EQ(Lines(second->name())[0].name(), "paymentLines/c-1-202604-regular-regular-2");
}

TEST_F(PaymentBatchServiceTest, PortionsReadTheAwardsOfOneMoment) {
  for (int i = 3; i <= 9; ++i) {
    ASSERT_THAT(AddHousehold(absl::StrCat("h-", 10 + i), "east"), IsOk());
    ASSERT_THAT(AddAward(absl::StrCat("c-", i), absl::StrCat("h-", 10 + i), "2026-04-01", "", 1'000 * i), IsOk());
  }
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  const auto first = Calculate(kApril, "2026-04-20", 2);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->state(), v1::PAYMENT_BATCH_STATE_DRAFT);
  EXPECT_EQ(first->calculated_through(), "mlsAwards/c-2-202604");
  EXPECT_EQ(first->line_count(), 2);
  // What is decided meanwhile belongs to the next run: an award that ends, one that begins.
  ASSERT_THAT(EndAward("c-5-202604", "2026-03-01"), IsOk());
  ASSERT_THAT(AddAward("c-55", "h-1", "2026-04-01", "", 7), IsOk());
  absl::StatusOr<PaymentBatch> batch = first;
  for (int i = 0; i < 10 && batch.ok() && batch->state() == v1::PAYMENT_BATCH_STATE_DRAFT; ++i) {
    batch = Calculate(kApril, "2026-04-21", 2);
  }
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->line_count(), 9);
  EXPECT_EQ(batch->total_fen(), 117'667 + 42'000);
  EXPECT_EQ(batch->snapshot_revision(), first->snapshot_revision());
  EXPECT_EQ(DayFromProto(batch->calculated_on()), Day::Of(2026, 4, 20));
  EXPECT_THAT(Review(kApril, "2026-04-22"), IsOk());
}

TEST_F(PaymentBatchServiceTest, TheDigestIsThatOfTheLinesWhereverPortionsEnd) {
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20", 1), IsOk());
  const auto batch = Calculate(kApril, "2026-04-20", 1);
  ASSERT_THAT(batch, IsOk());
  ASSERT_EQ(batch->state(), v1::PAYMENT_BATCH_STATE_CALCULATED);
  std::string chain;
  for (const PaymentLine& line : Lines(kApril)) chain = batch_totals::Link(chain, line);
  EXPECT_EQ(batch->lines_digest(), batch_totals::HexOf(chain));
  EXPECT_EQ(batch->digest(), batch->lines_digest());
}

TEST_F(PaymentBatchServiceTest, WorkedExample2AFailedLineComesAgainInTheNextBatch) {
  ASSERT_THAT(RunToSent("2026-04-01", "2026-04-20"), IsOk());
  const auto fails = [](const PaymentLine& line) { return line.mls_case() == "mlsCases/c-1"; };
  ASSERT_THAT(Return(kApril, ReturnFor(kApril, "2026-04-24", fails), "2026-04-25"), IsOk());
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RETURNED), 97'667);
  EXPECT_EQ(Figure("mls_lines_failed", "street", kSecondQuarter), 1);
  ASSERT_THAT(Settle(kApril, "2026-04-30"), IsOk());
  ASSERT_THAT(Create("2026-05-01"), IsOk());
  ASSERT_THAT(Calculate(kMay, "2026-05-20"), IsOk());
  std::vector<PaymentLine> lines = Lines(kMay);
  std::erase_if(lines, [](const PaymentLine& line) { return line.mls_case() != "mlsCases/c-1"; });
  ASSERT_EQ(lines.size(), 2) << "May, and April again";
  EXPECT_EQ(lines[0].name(), "paymentLines/c-1-202605-regular-regular-1");
  EXPECT_EQ(lines[1].name(), "paymentLines/c-1-202604-regular-regular-2");
  EXPECT_EQ(DayFromProto(lines[1].benefit_month()), Day::Of(2026, 4, 1));
  EXPECT_EQ(Line("c-1-202604-regular-regular-1").state(), v1::PAYMENT_LINE_STATE_FAILED);
  ASSERT_THAT(FromCalculatedToSent(kMay, "2026-05-21"), IsOk());
  EXPECT_EQ(Line("c-1-202604-regular-regular-1").state(), v1::PAYMENT_LINE_STATE_REISSUED);
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RETURNED), 0);
  ASSERT_THAT(Return(kMay, ReturnFor(kMay, "2026-05-24"), "2026-05-25"), IsOk());
  ASSERT_THAT(Settle(kMay, "2026-05-30"), IsOk());
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAID), 2 * 117'667);
  EXPECT_EQ(Figure("mls_paid", "street", kSecondQuarter), 2 * 117'667);
  EXPECT_EQ(Figure("mls_lines_failed", "street", kSecondQuarter), 1) << "that it failed stays a fact";
  const auto origin = Call<v1::ExplainPaymentLineResponse, v1::ExplainPaymentLineRequest>(
      "name: 'paymentLines/c-1-202604-regular-regular-2'");
  ASSERT_THAT(origin, IsOk());
  EXPECT_EQ(origin->award().name(), "mlsAwards/c-1-202604");
  EXPECT_EQ(origin->decision_number(), 1);
  EXPECT_EQ(origin->rule_set(), "mlsRuleSets/jgdq-2026");
  EXPECT_EQ(origin->preparer(), "members/wang");
  EXPECT_EQ(origin->reviewer(), "members/li");
  EXPECT_EQ(origin->approver(), "members/zhao");
  EXPECT_EQ(origin->ledger_entries_size(), 3);
  ASSERT_EQ(origin->failed_lines_size(), 1);
  EXPECT_EQ(origin->failed_lines(0), "paymentLines/c-1-202604-regular-regular-1");
}

TEST_F(PaymentBatchServiceTest, WorkedExample2ARaiseIsPaidForTheMonthsFromAprilOn) {
  ASSERT_THAT(AddAward("c-3", "h-3", "2026-04-01", "", 3 * 68'000), IsOk());
  ASSERT_THAT(RunToSent("2026-04-01", "2026-04-20"), IsOk());
  ASSERT_THAT(Return(kApril, ReturnFor(kApril, "2026-04-24"), "2026-04-25"), IsOk());
  ASSERT_THAT(EndAward("c-3-202604", "2026-03-01"), IsOk());
  ASSERT_THAT(AddAward("c-3", "h-3", "2026-04-01", "", 3 * 72'000, 2), IsOk());
  const auto arrears = RunToSent("2026-05-01", "2026-05-20", "ARREARS", "note: '标准提高'");
  ASSERT_THAT(arrears, IsOk());
  const std::vector<PaymentLine> lines = Lines(arrears->name());
  ASSERT_EQ(lines.size(), 1);
  EXPECT_EQ(lines[0].amount_fen(), 12'000);
  EXPECT_EQ(lines[0].name(), "paymentLines/c-3-202604-regular-arrears-1");
  ASSERT_THAT(Return(arrears->name(), ReturnFor(arrears->name(), "2026-05-24"), "2026-05-25"), IsOk());
  EXPECT_EQ(Figure("mls_paid", "east", kSecondQuarter, {{1, {"ARREARS"}}}), 12'000);
  const auto again = RunToSent("2026-05-01", "2026-05-21", "ARREARS", "sequence: 2");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->line_count(), 0) << "the difference is paid";
}

TEST_F(PaymentBatchServiceTest, PeopleAndDigestOfTheApproval) {
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20", 1), IsOk());
  EXPECT_THAT((Call<PaymentBatch, v1::CalculatePaymentBatchRequest>(
                  absl::StrCat("name: '", kApril, "' preparer: 'members/li'"))),
              HasReason(reasons::kPreparerDiffers));
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  EXPECT_THAT((Call<PaymentBatch, v1::ReviewPaymentBatchRequest>(
                  absl::StrCat("name: '", kApril, "' reviewer: 'members/wang'"))),
              HasReason(reasons::kApproverIsPreparer));
  ASSERT_THAT(Review(kApril, "2026-04-20"), IsOk());
  const std::string digest = Batch(kApril).digest();
  const auto approve = [&](const std::string& approver, const std::string& signed_digest) {
    return Call<PaymentBatch, v1::ApprovePaymentBatchRequest>(
        absl::StrCat("name: '", kApril, "' approver: '", approver, "' digest: '", signed_digest, "'"));
  };
  EXPECT_THAT(approve("members/wang", digest), HasReason(reasons::kApproverIsPreparer));
  EXPECT_THAT(approve("members/li", digest), HasReason(reasons::kApproverIsPreparer));
  EXPECT_THAT(approve("members/zhao", std::string(64, '0')), HasReason(reasons::kBatchDigestMismatch));
  EXPECT_EQ(Batch(kApril).state(), v1::PAYMENT_BATCH_STATE_REVIEWED);
  EXPECT_EQ(Balances(), ledger_rules::Balances{}) << "nothing was posted";
  EXPECT_THAT(approve("members/zhao", digest), IsOk());
}

TEST_F(PaymentBatchServiceTest, HoldsTakeTheReviewBackAndOutlastTheApproval) {
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(Review(kApril, "2026-04-20"), IsOk());
  const std::string before = Batch(kApril).digest();
  const std::string line = "name: 'paymentLines/c-1-202604-regular-regular-1' note: '核实中'";
  ASSERT_THAT((Call<PaymentLine, v1::HoldPaymentLineRequest>(line)), IsOk());
  EXPECT_THAT((Call<PaymentLine, v1::HoldPaymentLineRequest>(line)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(Batch(kApril).state(), v1::PAYMENT_BATCH_STATE_CALCULATED);
  EXPECT_EQ(Batch(kApril).held_count(), 1);
  ASSERT_THAT(Review(kApril, "2026-11-20"), IsOk());
  EXPECT_NE(Batch(kApril).digest(), before) << "what is held is part of what is approved";
  EXPECT_EQ(Batch(kApril).lines_digest(), before);
  ASSERT_THAT((Call<PaymentLine, v1::ReleasePaymentLineRequest>(line)), IsOk());
  ASSERT_THAT(Review(kApril, "2026-11-20"), IsOk());
  ASSERT_THAT((Call<PaymentLine, v1::HoldPaymentLineRequest>(line)), IsOk());
  ASSERT_THAT(FromCalculatedToSent(kApril, "2026-11-20"), IsOk());
  EXPECT_THAT((Call<PaymentLine, v1::HoldPaymentLineRequest>(
                  "name: 'paymentLines/c-2-202604-regular-regular-1' note: '核实中'")),
              HasReason(reasons::kBatchApproved));
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_IN_TRANSIT), 20'000);
  EXPECT_EQ(BankFile(kApril).find("c-1-202604"), std::string::npos) << "held lines are not in the file";
  const auto arrears = RunToSent("2026-05-01", "2026-11-20", "ARREARS");
  ASSERT_THAT(arrears, IsOk());
  EXPECT_EQ(arrears->total_fen(), 97'667) << "what was held comes later";
  EXPECT_EQ(arrears->held_fen(), 97'667) << "and is held there until somebody releases it";
  EXPECT_THAT((Call<PaymentLine, v1::ReleasePaymentLineRequest>(line)), HasReason("ILLEGAL_TRANSITION"))
      << "the hold went on to the arrears";
}

TEST_F(PaymentBatchServiceTest, StopListsHoldAndNeverDrop) {
  ASSERT_THAT(AddAward("c-3", "h-3", "2026-04-01", "", 500, 1, "persons: 'residents/gao-1'"), IsOk());
  ASSERT_THAT(AddAward("c-4", "h-3", "2026-04-01", "2026-03-01", 500), IsOk());
  ASSERT_THAT(AddHousehold("h-5", "east"), IsOk());
  ASSERT_THAT(AddAward("c-5", "h-5", "2026-04-01", "", 800'001), IsOk());
  const std::string from = absl::StrCat(" source: '比对' start_date ", DateText("2026-04-01"));
  for (const std::string& entry :
       {absl::StrCat("resident: 'residents/gao-1' reason: STOP_LIST_REASON_IN_CUSTODY", from),
        absl::StrCat("mls_case: 'mlsCases/c-2' reason: STOP_LIST_REASON_DUPLICATE_PERSON", from),
        absl::StrCat("payee_reference: 'acct-h-1' reason: STOP_LIST_REASON_SHARED_ACCOUNT end_date ",
                     DateText("2026-04-19"), from)}) {
    ASSERT_THAT(
        (Call<v1::StopListEntry, v1::CreateStopListEntryRequest>(absl::StrCat("stop_list_entry { ", entry, " }"))),
        IsOk());
  }
  ASSERT_THAT(Create("2026-04-01", "REGULAR", "hold_above_fen: 800000"), IsOk());
  const auto batch = Calculate(kApril, "2026-04-20");
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->line_count(), 4);
  EXPECT_EQ(batch->held_count(), 3);
  EXPECT_EQ(Line("c-1-202604-regular-regular-1").state(), v1::PAYMENT_LINE_STATE_PENDING) << "its entry has ended";
  EXPECT_EQ(Line("c-2-202604-regular-regular-1").hold_reason(), v1::HOLD_REASON_DUPLICATE_PERSON);
  EXPECT_EQ(Line("c-3-202604-regular-regular-1").hold_reason(), v1::HOLD_REASON_IN_CUSTODY);
  EXPECT_EQ(Line("c-5-202604-regular-regular-1").hold_reason(), v1::HOLD_REASON_ABOVE_THRESHOLD);
  EXPECT_THAT(Review(kApril, "2026-04-20"), IsOk());
}

TEST_F(PaymentBatchServiceTest, TheDirectoryKnowsWhoDiedOrMovedAway) {
  ASSERT_THAT(AddAward("c-3", "h-3", "2026-04-01", "", 500, 1, "persons: 'residents/gao-1'"), IsOk());
  ASSERT_THAT(AddAward("c-4", "h-3", "2026-04-01", "", 500, 1, "persons: 'residents/zhang-2' payee_reference: 'b'"),
              IsOk());
  const auto end = [&](const std::string& id, registry::v1::ResidentState state, Day day) {
    return Tamper<registry::v1::Resident>("residents", absl::StrCat("residents/", id),
                                          [&](registry::v1::Resident& row) {
                                            row.set_state(state);
                                            *row.mutable_ended_on() = DayToProto(day);
                                          });
  };
  ASSERT_THAT(end("gao-1", registry::v1::RESIDENT_STATE_DECEASED, Day::Of(2026, 4, 19)), IsOk());
  ASSERT_THAT(end("zhang-2", registry::v1::RESIDENT_STATE_MOVED_OUT, Day::Of(2026, 4, 21)), IsOk());
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  EXPECT_EQ(Line("c-3-202604-regular-regular-1").hold_reason(), v1::HOLD_REASON_DECEASED);
  EXPECT_EQ(Line("c-4-202604-regular-regular-1").state(), v1::PAYMENT_LINE_STATE_PENDING) << "moved a day later";
}

TEST_F(PaymentBatchServiceTest, OneAccountForSeveralHouseholdsHoldsAllItsLines) {
  ASSERT_THAT(AddAward("c-3", "h-3", "2026-04-01", "", 500, 1, "payee_reference: 'acct-h-1'"), IsOk());
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  const auto batch = Calculate(kApril, "2026-04-20");
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->held_count(), 2);
  EXPECT_EQ(batch->held_fen(), 98'167);
  EXPECT_EQ(batch->account_count(), 2);
  EXPECT_EQ(Line("c-1-202604-regular-regular-1").hold_reason(), v1::HOLD_REASON_SHARED_ACCOUNT);
  EXPECT_EQ(Line("c-3-202604-regular-regular-1").hold_reason(), v1::HOLD_REASON_SHARED_ACCOUNT);
  EXPECT_THAT(Review(kApril, "2026-04-20"), IsOk());
}

TEST_F(PaymentBatchServiceTest, AChangeFromMonthToMonthNeedsANote) {
  ASSERT_THAT(RunToSent("2026-04-01", "2026-04-20"), IsOk());
  ASSERT_THAT(AddAward("c-3", "h-3", "2026-05-01", "", 30'000), IsOk());
  ASSERT_THAT(Create("2026-05-01", "REGULAR", "change_note_bp: 1000"), IsOk());
  ASSERT_THAT(Calculate(kMay, "2026-05-20"), IsOk());
  EXPECT_THAT(Review(kMay, "2026-05-20"), HasReason(reasons::kChangeNeedsNote));
  EXPECT_EQ(Batch(kMay).state(), v1::PAYMENT_BATCH_STATE_CALCULATED);
  EXPECT_THAT(Review(kMay, "2026-05-20", "note: '新增一户'"), IsOk());
}

// One fen or one line that differs, wherever it is planted and whatever step comes next.
TEST_F(PaymentBatchServiceTest, ControlTotalsRefuseAPlantedDifference) {
  const auto fen = [&](int64_t by) {
    return Tamper<PaymentLine>("paymentLines", "paymentLines/c-2-202604-regular-regular-1",
                               [&](PaymentLine& line) { line.set_amount_fen(line.amount_fen() + by); });
  };
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(fen(1), IsOk());
  EXPECT_THAT(Review(kApril, "2026-04-20"), HasReason(reasons::kControlTotalMismatch));
  ASSERT_THAT(fen(-1), IsOk());
  ASSERT_THAT(Review(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(fen(-1), IsOk());
  EXPECT_THAT(Approve(kApril, "2026-04-20"), HasReason(reasons::kControlTotalMismatch));
  EXPECT_EQ(Balances(), ledger_rules::Balances{});
  ASSERT_THAT(fen(1), IsOk());
  ASSERT_THAT(Approve(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(fen(1), IsOk());
  EXPECT_THAT(Export(kApril, "2026-04-20"), HasReason(reasons::kControlTotalMismatch));
  ASSERT_THAT(fen(-1), IsOk());
  ASSERT_THAT(Export(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(Send(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(Return(kApril, ReturnFor(kApril, "2026-04-24"), "2026-04-25"), IsOk());
  ASSERT_THAT(fen(1), IsOk());
  EXPECT_THAT(Settle(kApril, "2026-04-26"), HasReason(reasons::kControlTotalMismatch));
  ASSERT_THAT(fen(-1), IsOk());
  EXPECT_THAT(Settle(kApril, "2026-04-26"), IsOk());
}

TEST_F(PaymentBatchServiceTest, ControlTotalsRefuseAPlantedLineAndAPlantedEntry) {
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  PaymentLine extra = Line("c-1-202604-regular-regular-1");
  extra.set_name("paymentLines/planted");
  extra.set_position(3);
  const auto write = [&](const storage::Database::Fn& fn) { return database_.Write(fn).status(); };
  ASSERT_THAT(
      write([&](storage::Transaction& txn) { return database_->FindTable("paymentLines")->Insert(txn, extra); }),
      IsOk());
  EXPECT_THAT(Review(kApril, "2026-04-20"), HasReason(reasons::kControlTotalMismatch));
  ASSERT_THAT(
      write([&](storage::Transaction& txn) { return database_->FindTable("paymentLines")->Delete(txn, extra.name()); }),
      IsOk());
  ASSERT_THAT(Review(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(Approve(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(Tamper<v1::LedgerEntry>("ledgerEntries", "ledgerEntries/mls-east-202604-regular-e1",
                                      [](v1::LedgerEntry& entry) {
                                        for (v1::Posting& posting : *entry.mutable_postings()) {
                                          posting.set_amount_fen(posting.amount_fen() < 0 ? posting.amount_fen() - 1
                                                                                          : posting.amount_fen() + 1);
                                        }
                                      }),
              IsOk());
  EXPECT_THAT(Export(kApril, "2026-04-20"), HasReason(reasons::kControlTotalMismatch));
}

TEST_F(PaymentBatchServiceTest, TheBankFileIsTheSameAtAnyTime) {
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  EXPECT_THAT(Export(kApril, "2026-04-20"), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(FromCalculatedToSent(kApril, "2026-04-20"), IsOk());
  const PaymentBatch batch = Batch(kApril);
  const std::string file = BankFile(kApril);
  EXPECT_EQ(static_cast<int64_t>(file.size()), batch.file_bytes());
  const std::vector<std::string> rows = absl::StrSplit(file, "\r\n");
  ASSERT_EQ(rows.size(), 4) << "names, two lines, the end";
  EXPECT_EQ(rows[1], absl::StrCat("mls-east-202604-regular,", batch.digest(),
                                  ",c-1-202604-regular-regular-1,202604,张三,acct-h-1,976.67"));
  ASSERT_THAT(Return(kApril, ReturnFor(kApril, "2026-04-24"), "2026-04-25"), IsOk());
  EXPECT_EQ(BankFile(kApril), file);
  EXPECT_THAT(Export(kApril, "2026-04-26"), HasReason("ILLEGAL_TRANSITION")) << "never a second file";
}

TEST_F(PaymentBatchServiceTest, ReturnsMayBeLateRepeatedPartialAndForeign) {
  ASSERT_THAT(RunToSent("2026-04-01", "2026-04-20"), IsOk());
  const std::string content =
      "nobody-202604-regular-regular-1,PAID,,2026-04-24,1.00\n"
      "c-2-202604-regular-regular-1,PAID,,2026-04-24,200.01\n"
      "c-1-202604-regular-regular-1,PAID,,2026-04-24,976.67\n"
      "c-2-202604-regular-regular-1;PAID\n";
  const auto first = Return(kApril, content, "2026-04-25");
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->applied(), 1);
  EXPECT_EQ(first->foreign(), 1);
  EXPECT_EQ(first->amount_mismatched(), 1);
  EXPECT_EQ(first->unreadable(), 1);
  ASSERT_EQ(first->unmatched_size(), 3);
  EXPECT_EQ(first->unmatched(2).line_number(), 4);
  EXPECT_EQ(first->unmatched(2).cause(), v1::UnmatchedReturnLine::CAUSE_UNREADABLE);
  EXPECT_THAT(Settle(kApril, "2026-04-26"), HasReason(reasons::kLinesInTransit));
  const auto again = Return(kApril, content, "2026-04-26");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->applied(), 0);
  EXPECT_EQ(again->repeated_lines(), 1);
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAID), 97'667) << "paid once";
  EXPECT_EQ(Figure("mls_paid", "street", kSecondQuarter), 97'667);
  const auto other = Return(kApril, "c-1-202604-regular-regular-1,FAILED,销户,2026-04-24,976.67\n", "2026-04-26");
  EXPECT_EQ(other->contradicting(), 1);
  EXPECT_EQ(Line("c-1-202604-regular-regular-1").state(), v1::PAYMENT_LINE_STATE_PAID);
  const auto future = Return(kApril, "c-2-202604-regular-regular-1,PAID,,2026-12-24,200.00\n", "2026-04-26");
  EXPECT_EQ(future->unreadable(), 1);
  ASSERT_THAT(Return(kApril, ReturnFor(kApril, "2026-05-06"), "2026-05-07", "late.csv"), IsOk());
  ASSERT_THAT(Settle(kApril, "2026-05-08"), IsOk());
  EXPECT_EQ(Return(kApril, content, "2026-05-09")->repeated_lines(), 1) << "late parts are tolerated";
  EXPECT_EQ(Batch(kApril).bank_returns_size(), 2);
}

TEST_F(PaymentBatchServiceTest, AReturnNeedsAFileThatWasSent) {
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  EXPECT_THAT(Return(kApril, "", "2026-04-20"), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(FromCalculatedToSent(kApril, "2026-04-20"), IsOk());
  EXPECT_THAT(Return(kApril, std::string(200 * 1024 + 1, '\n'), "2026-04-21"), HasReason("OUT_OF_BOUNDS"));
  EXPECT_THAT(Return(kApril, "", "2026-12-01"), HasReason("DATE_IN_FUTURE"));
}

TEST_F(PaymentBatchServiceTest, RecoveriesNeedADecisionAndStayWithinTheOverpayment) {
  ASSERT_THAT(RunToSent("2026-04-01", "2026-04-20"), IsOk());
  ASSERT_THAT(Return(kApril, ReturnFor(kApril, "2026-04-24"), "2026-04-25"), IsOk());
  ASSERT_THAT(EndAward("c-1-202604", "2026-03-01"), IsOk());
  ASSERT_THAT(AddAward("c-1", "h-1", "2026-04-01", "", 90'000, 2), IsOk());
  const auto batch = Create("2026-06-01", "RECOVERY");
  ASSERT_THAT(batch, IsOk());
  const auto add = [&](int64_t fen, const std::string& hearing, bool appeal, const std::string& name) {
    return Call<PaymentLine, v1::AddRecoveryLineRequest>(absl::StrCat(
        "name: '", name, "' mls_case: 'mlsCases/c-1' component: BENEFIT_COMPONENT_REGULAR benefit_month ",
        DateText("2026-04-01"), " amount_fen: ", fen,
        " decision { reference: '追缴1号' decider: 'members/li' evidence: "
        "'工资单' monthly_cap_fen: 7000 under_appeal: ",
        appeal ? "true" : "false", " decided_on ", DateText("2026-06-10"), " hearing_on ", DateText(hearing),
        " evidence_month ", DateText("2026-04-01"), " notice_on ", DateText("2026-06-10"), " }"));
  };
  EXPECT_THAT(add(100, "2026-06-10", false, batch->name()), HasReason(reasons::kRecoveryWithoutHearing));
  EXPECT_THAT(add(7'668, "2026-06-09", false, batch->name()), HasReason(reasons::kRecoveryExceedsOverpayment));
  EXPECT_THAT(add(7'001, "2026-06-09", false, batch->name()), HasReason(reasons::kRecoveryExceedsCap));
  EXPECT_THAT(add(100, "2026-06-09", false, kApril), HasReason(reasons::kBatchApproved));
  EXPECT_TRUE(Lines(batch->name()).empty()) << "nothing was stored";
  const auto line = add(6'000, "2026-06-09", false, batch->name());
  ASSERT_THAT(line, IsOk());
  EXPECT_EQ(line->amount_fen(), -6'000);
  ASSERT_THAT(add(1'000, "2026-06-09", true, batch->name()), IsOk());
  EXPECT_THAT(add(1, "2026-06-09", false, batch->name()), HasReason(reasons::kRecoveryExceedsCap));
  ASSERT_THAT(Calculate(batch->name(), "2026-06-20"), IsOk());
  EXPECT_EQ(Batch(batch->name()).held_count(), 1) << "the appeal stops its line";
  EXPECT_THAT(add(1, "2026-06-09", false, batch->name()), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(FromCalculatedToSent(batch->name(), "2026-06-21"), IsOk());
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE), 6'000);
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAID), 117'667 - 6'000);
  ASSERT_THAT(Return(batch->name(), ReturnFor(batch->name(), "2026-06-24"), "2026-06-25"), IsOk());
  ASSERT_THAT(Settle(batch->name(), "2026-06-26"), IsOk());
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE), 0);
  EXPECT_EQ(Figure("mls_paid", "east", kSecondQuarter, {{1, {"RECOVERY"}}}), -6'000);
  const auto arrears = RunToSent("2026-07-01", "2026-06-27", "ARREARS");
  ASSERT_THAT(arrears, IsOk());
  for (const PaymentLine& other : Lines(arrears->name()))
    EXPECT_NE(DayFromProto(other.benefit_month()), Day::Of(2026, 4, 1));
}

TEST_F(PaymentBatchServiceTest, ReconciliationComparesThreeSidesAndAgesWhatIsOpen) {
  ASSERT_THAT(RunToSent("2026-04-01", "2026-04-20"), IsOk());
  ASSERT_THAT(Return(kApril, "c-1-202604-regular-regular-1,PAID,,2026-04-24,976.67\n", "2026-04-25"), IsOk());
  const auto ask = [&](const std::string& day) {
    return testing::ValueOrDie(Call<v1::QueryPaymentReconciliationResponse, v1::QueryPaymentReconciliationRequest>(
        absl::StrCat("organization: 'organizations/east' month ", DateText("2026-04-01"), " as_of ", DateText(day))));
  };
  const auto fresh = ask("2026-04-27");
  EXPECT_TRUE(fresh.matches());
  ASSERT_EQ(fresh.batches_size(), 1);
  EXPECT_EQ(fresh.batches(0).file_fen(), 117'667);
  EXPECT_EQ(fresh.batches(0).ledger_in_transit_fen(), 20'000);
  EXPECT_EQ(fresh.batches(0).returned_paid_fen(), 97'667);
  EXPECT_EQ(fresh.batches(0).open_lines(), 1);
  EXPECT_EQ(fresh.overdue_line_count(), 0);
  EXPECT_EQ(fresh.open_lines(0).working_days(), 5);
  EXPECT_EQ(ask("2026-04-28").overdue_line_count(), 1);
  ASSERT_THAT(Tamper<PaymentLine>("paymentLines", "paymentLines/c-1-202604-regular-regular-1",
                                  [](PaymentLine& line) { line.set_amount_fen(97'668); }),
              IsOk());
  EXPECT_FALSE(ask("2026-04-28").matches()) << "a planted fen is found";
}

TEST_F(PaymentBatchServiceTest, TheLedgerIsListedAndCancellationsCiteWhatTheyTakeBack) {
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(Review(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(Approve(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(Cancel(kApril, "2026-04-21"), IsOk());
  const auto page =
      Call<v1::ListLedgerEntriesResponse, v1::ListLedgerEntriesRequest>(absl::StrCat("payment_batch: '", kApril, "'"));
  ASSERT_THAT(page, IsOk());
  ASSERT_EQ(page->ledger_entries_size(), 2);
  EXPECT_EQ(page->ledger_entries(0).cause(), v1::LEDGER_CAUSE_APPROVAL);
  EXPECT_EQ(page->ledger_entries(1).cause(), v1::LEDGER_CAUSE_CANCELLATION);
  EXPECT_EQ(page->ledger_entries(1).cites(), page->ledger_entries(0).name());
  EXPECT_THAT(Cancel(kApril, "2026-04-22"), HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(PaymentBatchServiceTest, AmountsThatOverflowAreNamed) {
  ASSERT_THAT(AddAward("c-3", "h-3", "2026-04-01", "", std::numeric_limits<int64_t>::max()), IsOk());
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  EXPECT_THAT(Calculate(kApril, "2026-04-20"), HasReason("PAYMENT_SUM_OVERFLOW"));
  EXPECT_TRUE(AllLines().empty());
}

}  // namespace
}  // namespace dangjian::welfare
