#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/types/date.h"
#include "common/types/quantity.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/stop_list_entry.pb.h"
#include "services/welfare/testing/payment_harness.h"

namespace dangjian::welfare {
namespace {

using testing::IsOk;
using v1::PaymentBatch;
using v1::PaymentLine;

constexpr char kDay[] = "2026-11-20";
constexpr int kCases = 4;
constexpr int kMonths = 6;
constexpr int kOperations = 600;

// Random money operations on a few families: awards that rise and fall, deaths, stop lists, suspensions and new
// accounts at any moment, runs of every kind in any order, holds and releases before and after approvals, returns that
// are partial, late, repeated, foreign and contradict themselves, disputes, failures, cancellations and recoveries.
class PaymentPropertyTest : public PaymentTest, public ::testing::WithParamInterface<uint32_t> {
 protected:
  int Pick(int below) { return static_cast<int>(random_() % static_cast<uint32_t>(below)); }
  static std::string MonthOf(int number) { return absl::StrFormat("2026-%02d-01", number); }
  static std::string CaseOf(int number) { return absl::StrCat("c-", number); }

  // A new decision from January on takes the place of the one before.
  void Decide(int family) {
    if (decisions_[family] > 0) {
      const std::string id =
          absl::StrCat(CaseOf(family), "-202601", decisions_[family] > 1 ? absl::StrCat("-", decisions_[family]) : "");
      ASSERT_THAT(EndAward(id, "2025-12-01"), IsOk());
    }
    const int64_t fen = 100 * (1 + Pick(9));
    due_[family] = fen;
    most_[family] = std::max(most_[family], fen);
    ASSERT_THAT(AddAward(CaseOf(family), absl::StrCat("h-", 10 + family), "2026-01-01", "", fen, ++decisions_[family],
                         absl::StrCat("persons: 'residents/p-", family, "' payee_reference: '", account_[family], "'")),
                IsOk());
  }

  void AddFamily(int family) {
    ASSERT_THAT(AddHousehold(absl::StrCat("h-", 10 + family), "east"), IsOk());
    ASSERT_THAT(AddResident(absl::StrCat("p-", family), "east", absl::StrCat("h-", 10 + family), "01"), IsOk());
    auto row = testing::Proto<v1::MlsCase>(absl::StrCat(
        "name: 'mlsCases/", CaseOf(family), "' organization: 'organizations/east' household: 'households/h-",
        10 + family, "' state: MLS_CASE_STATE_ACTIVE"));
    ASSERT_THAT(
        database_.Write([&](storage::Transaction& txn) { return database_->FindTable("mlsCases")->Insert(txn, row); }),
        IsOk());
    account_[family] = absl::StrCat("acct-", family);
    ASSERT_NO_FATAL_FAILURE(Decide(family));
  }

  // Something comes up that speaks against paying a family, or passes.
  void ComeUp(int family) {
    switch (Pick(4)) {
      case 0:
        if (dead_[family]) return;
        dead_[family] = true;
        objected_[family] = ++time_;
        ASSERT_THAT(ChangeResident(absl::StrCat("p-", family),
                                   [](registry::v1::Resident& row) {
                                     row.set_state(registry::v1::RESIDENT_STATE_DECEASED);
                                     *row.mutable_ended_on() = DayToProto(Day::Of(2026, 11, 1));
                                   }),
                    IsOk());
        return;
      case 1:
        objected_[family] = ++time_;
        ASSERT_THAT(
            (Call<v1::StopListEntry, v1::CreateStopListEntryRequest>(absl::StrCat(
                "stop_list_entry { resident: 'residents/p-", family,
                "' reason: STOP_LIST_REASON_IN_CUSTODY source: '比对' start_date ", DateText("2026-11-01"), " }"))),
            IsOk());
        return;
      case 2:
        return SetSuspended(family, !suspended_[family]);
      default:
        account_[family] = absl::StrCat("acct-", family, "-", ++time_);
        for (int decision = 1; decision <= decisions_[family]; ++decision) {
          ASSERT_THAT(Tamper<v1::MlsAward>("mlsAwards",
                                           absl::StrCat("mlsAwards/", CaseOf(family), "-202601",
                                                        decision > 1 ? absl::StrCat("-", decision) : ""),
                                           [&](v1::MlsAward& award) { award.set_payee_reference(account_[family]); }),
                      IsOk());
        }
    }
  }

