// What comes up between the calculation of a batch and the bank: at each point it is noticed, the line is held, and the
// approval asked anew.

#include "services/welfare/payment_batch/recheck.h"

#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/replica_age.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/stop_list_entry.pb.h"
#include "gmock/gmock.h"
#include "services/welfare/ledger/ledger_schema.h"
#include "services/welfare/mls_award/award_schema.h"
#include "services/welfare/mls_case/case_schema.h"
#include "services/welfare/payment_batch/batch_rules.h"
#include "services/welfare/payment_batch/batch_schema.h"
#include "services/welfare/payment_line/line_rules.h"
#include "services/welfare/payment_line/line_schema.h"
#include "services/welfare/reasons.h"
#include "services/welfare/stop_list/stop_list_schema.h"
#include "services/welfare/testing/payment_harness.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using testing::Proto;
using v1::PaymentBatch;
using v1::PaymentLine;

constexpr char kLine[] = "c-1-202604-regular-regular-1";
constexpr char kOther[] = "c-2-202604-regular-regular-1";

// Two families in April: c-1 of residents/zhang-1 and zhang-2, c-2 of residents/chen-1.
class RecheckTest : public PaymentTest {
 protected:
  // The two halves of a check: on a snapshot, and in the transaction of the step.
  absl::StatusOr<Recheck> Run() {
    return Recheck::Run(Tables(), *database_, Batch(kApril), Day::Of(2026, 4, 21), [] { return absl::OkStatus(); });
  }
  absl::StatusOr<std::vector<Finding>> Finish(const Recheck& recheck) {
    std::vector<Finding> findings;
    const auto finish = [&](storage::Transaction& txn) -> absl::Status {
      ASSIGN_OR_RETURN(findings, recheck.Finish(Tables(), txn, Batch(kApril), Day::Of(2026, 4, 21)));
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(database_.Write(finish).status());
    return findings;
  }

  void SetUp() override {
    PaymentTest::SetUp();
    ASSERT_THAT(AddAward("c-1", "h-1", "2026-04-01", "", 97'667, 1,
                         "persons: 'residents/zhang-1' persons: 'residents/zhang-2'"),
                IsOk());
    ASSERT_THAT(AddAward("c-2", "h-2", "2026-04-01", "", 20'000, 1, "persons: 'residents/chen-1'"), IsOk());
    for (const char* id : {"c-1", "c-2"}) ASSERT_THAT(AddCase(id), IsOk());
    ASSERT_THAT(LinkToMember("residents/zhang-2", "members/wang"), IsOk());
  }

  absl::Status AddCase(const std::string& id) {
    auto row = Proto<v1::MlsCase>(absl::StrCat("name: 'mlsCases/", id,
                                               "' organization: 'organizations/east' household: 'households/h-1' ",
                                               "state: MLS_CASE_STATE_ACTIVE"));
    return database_
        .Write([&](storage::Transaction& txn) { return database_->FindTable("mlsCases")->Insert(txn, row); })
        .status();
  }
  absl::Status SetCase(v1::MlsCaseState state) {
    return Tamper<v1::MlsCase>("mlsCases", "mlsCases/c-1", [&](v1::MlsCase& row) { row.set_state(state); });
  }
  absl::Status ChangeAward(const std::function<void(v1::MlsAward&)>& change) {
    return Tamper<v1::MlsAward>("mlsAwards", "mlsAwards/c-1-202604", change);
  }
  absl::Status EndResident(const std::string& id, registry::v1::ResidentState state, const std::string& day) {
    return ChangeResident(id, [&](registry::v1::Resident& row) {
      row.set_state(state);
      *row.mutable_ended_on() = DayToProto(testing::ValueOrDie(ParseDay(day)));
    });
  }
  absl::Status Die(const std::string& id, const std::string& day = "2026-04-20") {
    return EndResident(id, registry::v1::RESIDENT_STATE_DECEASED, day);
  }
  absl::Status List(const std::string& subject, const std::string& first = "2026-04-20",
                    const std::string& reason = "IN_CUSTODY") {
    return Call<v1::StopListEntry, v1::CreateStopListEntryRequest>(
               absl::StrCat("stop_list_entry { ", subject, " reason: STOP_LIST_REASON_", reason,
                            " source: '比对' start_date ", DateText(first), " }"))
        .status();
  }
  absl::StatusOr<PaymentLine> Release(const std::string& id, const std::string& caller = "clerk",
                                      const std::string& day = "2026-04-21") {
    return CallAs<PaymentLine, v1::ReleasePaymentLineRequest>(
        caller, absl::StrCat("name: 'paymentLines/", id, "' note: '已核实' occurred_on ", DateText(day)));
  }

  void CalculateApril() {
    ASSERT_THAT(Create("2026-04-01"), IsOk());
    ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
    ASSERT_EQ(Batch(kApril).held_count(), 0);
  }
  void ApproveApril() {
    ASSERT_NO_FATAL_FAILURE(CalculateApril());
    ASSERT_THAT(Review(kApril, "2026-04-20"), IsOk());
    ASSERT_THAT(Approve(kApril, "2026-04-20"), IsOk());
    ASSERT_EQ(Batch(kApril).state(), v1::PAYMENT_BATCH_STATE_APPROVED);
  }
  // The step held the line of c-1 instead of happening.
  void ExpectHeld(const absl::StatusOr<PaymentBatch>& step, v1::HoldReason reason, const std::string& old_digest) {
    ASSERT_THAT(step, IsOk());
    EXPECT_EQ(step->state(), v1::PAYMENT_BATCH_STATE_REVIEWED);
    EXPECT_EQ(step->held_by_recheck(), 1);
    EXPECT_EQ(step->held_count(), 1);
    EXPECT_EQ(step->held_fen(), 97'667);
    EXPECT_EQ(step->approver(), "");
    EXPECT_NE(step->digest(), old_digest);
    EXPECT_EQ(step->reviewer(), "members/li");
    const PaymentLine line = Line(kLine);
    EXPECT_EQ(line.state(), v1::PAYMENT_LINE_STATE_HELD);
    EXPECT_EQ(line.hold_reason(), reason);
    EXPECT_EQ(line.hold_reason_zh(), line_rules::HoldText(reason));
    EXPECT_FALSE(line.hold_reason_zh().empty());
    EXPECT_EQ(Line(kOther).state(), v1::PAYMENT_LINE_STATE_PENDING);
    EXPECT_EQ(Balances(), ledger_rules::Balances{}) << "nothing is approved";
  }
  // The rest of the batch goes its way.
  void PayTheRest() {
    const auto approved = Approve(kApril, "2026-04-22");
    ASSERT_THAT(approved, IsOk());
    ASSERT_EQ(approved->state(), v1::PAYMENT_BATCH_STATE_APPROVED);
    EXPECT_EQ(approved->held_by_recheck(), 0);
    const auto exported = Export(kApril, "2026-04-22");
    ASSERT_THAT(exported, IsOk());
    ASSERT_EQ(exported->state(), v1::PAYMENT_BATCH_STATE_EXPORTED);
    const std::string file = BankFile(kApril);
    EXPECT_THAT(file, Not(HasSubstr(kLine)));
    EXPECT_THAT(file, HasSubstr(kOther));
    ASSERT_THAT(Send(kApril, "2026-04-22"), IsOk());
    ASSERT_THAT(Return(kApril, ReturnFor(kApril, "2026-04-24"), "2026-04-25"), IsOk());
    ASSERT_THAT(Settle(kApril, "2026-04-25"), IsOk());
    EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAID), 20'000);
    EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_APPROPRIATION), -20'000);
    EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAYABLE), 0);
    EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_IN_TRANSIT), 0);
  }

 private:
  BatchTables Tables() { return {batches_, lines_, awards_, cases_, stop_list_, ledger_, directory()}; }

  const storage::Table<PaymentBatch> batches_{PaymentBatchSchema()};
  const storage::Table<PaymentLine> lines_{PaymentLineSchema()};
  const storage::Table<v1::MlsAward> awards_{MlsAwardSchema()};
  const storage::Table<v1::MlsCase> cases_{MlsCaseSchema()};
  const storage::Table<v1::StopListEntry> stop_list_{StopListEntrySchema()};
  const storage::Table<v1::LedgerEntry> entries_{LedgerEntrySchema()};
  const Ledger ledger_{entries_};
};