  void SetSuspended(int family, bool suspended) {
    suspended_[family] = suspended;
    ASSERT_THAT(
        Tamper<v1::MlsCase>("mlsCases", absl::StrCat("mlsCases/", CaseOf(family)),
                            [&](v1::MlsCase& row) {
                              row.set_state(suspended ? v1::MLS_CASE_STATE_SUSPENDED : v1::MLS_CASE_STATE_ACTIVE);
                            }),
        IsOk());
  }

  // When somebody last looked at the line, or at the held one whose place it takes; 0 when nobody did.
  int LookedAt(const PaymentLine& line) {
    int looked = 0;
    if (const auto found = released_.find(line.name()); found != released_.end()) looked = found->second;
    for (const std::string& before : line.held_before()) looked = std::max(looked, LookedAt(Line(IdOf(before))));
    return looked;
  }

  // What the family gave back for the month of the line: where the bank then took back the payment, it is owed as well.
  int64_t CollectedFen(const PaymentLine& line) {
    int64_t collected = 0;
    for (const PaymentLine& other : AllLines()) {
      const bool same = other.mls_case() == line.mls_case() &&
                        DayOr(other.benefit_month(), Day()) == DayOr(line.benefit_month(), Day());
      if (same && IsRecovery(other) && other.state() == v1::PAYMENT_LINE_STATE_PAID) collected -= other.amount_fen();
    }
    return collected;
  }

  // What goes to the bank is right as things stand at this moment.
  void CheckFile(const std::string& name) {
    for (const PaymentLine& line : Lines(name)) {
      if (IsRecovery(line) || line.state() == v1::PAYMENT_LINE_STATE_HELD) continue;
      const int family = line.mls_case().back() - '0';
      ASSERT_EQ(line.payee_reference(), account_[family]) << line.name() << " goes to an account of before";
      ASSERT_FALSE(suspended_[family]) << line.name() << " goes to a suspended family";
      ASSERT_LE(line.amount_fen(), due_[family] + CollectedFen(line)) << line.name() << " pays more than is due";
      const bool known = objected_[family] == 0 || objected_[family] < LookedAt(line);
      ASSERT_TRUE(known) << line.name() << ": what came up at " << objected_[family] << " was looked at by nobody";
    }
  }

  void Open(const std::string& month, const std::string& kind, int sequence) {
    const auto batch = Create(month, kind, absl::StrCat("sequence: ", sequence));
    ASSERT_THAT(batch, IsOk());
    open_.push_back(batch->name());
  }

  void AskBack() {
    const int family = Pick(kCases);
    const auto batch = Create("2026-10-01", "RECOVERY", absl::StrCat("sequence: ", ++recoveries_));
    ASSERT_THAT(batch, IsOk());
    open_.push_back(batch->name());
    for (int month = 1; month <= kMonths; ++month) {
      // Refused where nothing was overpaid: that is the property.
      const auto line = Call<PaymentLine, v1::AddRecoveryLineRequest>(absl::StrCat(
          "name: '", batch->name(), "' mls_case: 'mlsCases/", CaseOf(family),
          "' component: BENEFIT_COMPONENT_REGULAR amount_fen: ", 50 * (1 + Pick(6)), " benefit_month ",
          server::DateText(MonthOf(month)), " decision { reference: '追缴' decider: 'members/li' evidence: '工资单' ",
          "monthly_cap_fen: 100000 decided_on ", server::DateText("2026-11-10"), " hearing_on ",
          server::DateText("2026-11-09"), " notice_on ", server::DateText("2026-11-10"), " evidence_month ",
          server::DateText(MonthOf(month)), " }"));
      EXPECT_THAT(line, ::testing::AnyOf(IsOk(), testing::HasReason("RECOVERY_EXCEEDS_OVERPAYMENT"),
                                         testing::HasReason("LINE_DISPUTED")));
    }
  }

  static std::string RowOf(const PaymentLine& line, bool paid, const std::string& day) {
    return absl::StrCat(line.name().substr(line.name().find('/') + 1), paid ? ",PAID,," : ",FAILED,销户,", day, ",",
                        FormatDecimal(line.amount_fen(), 2), "\n");
  }

  // What the bank says of a line that it has answered: mostly the same again, and now and then anything.
  std::string AnotherRowOf(const PaymentLine& line) {
    const bool paid = line.state() == v1::PAYMENT_LINE_STATE_PAID;
    if (Pick(2) != 0) return RowOf(line, paid, FormatDay(DayOr(line.settled_on(), Day())));
    const bool again = Pick(3) == 0;  // by itself: compilers differ in the order of arguments
    return RowOf(line, again ? paid : !paid, absl::StrFormat("2026-11-%02d", 10 + Pick(11)));
  }

  // The bank answers for some lines, in any order, some twice, some of another bank's customers. With `all_paid` it
  // pays what is open and says nothing else.
  std::string SomeRows(const std::string& name, bool all_paid) {
    std::vector<std::string> rows;
    for (const PaymentLine& line : Lines(name)) {
      if (line.state() == v1::PAYMENT_LINE_STATE_HELD || (!all_paid && Pick(3) == 0)) continue;
      const bool open = line.state() == v1::PAYMENT_LINE_STATE_PENDING;
      if (all_paid && !open) continue;
      const std::string row = open ? RowOf(line, all_paid || Pick(4) != 0, kDay) : AnotherRowOf(line);
      rows.push_back(row);
      if (Pick(3) == 0) rows.push_back(row);
    }
    rows.push_back("nobody-202601-regular-regular-1,PAID,,2026-11-20,1.00\n");
    if (!all_paid) std::shuffle(rows.begin(), rows.end(), random_);
    std::string content;
    for (const std::string& row : rows) content += row;
    return content;
  }

  static bool IsRecovery(const PaymentLine& line) { return line.run_kind() == v1::PAYMENT_RUN_KIND_RECOVERY; }

  // Two persons settle a line about which the bank contradicts itself, to whatever they find.
  void SettleDispute(const PaymentLine& line, bool paid) {
    const std::string request = absl::StrCat("name: '", line.name(), "' outcome: PAYMENT_LINE_STATE_",
                                             paid ? "PAID" : "FAILED", " occurred_on ", server::DateText(kDay), " ");
    ASSERT_THAT(client().Call<PaymentLine>(testing::Proto<v1::ProposePaymentLineOutcomeRequest>(
                                               absl::StrCat(request, "proposer: 'members/wang' note: '银行说明'")),
                                           {.metadata = {{"dangjian-caller", "wang"}}}),
                IsOk());
    const auto settled = client().Call<PaymentLine>(
        testing::Proto<v1::ConfirmPaymentLineOutcomeRequest>(absl::StrCat(request, "confirmer: 'members/li'")),
        {.metadata = {{"dangjian-caller", "li"}}});
    if (settled.ok()) {
      ++settled_;
      return;
    }
    ASSERT_THAT(settled, testing::HasReason("REISSUE_STANDS"));
    ASSERT_NE(paid, IsRecovery(line)) << "what leaves the month worse paid may always stand";
  }

  // With `finish` all disputes, else about half.
  void SettleDisputes(bool finish) {
    for (const PaymentLine& line : AllLines()) {
      if (!line.disputed() || (!finish && Pick(2) == 0)) continue;
      ASSERT_NO_FATAL_FAILURE(SettleDispute(line, Pick(2) == 0));
      if (!finish || !Line(IdOf(line.name())).disputed()) continue;
      ASSERT_NO_FATAL_FAILURE(SettleDispute(line, IsRecovery(line)));
    }
  }

  static std::string IdOf(const std::string& name) { return name.substr(name.find('/') + 1); }

  bool PaysPaidLine(const PaymentLine& line) {
    for (std::string failed = line.reissue_of(); !failed.empty();) {
      const PaymentLine before = Line(IdOf(failed));
      if (before.state() == v1::PAYMENT_LINE_STATE_PAID) return true;
      failed = before.reissue_of();
    }
    return false;
  }