// Something that comes up, and what the line is held for.
struct Event {
  const char* name;
  v1::HoldReason reason;
  absl::Status (*happen)(RecheckTest&);
};

class RecheckEventTest : public RecheckTest, public ::testing::WithParamInterface<std::tuple<Event, int>> {
 public:
  static absl::Status Death(RecheckTest& test) { return Of(test).Die("zhang-1"); }
  static absl::Status DeathAsMember(RecheckTest& test) {
    return Of(test).ChangeMember("wang", [](registry::v1::Member& row) {
      row.set_status(registry::v1::MEMBER_STATUS_DECEASED);
      auto& step = *row.add_transitions();
      step.set_state("DECEASED");
      *step.mutable_occurred_on() = DayToProto(Day::Of(2026, 4, 19));
    });
  }
  static absl::Status MoveOut(RecheckTest& test) {
    return Of(test).EndResident("zhang-2", registry::v1::RESIDENT_STATE_MOVED_OUT, "2026-04-20");
  }
  // To another community of the street: out of the area of the organisation that pays.
  static absl::Status Move(RecheckTest& test) {
    return Of(test).ChangeResident("zhang-1", [](registry::v1::Resident& row) {
      *row.mutable_residences(0)->mutable_end_date() = DayToProto(Day::Of(2026, 4, 18));
      auto& residence = *row.add_residences();
      residence.set_organization("organizations/west");
      residence.set_kind(registry::v1::RESIDENCE_KIND_PERMANENT);
      *residence.mutable_start_date() = DayToProto(Day::Of(2026, 4, 19));
    });
  }
  static absl::Status HouseholdMovesOut(RecheckTest& test) {
    return Of(test).ChangeHousehold("h-1", [](registry::v1::Household& row) {
      row.set_state(registry::v1::HOUSEHOLD_STATE_MOVED_OUT);
      *row.mutable_ended_on() = DayToProto(Day::Of(2026, 4, 20));
    });
  }
  static absl::Status Merge(RecheckTest& test) { return Of(test).MergeResident("zhang-2", "chen-1"); }
  static absl::Status ListPerson(RecheckTest& test) { return Of(test).List("resident: 'residents/zhang-2'"); }
  static absl::Status ListAccount(RecheckTest& test) {
    return Of(test).List("payee_reference: 'acct-h-1'", "2026-04-20", "SHARED_ACCOUNT");
  }
  static absl::Status ListCase(RecheckTest& test) { return Of(test).List("mls_case: 'mlsCases/c-1'"); }
  static absl::Status Suspend(RecheckTest& test) { return Of(test).SetCase(v1::MLS_CASE_STATE_SUSPENDED); }
  static absl::Status Stop(RecheckTest& test) { return Of(test).SetCase(v1::MLS_CASE_STATE_STOPPED); }
  static absl::Status NewPayee(RecheckTest& test) {
    return Of(test).ChangeAward([](v1::MlsAward& award) { award.set_payee_name("张小三"); });
  }
  static absl::Status NewAccount(RecheckTest& test) {
    return Of(test).ChangeAward([](v1::MlsAward& award) { award.set_payee_reference("acct-new"); });
  }
  static absl::Status Cut(RecheckTest& test) {
    RETURN_IF_ERROR(Of(test).EndAward("c-1-202604", "2026-03-01"));
    return Of(test).AddAward("c-1", "h-1", "2026-04-01", "", 90'000, 2);
  }
  static absl::Status Raise(RecheckTest& test) {
    RETURN_IF_ERROR(Of(test).EndAward("c-1-202604", "2026-03-01"));
    return Of(test).AddAward("c-1", "h-1", "2026-04-01", "", 99'000, 2);
  }
  static absl::Status Withdraw(RecheckTest& test) { return Of(test).EndAward("c-1-202604", "2026-03-01"); }
  static absl::Status SuspendMonth(RecheckTest& test) {
    return Of(test).ChangeAward(
        [](v1::MlsAward& award) { *award.add_suspended_months() = DayToProto(Day::Of(2026, 4, 1)); });
  }

 private:
  static RecheckEventTest& Of(RecheckTest& test) { return static_cast<RecheckEventTest&>(test); }
};

constexpr Event kEvents[] = {
    {"Death", v1::HOLD_REASON_DECEASED, &RecheckEventTest::Death},
    {"DeathAsMember", v1::HOLD_REASON_DECEASED, &RecheckEventTest::DeathAsMember},
    {"MoveOut", v1::HOLD_REASON_MOVED_OUT, &RecheckEventTest::MoveOut},
    {"Move", v1::HOLD_REASON_MOVED_OUT, &RecheckEventTest::Move},
    {"HouseholdMovesOut", v1::HOLD_REASON_MOVED_OUT, &RecheckEventTest::HouseholdMovesOut},
    {"Merge", v1::HOLD_REASON_DUPLICATE_PERSON, &RecheckEventTest::Merge},
    {"ListPerson", v1::HOLD_REASON_IN_CUSTODY, &RecheckEventTest::ListPerson},
    {"ListAccount", v1::HOLD_REASON_SHARED_ACCOUNT, &RecheckEventTest::ListAccount},
    {"ListCase", v1::HOLD_REASON_IN_CUSTODY, &RecheckEventTest::ListCase},
    {"Suspend", v1::HOLD_REASON_CASE_SUSPENDED, &RecheckEventTest::Suspend},
    {"Stop", v1::HOLD_REASON_CASE_ENDED, &RecheckEventTest::Stop},
    {"NewPayee", v1::HOLD_REASON_PAYEE_CHANGED, &RecheckEventTest::NewPayee},
    {"NewAccount", v1::HOLD_REASON_PAYEE_CHANGED, &RecheckEventTest::NewAccount},
    {"Cut", v1::HOLD_REASON_AWARD_CHANGED, &RecheckEventTest::Cut},
    {"Raise", v1::HOLD_REASON_AWARD_CHANGED, &RecheckEventTest::Raise},
    {"Withdraw", v1::HOLD_REASON_AWARD_CHANGED, &RecheckEventTest::Withdraw},
    {"SuspendMonth", v1::HOLD_REASON_AWARD_CHANGED, &RecheckEventTest::SuspendMonth},
};
constexpr const char* kPoints[] = {"AfterCalculation", "AfterReview", "AfterApproval"};

TEST_P(RecheckEventTest, IsNoticedBeforeTheBankHearsOfTheLine) {
  const auto& [event, point] = GetParam();
  ASSERT_NO_FATAL_FAILURE(CalculateApril());
  if (point > 0) {
    ASSERT_THAT(Review(kApril, "2026-04-20"), IsOk());
  }
  if (point > 1) {
    ASSERT_THAT(Approve(kApril, "2026-04-20"), IsOk());
  }
  ASSERT_THAT(event.happen(*this), IsOk());
  if (point == 0) {
    ASSERT_THAT(Review(kApril, "2026-04-21"), IsOk());
  }
  const std::string digest = Batch(kApril).digest();
  ASSERT_NO_FATAL_FAILURE(
      ExpectHeld(point < 2 ? Approve(kApril, "2026-04-21") : Export(kApril, "2026-04-21"), event.reason, digest));
  EXPECT_THAT((CallAs<PaymentBatch, v1::ApprovePaymentBatchRequest>(
                  "zhao", absl::StrCat("name: '", kApril, "' approver: 'members/zhao' digest: '", digest, "'"))),
              HasReason(reasons::kBatchDigestMismatch))
      << "the approval is asked anew";
  ASSERT_NO_FATAL_FAILURE(PayTheRest());
}

std::string NameOf(const ::testing::TestParamInfo<std::tuple<Event, int>>& info) {
  return absl::StrCat(std::get<0>(info.param).name, kPoints[std::get<1>(info.param)]);
}
INSTANTIATE_TEST_SUITE_P(Events, RecheckEventTest,
                         ::testing::Combine(::testing::ValuesIn(kEvents), ::testing::Values(0, 1, 2)), &NameOf);

class RecheckFinishTest : public RecheckEventTest {};

TEST_P(RecheckFinishTest, WhatComesUpAfterTheSnapshotIsNoticed) {
  const Event& event = std::get<0>(GetParam());
  ASSERT_NO_FATAL_FAILURE(CalculateApril());
  const auto before = Run();
  ASSERT_THAT(before, IsOk());
  ASSERT_THAT(event.happen(*this), IsOk());
  const auto findings = Finish(*before);
  ASSERT_THAT(findings, IsOk());
  ASSERT_EQ(findings->size(), 1);
  EXPECT_EQ((*findings)[0].position, Line(kLine).position());
  EXPECT_EQ((*findings)[0].reason, event.reason);
  const auto after = Run();
  ASSERT_THAT(after, IsOk());
  const auto same = Finish(*after);
  ASSERT_THAT(same, IsOk());
  ASSERT_EQ(same->size(), 1);
  EXPECT_EQ((*same)[0].reason, event.reason);
}
INSTANTIATE_TEST_SUITE_P(Events, RecheckFinishTest,
                         ::testing::Combine(::testing::ValuesIn(kEvents), ::testing::Values(0)), &NameOf);

TEST_F(RecheckTest, WhatWasPutRightAfterTheSnapshotHoldsNothing) {
  ASSERT_NO_FATAL_FAILURE(CalculateApril());
  ASSERT_THAT(SetCase(v1::MLS_CASE_STATE_SUSPENDED), IsOk());
  const auto recheck = Run();
  ASSERT_THAT(recheck, IsOk());
  ASSERT_THAT(SetCase(v1::MLS_CASE_STATE_ACTIVE), IsOk());
  const auto findings = Finish(*recheck);
  ASSERT_THAT(findings, IsOk());
  EXPECT_TRUE(findings->empty());
}

TEST_F(RecheckTest, TheRegistryIsAskedWhateverTheCopyHas) {
  ASSERT_NO_FATAL_FAILURE(CalculateApril());
  ASSERT_THAT(Review(kApril, "2026-04-20"), IsOk());
  const std::string digest = Batch(kApril).digest();
  late_registry().set_catch_up([] { return Error(rpc::kDirectoryBehind, "the registry does not answer"); });
  EXPECT_THAT(Approve(kApril, "2026-04-21"), HasReason(rpc::kDirectoryBehind));
  EXPECT_EQ(Batch(kApril).state(), v1::PAYMENT_BATCH_STATE_REVIEWED) << "without the registry nothing is approved";
  late_registry().set_catch_up([this] { return Die("zhang-1"); });
  ExpectHeld(Approve(kApril, "2026-04-21"), v1::HOLD_REASON_DECEASED, digest);

  late_registry().set_catch_up([] { return absl::OkStatus(); });
  ASSERT_THAT(Approve(kApril, "2026-04-21"), IsOk());
  late_registry().set_catch_up([] { return Error(rpc::kDirectoryBehind, "the registry does not answer"); });
  EXPECT_THAT(Export(kApril, "2026-04-21"), HasReason(rpc::kDirectoryBehind));
  EXPECT_EQ(Batch(kApril).state(), v1::PAYMENT_BATCH_STATE_APPROVED);
}

TEST_F(RecheckTest, AnEntryThatBeginsAfterTheCalculationHoldsFromItsDayOn) {
  ASSERT_THAT(List("resident: 'residents/zhang-1'", "2026-04-22"), IsOk());
  ASSERT_NO_FATAL_FAILURE(ApproveApril());
  const std::string digest = Batch(kApril).digest();
  ExpectHeld(Export(kApril, "2026-04-22"), v1::HOLD_REASON_IN_CUSTODY, digest);
}

TEST_F(RecheckTest, WhatWasCheckedDoesNotHoldAgainButWhatIsNewDoes) {
  ASSERT_THAT(Die("zhang-1", "2026-04-10"), IsOk());
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  ASSERT_EQ(Line(kLine).hold_reason(), v1::HOLD_REASON_DECEASED);
  ASSERT_THAT(Release(kLine), IsOk());
  ASSERT_THAT(Review(kApril, "2026-04-21"), IsOk());
  ASSERT_THAT(Approve(kApril, "2026-04-21"), IsOk());
  EXPECT_EQ(Batch(kApril).state(), v1::PAYMENT_BATCH_STATE_APPROVED);
  ASSERT_THAT(Die("zhang-2", "2026-04-21"), IsOk());
  const std::string digest = Batch(kApril).digest();
  ExpectHeld(Export(kApril, "2026-04-22"), v1::HOLD_REASON_DECEASED, digest);
}

TEST_F(RecheckTest, TheWholeBatchMayBeHeldAndNoMoneyMoves) {
  ASSERT_NO_FATAL_FAILURE(ApproveApril());
  ASSERT_THAT(Die("zhang-1"), IsOk());
  ASSERT_THAT(Die("chen-1"), IsOk());
  const auto held = Export(kApril, "2026-04-21");
  ASSERT_THAT(held, IsOk());
  EXPECT_EQ(held->held_by_recheck(), 2);
  ASSERT_THAT(Approve(kApril, "2026-04-21"), IsOk());
  ASSERT_THAT(Export(kApril, "2026-04-21"), IsOk());
  EXPECT_EQ(Batch(kApril).state(), v1::PAYMENT_BATCH_STATE_EXPORTED);
  EXPECT_EQ(Balances()[v1::LEDGER_ACCOUNT_IN_TRANSIT], 0);
}

TEST_F(RecheckTest, ABatchWhoseApprovalWasTakenBackIsCancelledWithNothingInTheLedger) {
  ASSERT_NO_FATAL_FAILURE(ApproveApril());
  ASSERT_THAT(Die("zhang-1"), IsOk());
  ASSERT_THAT(Export(kApril, "2026-04-21"), IsOk());
  ASSERT_THAT(Approve(kApril, "2026-04-21"), IsOk());
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAYABLE), 20'000);
  ASSERT_THAT(Cancel(kApril, "2026-04-21"), IsOk());
  EXPECT_EQ(Balances(), ledger_rules::Balances{});
}

TEST_F(RecheckTest, ALineWithALaterStepCannotBeHeldAndNothingIsExported) {
  ASSERT_NO_FATAL_FAILURE(CalculateApril());
  ASSERT_THAT((Call<PaymentLine, v1::HoldPaymentLineRequest>(
                  absl::StrCat("name: 'paymentLines/", kLine, "' note: '核实' occurred_on ", DateText("2026-04-25")))),
              IsOk());
  ASSERT_THAT(Release(kLine, "clerk", "2026-04-26"), IsOk());
  ASSERT_THAT(Review(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(Approve(kApril, "2026-04-20"), IsOk());
  ASSERT_THAT(Die("zhang-1"), IsOk());
  const auto exported = Export(kApril, "2026-04-21");
  ASSERT_THAT(exported, HasReason(reasons::kLinesNotHoldable));
  EXPECT_THAT(std::string(exported.status().message()), HasSubstr(kLine));
  EXPECT_EQ(Batch(kApril).state(), v1::PAYMENT_BATCH_STATE_APPROVED) << "nothing was done by halves";
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAYABLE), 117'667);
  ASSERT_THAT(Export(kApril, "2026-04-26"), IsOk());
  EXPECT_EQ(Line(kLine).state(), v1::PAYMENT_LINE_STATE_HELD);
}

TEST_F(RecheckTest, ANewCalculationHoldsTheLinesOfASuspendedCase) {
  ASSERT_THAT(SetCase(v1::MLS_CASE_STATE_SUSPENDED), IsOk());
  ASSERT_THAT(Create("2026-04-01"), IsOk());
  ASSERT_THAT(Calculate(kApril, "2026-04-20"), IsOk());
  EXPECT_EQ(Line(kLine).hold_reason(), v1::HOLD_REASON_CASE_SUSPENDED);
}

TEST_F(RecheckTest, WhatIsNotDueAsItStandsIsNotReleased) {
  ASSERT_NO_FATAL_FAILURE(CalculateApril());
  ASSERT_THAT((Call<PaymentLine, v1::HoldPaymentLineRequest>(
                  absl::StrCat("name: 'paymentLines/", kLine, "' note: '核实' occurred_on ", DateText("2026-04-20")))),
              IsOk());
  ASSERT_THAT(SetCase(v1::MLS_CASE_STATE_SUSPENDED), IsOk());
  EXPECT_THAT(Release(kLine), HasReason(reasons::kLineNotDue));
  ASSERT_THAT(SetCase(v1::MLS_CASE_STATE_ACTIVE), IsOk());
  ASSERT_THAT(ChangeAward([](v1::MlsAward& award) { award.set_payee_reference("acct-new"); }), IsOk());
  EXPECT_THAT(Release(kLine), HasReason(reasons::kLineNotDue));
  ASSERT_THAT(ChangeAward([](v1::MlsAward& award) {
                award.set_payee_reference("acct-h-1");
                award.mutable_parts(0)->set_amount_fen(97'666);
              }),
              IsOk());
  EXPECT_THAT(Release(kLine), HasReason(reasons::kLineNotDue));
  ASSERT_THAT(ChangeAward([](v1::MlsAward& award) { award.mutable_parts(0)->set_amount_fen(97'668); }), IsOk());
  EXPECT_THAT(Release(kLine), IsOk()) << "what it is short comes in arrears";
  ASSERT_THAT(Review(kApril, "2026-04-21"), IsOk());
  EXPECT_EQ(Approve(kApril, "2026-04-21")->state(), v1::PAYMENT_BATCH_STATE_APPROVED) << "who released it knew";
}

// Releases after the approval.
class ReleaseTest : public RecheckTest {
 protected:
  // April goes out without the line of c-1, which is held for a death.
  void SetUp() override {
    RecheckTest::SetUp();
    ASSERT_NO_FATAL_FAILURE(ApproveApril());
    ASSERT_THAT(Die("zhang-1"), IsOk());
    ASSERT_THAT(Export(kApril, "2026-04-21"), IsOk());
    ASSERT_NO_FATAL_FAILURE(PayTheRest());
  }
  absl::StatusOr<PaymentBatch> CalculateMay() {
    RETURN_IF_ERROR(Create("2026-05-01").status());
    return Calculate(kMay, "2026-05-20");
  }
  std::vector<PaymentLine> AprilLinesOfMay() {
    std::vector<PaymentLine> lines = Lines(kMay);
    std::erase_if(lines, [](const PaymentLine& line) { return line.benefit_month().month() != 4; });
    return lines;
  }
};

TEST_F(ReleaseTest, AHeldLineOfAnApprovedBatchIsPaidOnceByTheNextRegularRunInItsOwnMonth) {
  const PaymentBatch before = Batch(kApril);
  const auto released = Release(kLine, "clerk", "2026-05-02");
  ASSERT_THAT(released, IsOk());
  EXPECT_TRUE(released->released());
  EXPECT_EQ(released->state(), v1::PAYMENT_LINE_STATE_HELD) << "its batch stays as it was approved";
  EXPECT_EQ(Batch(kApril).SerializeAsString(), before.SerializeAsString());
  EXPECT_THAT(Release(kLine, "clerk", "2026-05-02"), HasReason("ILLEGAL_TRANSITION"));

  ASSERT_THAT(CalculateMay(), IsOk());
  const std::vector<PaymentLine> april = AprilLinesOfMay();
  ASSERT_EQ(april.size(), 1);
  EXPECT_EQ(april[0].amount_fen(), 97'667);
  EXPECT_EQ(april[0].seq(), 2);
  EXPECT_EQ(april[0].run_kind(), v1::PAYMENT_RUN_KIND_REGULAR);
  EXPECT_EQ(april[0].held_before(0), absl::StrCat("paymentLines/", kLine));
  EXPECT_EQ(april[0].state(), v1::PAYMENT_LINE_STATE_PENDING) << "the death was known to who released it";
  EXPECT_EQ(Line("c-1-202605-regular-regular-1").hold_reason(), v1::HOLD_REASON_DECEASED) << "May was not looked at";
  EXPECT_THAT(Release(kLine, "clerk", "2026-05-20"), HasReason("ILLEGAL_TRANSITION")) << "taken up";

  ASSERT_THAT(Review(kMay, "2026-05-21"), IsOk());
  EXPECT_THAT((CallAs<PaymentBatch, v1::ApprovePaymentBatchRequest>(
                  "clerk", absl::StrCat("name: '", kMay, "' approver: 'members/zhao' digest: '", Batch(kMay).digest(),
                                        "' occurred_on ", DateText("2026-05-21")))),
              HasReason(reasons::kApproverIsPreparer))
      << "who released it does not approve it";
  ASSERT_THAT(Approve(kMay, "2026-05-21"), IsOk());
  ASSERT_THAT(Export(kMay, "2026-05-21"), IsOk());
  ASSERT_EQ(Batch(kMay).state(), v1::PAYMENT_BATCH_STATE_EXPORTED);
  ASSERT_THAT(Send(kMay, "2026-05-21"), IsOk());
  ASSERT_THAT(Return(kMay, ReturnFor(kMay, "2026-05-24"), "2026-05-25"), IsOk());
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAID), 20'000 + 97'667 + 20'000);

  for (const auto& [month, kind] : {std::pair("2026-06-01", "REGULAR"), std::pair("2026-07-01", "ARREARS")}) {
    const auto later = Create(month, kind);
    ASSERT_THAT(later, IsOk());
    ASSERT_THAT(Calculate(later->name(), "2026-07-20"), IsOk());
    for (const PaymentLine& line : Lines(later->name())) EXPECT_NE(line.benefit_month().month(), 4) << line.name();
  }
}

TEST_F(ReleaseTest, WithoutAReleaseNothingComesAgainInARegularRun) {
  ASSERT_THAT(CalculateMay(), IsOk());
  EXPECT_TRUE(AprilLinesOfMay().empty());
}

TEST_F(ReleaseTest, AReleaseIsTakenBackUntilARunHasTakenItUp) {
  ASSERT_THAT(Release(kLine, "clerk", "2026-05-02"), IsOk());
  const auto hold = [&](const std::string& day) {
    return Call<PaymentLine, v1::HoldPaymentLineRequest>(
        absl::StrCat("name: 'paymentLines/", kLine, "' note: '仍需核实' occurred_on ", DateText(day)));
  };
  ASSERT_THAT(hold("2026-05-03"), IsOk());
  EXPECT_FALSE(Line(kLine).released());
  EXPECT_THAT(hold("2026-05-03"), HasReason(reasons::kBatchApproved));
  ASSERT_THAT(Release(kLine, "clerk", "2026-05-04"), IsOk());
  ASSERT_THAT(CalculateMay(), IsOk());
  EXPECT_THAT(hold("2026-05-20"), HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(ReleaseTest, ASecondDeathAfterTheReleaseHoldsTheLineThatTookItsPlace) {
  ASSERT_THAT(Release(kLine, "clerk", "2026-05-02"), IsOk());
  ASSERT_THAT(Die("zhang-2", "2026-05-10"), IsOk());
  ASSERT_THAT(CalculateMay(), IsOk());
  ASSERT_EQ(AprilLinesOfMay().size(), 1);
  EXPECT_EQ(AprilLinesOfMay()[0].hold_reason(), v1::HOLD_REASON_DECEASED);
}

TEST_F(ReleaseTest, OnlyWhatIsStillDueIsPaid) {
  ASSERT_THAT(Release(kLine, "clerk", "2026-05-02"), IsOk());
  ASSERT_THAT(EndAward("c-1-202604", "2026-03-01"), IsOk());
  ASSERT_THAT(AddAward("c-1", "h-1", "2026-04-01", "", 60'000, 2), IsOk());
  ASSERT_THAT(CalculateMay(), IsOk());
  ASSERT_EQ(AprilLinesOfMay().size(), 1);
  EXPECT_EQ(AprilLinesOfMay()[0].amount_fen(), 60'000);
}

TEST_F(ReleaseTest, WhatArrearsHavePaidIsNotPaidAgain) {
  ASSERT_THAT(Release(kLine, "clerk", "2026-05-02"), IsOk());
  ASSERT_THAT(ChangeResident("zhang-1",
                             [](registry::v1::Resident& row) {
                               row.set_state(registry::v1::RESIDENT_STATE_REGISTERED);
                               row.clear_ended_on();
                             }),
              IsOk());
  ASSERT_THAT(RunToSent("2026-05-01", "2026-05-10", "ARREARS"), IsOk());
  ASSERT_THAT(CalculateMay(), IsOk());
  EXPECT_TRUE(AprilLinesOfMay().empty());
}

TEST_F(RecheckTest, AChangedPayeeIsPaidByTheNextRegularRunWithoutARelease) {
  ASSERT_NO_FATAL_FAILURE(ApproveApril());
  ASSERT_THAT(ChangeAward([](v1::MlsAward& award) { award.set_payee_reference("acct-new"); }), IsOk());
  ASSERT_THAT(Export(kApril, "2026-04-21"), IsOk());
  ASSERT_NO_FATAL_FAILURE(PayTheRest());
  ASSERT_THAT(Create("2026-05-01"), IsOk());
  const auto may = Calculate(kMay, "2026-05-20");
  ASSERT_THAT(may, IsOk());
  EXPECT_EQ(may->total_fen(), 2 * 97'667 + 20'000);
  const PaymentLine april = Line("c-1-202604-regular-regular-2");
  EXPECT_EQ(april.payee_reference(), "acct-new");
  EXPECT_EQ(april.state(), v1::PAYMENT_LINE_STATE_PENDING);
}

TEST_F(RecheckTest, ARecoveryIsNotHeldForWhatSpeaksAgainstPaying) {
  ASSERT_THAT(RunToSent("2026-04-01", "2026-04-20"), IsOk());
  ASSERT_THAT(Return(kApril, ReturnFor(kApril, "2026-04-24"), "2026-04-25"), IsOk());
  ASSERT_THAT(EndAward("c-1-202604", "2026-03-01"), IsOk());
  const auto batch = Create("2026-06-01", "RECOVERY");
  ASSERT_THAT(batch, IsOk());
  ASSERT_THAT((Call<PaymentLine, v1::AddRecoveryLineRequest>(absl::StrCat(
                  "name: '", batch->name(), "' mls_case: 'mlsCases/c-1' component: BENEFIT_COMPONENT_REGULAR ",
                  "benefit_month ", DateText("2026-04-01"), " amount_fen: 97667 decision { reference: '追缴1号' ",
                  "decider: 'members/li' evidence: '工资单' monthly_cap_fen: 100000 decided_on ",
                  DateText("2026-06-10"), " hearing_on ", DateText("2026-06-09"), " evidence_month ",
                  DateText("2026-04-01"), " notice_on ", DateText("2026-06-10"), " }"))),
              IsOk());
  ASSERT_THAT(Calculate(batch->name(), "2026-06-20"), IsOk());
  ASSERT_THAT(Die("zhang-1", "2026-06-19"), IsOk());
  const auto sent = FromCalculatedToSent(batch->name(), "2026-06-21");
  ASSERT_THAT(sent, IsOk());
  EXPECT_EQ(sent->held_count(), 0);
}

}  // namespace
}  // namespace dangjian::welfare