  // A step of a batch that a dispute may stop. What is no longer overpaid is not asked back: the batch is cancelled.
  void Expect(const std::string& name, const absl::StatusOr<PaymentBatch>& step) {
    if (::testing::Value(step, testing::HasReason("RECOVERY_EXCEEDS_OVERPAYMENT"))) {
      ASSERT_THAT(Cancel(name, kDay), IsOk());
      return;
    }
    EXPECT_THAT(step, ::testing::AnyOf(IsOk(), testing::HasReason("LINE_DISPUTED")));
    if (step.ok() && step->held_by_recheck() > 0) ++rechecked_;
  }

  void ApproveOrHold(const std::string& name) {
    const auto approved = Approve(name, kDay);
    if (!::testing::Value(approved, testing::HasReason("REISSUED_LINE_PAID"))) return Expect(name, approved);
    for (const PaymentLine& line : Lines(name)) {
      if (line.state() != v1::PAYMENT_LINE_STATE_PENDING || !PaysPaidLine(line)) continue;
      ASSERT_THAT(Hold(line), IsOk());
    }
  }

  absl::StatusOr<PaymentLine> Hold(const PaymentLine& line) {
    return Call<PaymentLine, v1::HoldPaymentLineRequest>(absl::StrCat("name: '", line.name(), "' note: '核实'"));
  }

  void ReleaseHolds(const std::string& name) {
    for (const PaymentLine& line : Lines(name)) {
      if (line.state() != v1::PAYMENT_LINE_STATE_HELD || PaysPaidLine(line)) continue;
      ASSERT_NO_FATAL_FAILURE(Release(line));
    }
  }

  // What is not due as it stands, or was taken up by a later run, stays held.
  void Release(const PaymentLine& line) {
    const auto released =
        Call<PaymentLine, v1::ReleasePaymentLineRequest>(absl::StrCat("name: '", line.name(), "' note: '无误'"));
    ASSERT_THAT(released,
                ::testing::AnyOf(IsOk(), testing::HasReason("LINE_NOT_DUE"), testing::HasReason("ILLEGAL_TRANSITION"),
                                 testing::HasReason("BATCH_APPROVED")));
    if (released.ok()) released_[line.name()] = ++time_;
    if (released.ok() && released->released()) ++released_late_;
  }

  // Somebody looks at a line, whatever its batch has come to.
  void ReleaseOne() {
    std::vector<PaymentLine> held = AllLines();
    std::erase_if(held, [](const PaymentLine& line) { return line.state() != v1::PAYMENT_LINE_STATE_HELD; });
    if (!held.empty()) Release(held[static_cast<size_t>(Pick(static_cast<int>(held.size())))]);
  }

  // One step of an open batch. With `finish` the shortest way to its end.
  void Advance(const std::string& name, bool finish) {
    const PaymentBatch batch = Batch(name);
    const bool cancels = !finish && batch.state() <= v1::PAYMENT_BATCH_STATE_APPROVED && Pick(12) == 0;
    if (cancels) {
      ASSERT_THAT(Cancel(name, kDay), IsOk());
      if (batch.run_kind() == v1::PAYMENT_RUN_KIND_REGULAR) {
        Open(FormatDay(DayOr(batch.benefit_month(), Day())), "REGULAR", batch.sequence() + 1);
      }
      return;
    }
    switch (batch.state()) {
      case v1::PAYMENT_BATCH_STATE_DRAFT:
        ASSERT_THAT(Calculate(name, kDay, finish ? 0 : 1 + Pick(6)), IsOk());
        break;
      case v1::PAYMENT_BATCH_STATE_CALCULATED:
        ASSERT_NO_FATAL_FAILURE(finish ? ReleaseHolds(name) : HoldSome(name));
        Expect(name, Review(name, kDay));
        break;
      case v1::PAYMENT_BATCH_STATE_REVIEWED:
        ASSERT_NO_FATAL_FAILURE(ApproveOrHold(name));
        break;
      case v1::PAYMENT_BATCH_STATE_APPROVED: {
        const auto exported = Export(name, kDay);
        Expect(name, exported);
        if (exported.ok() && exported->state() == v1::PAYMENT_BATCH_STATE_EXPORTED) {
          ASSERT_NO_FATAL_FAILURE(CheckFile(name));
        }
        break;
      }
      case v1::PAYMENT_BATCH_STATE_EXPORTED:
        ASSERT_THAT(Send(name, kDay), IsOk());
        break;
      case v1::PAYMENT_BATCH_STATE_CANCELLED:
        break;
      default:
        ASSERT_THAT(Return(name, SomeRows(name, finish), kDay), IsOk());
        if (Settle(name, kDay).ok()) Return(name, SomeRows(name, finish), kDay).IgnoreError();
        break;
    }
  }

  void HoldSome(const std::string& name) {
    for (const PaymentLine& line : Lines(name)) {
      if (Pick(6) != 0) continue;
      ASSERT_THAT(Hold(line), ::testing::AnyOf(IsOk(), testing::HasReason("ILLEGAL_TRANSITION")));
    }
  }

  // The batches that are under way, and those that are being settled or are to be told more.
  std::vector<std::string> Running() {
    std::vector<std::string> running = open_;
    std::erase_if(running, [this](const std::string& name) {
      const v1::PaymentBatchState state = Batch(name).state();
      const bool ended = state == v1::PAYMENT_BATCH_STATE_SETTLED || state == v1::PAYMENT_BATCH_STATE_CANCELLED;
      return ended && Pick(8) != 0;
    });
    return running;
  }

  void Operate() {
    const std::vector<std::string> running = Running();
    const bool busy = running.size() >= 6;
    switch (Pick(16)) {
      case 0:
        return Decide(Pick(kCases));
      case 1:
        if (month_ <= kMonths) Open(MonthOf(month_++), "REGULAR", 1);
        return;
      case 2:
        return busy ? void() : Open("2026-10-01", Pick(2) == 0 ? "ARREARS" : "CORRECTION", ++arrears_);
      case 3:
        return busy ? void() : AskBack();
      case 4:
        return SettleDisputes(false);
      case 5:
        if (Pick(4) == 0) ComeUp(Pick(kCases));
        return;
      case 6:
      case 7:
        return ReleaseOne();
      default:
        if (!running.empty()) Advance(running[static_cast<size_t>(Pick(static_cast<int>(running.size())))], false);
    }
  }

  void Finish(const std::string& name) {
    for (int step = 0; step < 16; ++step) {
      ASSERT_NO_FATAL_FAILURE(SettleDisputes(true));
      const v1::PaymentBatchState state = Batch(name).state();
      if (state == v1::PAYMENT_BATCH_STATE_SETTLED || state == v1::PAYMENT_BATCH_STATE_CANCELLED) return;
      ASSERT_NO_FATAL_FAILURE(Advance(name, true));
    }
    FAIL() << name << " does not settle";
  }

  void CheckInvariants() {
    const ledger_rules::Balances balances = Balances();
    int64_t sum = 0;
    for (const int64_t balance : balances) sum += balance;
    ASSERT_EQ(sum, 0);
    std::map<std::pair<std::string, Day>, int64_t> net;
    // Of these the bank itself paid twice, or took a collection back; the lines say so.
    std::set<std::pair<std::string, Day>> odd;
    std::set<std::pair<std::string, Day>> contradicted;
    int64_t paid = 0;
    for (const PaymentLine& line : AllLines()) {
      const std::pair<std::string, Day> key = {line.mls_case(), DayOr(line.benefit_month(), Day())};
      const bool recovery = line.run_kind() == v1::PAYMENT_RUN_KIND_RECOVERY;
      if (!line.bank_answers().empty()) contradicted.insert(key);
      if (line.paid_after_reissue() || (recovery && !line.bank_answers().empty())) odd.insert(key);
      if (line.state() != v1::PAYMENT_LINE_STATE_PAID) continue;
      net[{line.mls_case(), DayOr(line.benefit_month(), Day())}] += line.amount_fen();
      paid += line.amount_fen();
    }
    for (int family = 0; family < kCases; ++family) {
      for (int month = 1; month <= kMonths; ++month) {
        const std::pair<std::string, Day> key = {absl::StrCat("mlsCases/", CaseOf(family)), Day::Of(2026, month, 1)};
        if (!odd.contains(key)) {
          ASSERT_LE(net[key], most_[family]) << CaseOf(family) << " was paid twice for month " << month;
        }
        if (!contradicted.contains(key)) {
          ASSERT_GE(net[key], 0) << CaseOf(family) << " paid back more than it got for month " << month;
        }
      }
    }
    const int64_t outside = balances[v1::LEDGER_ACCOUNT_PAID] + balances[v1::LEDGER_ACCOUNT_RECOVERY_RECEIVABLE];
    ASSERT_EQ(outside, paid) << "the ledger and the lines differ";
  }

  std::mt19937 random_{GetParam()};
  std::vector<std::string> open_;
  int month_ = 1;
  int arrears_ = 0;
  int recoveries_ = 0;
  int settled_ = 0;                      // disputes
  int rechecked_ = 0;                    // approvals and exports that held lines instead
  int released_late_ = 0;                // lines of approved batches
  int time_ = 0;                         // of what came up and who looked at it, in their order
  std::map<std::string, int> released_;  // line → when it was last released
  std::string account_[kCases];
  bool suspended_[kCases] = {};
  bool dead_[kCases] = {};
  int objected_[kCases] = {};  // when something last came up that a release passes over
  int decisions_[kCases] = {};
  int64_t due_[kCases] = {};
  int64_t most_[kCases] = {};
};

TEST_P(PaymentPropertyTest, TheLedgerStaysAtZeroNobodyIsPaidTwiceAndNobodyIsLeftOut) {
  for (int family = 0; family < kCases; ++family) {
    ASSERT_NO_FATAL_FAILURE(AddFamily(family));
  }
  for (int i = 0; i < kOperations; ++i) {
    ASSERT_NO_FATAL_FAILURE(Operate()) << "operation " << i;
    ASSERT_NO_FATAL_FAILURE(CheckInvariants()) << "operation " << i;
  }
  for (int family = 0; family < kCases; ++family) ASSERT_NO_FATAL_FAILURE(SetSuspended(family, false));
  while (month_ <= kMonths + 1) ASSERT_NO_FATAL_FAILURE(Open(MonthOf(month_++), "REGULAR", 1));
  for (size_t i = 0; i < open_.size(); ++i) ASSERT_NO_FATAL_FAILURE(Finish(open_[i]));
  // What failed comes again in the next month, what was held or falls short in arrears.
  ASSERT_NO_FATAL_FAILURE(Open(MonthOf(kMonths + 2), "REGULAR", 1));
  ASSERT_NO_FATAL_FAILURE(Finish(open_.back()));
  ASSERT_NO_FATAL_FAILURE(Open("2026-10-01", "ARREARS", ++arrears_));
  ASSERT_NO_FATAL_FAILURE(Finish(open_.back()));
  ASSERT_NO_FATAL_FAILURE(CheckInvariants());
  std::map<std::pair<std::string, Day>, int64_t> net;
  for (const PaymentLine& line : AllLines()) {
    if (line.state() != v1::PAYMENT_LINE_STATE_PAID) continue;
    net[{line.mls_case(), DayOr(line.benefit_month(), Day())}] += line.amount_fen();
  }
  for (int family = 0; family < kCases; ++family) {
    for (int month = 1; month <= kMonths; ++month) {
      const int64_t paid = net[{absl::StrCat("mlsCases/", CaseOf(family)), Day::Of(2026, month, 1)}];
      EXPECT_GE(paid, due_[family]) << CaseOf(family) << " was left out in month " << month;
    }
  }
  EXPECT_GT(settled_, 0) << "the bank contradicted itself";
  EXPECT_GT(rechecked_, 0) << "things came up on the way to the bank";
  EXPECT_GT(released_late_, 0) << "holds were ended after approvals";
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_IN_TRANSIT), 0);
  EXPECT_EQ(Balance(v1::LEDGER_ACCOUNT_PAYABLE), 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PaymentPropertyTest, ::testing::Values(1, 2, 3, 5, 8, 21));

}  // namespace
}  // namespace dangjian::welfare
