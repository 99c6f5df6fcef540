#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/server/testing/random_operations.h"
#include "common/types/date.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/mls_rule_set.pb.h"
#include "services/welfare/testing/payment_harness.h"
#include "services/welfare/testing/recount_operations.h"

// Random work on every entity, refused or not, while committees and branches move between communities and people and
// households are merged and parted again: after it each kept figure equals a recount of the records.

namespace dangjian::welfare {
namespace {

using server::RandomOperation;
using server::RandomOperations;
using testing::IsOk;

constexpr char kPackage[] = "dangjian.welfare.v1";
constexpr char kRules[] =
    " standard_fen: 68000 method: MLS_METHOD_DIFFERENCE work_cost_bp: 1000 stacking: MLS_STACKING_HIGHEST_ONLY clocks "
    "{ "
    "start_survey: 3 start_check: 3 county_opinion: 10 refusal_notice: 3 whole: 30 whole_special: 45 } "
    "publicity_days: 7 publicity_day_kind: MLS_DAY_KIND_NATURAL review_months_stable: 12 review_months_irregular: 6 "
    "grace_months: 2 grace_pays_former_amount: true refusals_before_cut: 1";
constexpr int kPaidFamilies = 3;
constexpr size_t kSlots = 6;

// The family of each case at work; two have a person in common.
struct Family {
  std::string household;
  std::vector<std::string> persons;
};
const std::array<Family, kSlots>& Families() {
  static const auto* const kFamilies = new std::array<Family, kSlots>{{{"h-1", {"zhang-1", "zhang-2"}},
                                                                       {"h-2", {"chen-1"}},
                                                                       {"h-3", {"gao-1"}},
                                                                       {"h-4", {"he", "lin"}},
                                                                       {"h-4", {"sun", "lin"}},
                                                                       {"h-10", {"qian-1", "qian-2"}}}};
  return *kFamilies;
}

std::string TextOf(const Family& family) {
  std::string text;
  for (const std::string& person : family.persons) {
    absl::StrAppend(&text, "family { resident: 'residents/", person, "' category: MLS_FAMILY_CATEGORY_COUNTED ",
                    "able_to_work: true authorised_on ", DateText("2020-01-01"), " } ");
  }
  return text;
}

// What ends records is called less often than the rest, so that they live. The steps of cases are called on any case
// too, most often in vain.
std::vector<RandomOperation> AllOperations() {
  std::vector<RandomOperation> operations = RecountOperations();
  for (const RandomOperation& each : RecountOperations()) {
    const std::vector<std::string> ends = {"Delete", "Close", "Drop"};
    const auto begins_with = [&](const std::string& verb) { return absl::StartsWith(each.request, verb); };
    if (std::none_of(ends.begin(), ends.end(), begins_with)) operations.insert(operations.end(), 2, each);
  }
  for (const CaseOperation& each : RecountCaseOperations()) {
    operations.push_back(
        {each.operation.request, absl::StrReplaceAll(each.operation.fields, {{"@case", "m-<0..5>-<0..3>"},
                                                                             {"@family", TextOf(Families()[0])},
                                                                             {"@person", "residents/zhang-1"},
                                                                             {"@next", "@day"},
                                                                             {"@soon", "@day"},
                                                                             {"@later", "@day"},
                                                                             {"@hearing", "1"},
                                                                             {"@decision", "1"}})});
  }
  return operations;
}

bool IsOver(v1::MlsCaseState state) {
  return state == v1::MLS_CASE_STATE_NOT_CONFIRMED || state >= v1::MLS_CASE_STATE_STOPPED;
}

class RecountPropertyTest : public server::RecountTest<PaymentTest> {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(PaymentTest::SetUp());
    for (int family = 0; family < kPaidFamilies; ++family) {
      ASSERT_THAT(AddHousehold(absl::StrCat("h-1", family), "east"), IsOk());
    }
    ASSERT_THAT(AddHousehold("h-4", "east-committee"), IsOk());
    for (const char* id : {"he", "he-2", "lin", "sun", "zhou"}) AddPerson(id, "1980-05-01");
    AddPerson("boy", "2012-03-03");
    ASSERT_THAT(AddResident("qian-1", "east", "h-10", "01"), IsOk());
    ASSERT_THAT(AddResident("qian-2", "east", "h-10", "20"), IsOk());
    ASSERT_THAT((Call<v1::MlsRuleSet, v1::CreateMlsRuleSetRequest>(
                    absl::StrCat("mls_rule_set_id: 'old' mls_rule_set { version: 1 organization: "
                                 "'organizations/street' effective_from ",
                                 DateText("2025-01-01"), kRules, " }"))),
                IsOk());
  }

  void AddPerson(const std::string& id, const std::string& born) {
    auto row = testing::Proto<registry::v1::Resident>(absl::StrCat(
        "name: 'residents/", id, "' display_name: '居民' sex: SEX_MALE birth_date ", DateText(born),
        " state: RESIDENT_STATE_REGISTERED residences { organization: 'organizations/east-committee' kind: "
        "RESIDENCE_KIND_PERMANENT start_date ",
        DateText("2000-01-01"), " } memberships { household: 'households/h-4' relation_code: '99' start_date ",
        DateText("2000-01-01"), " }"));
    ASSERT_THAT(database_.Write([&](storage::Transaction& txn) { return directory().residents().Insert(txn, row); }),
                IsOk());
  }

  void MoveAndMerge(RandomOperations& random) {
    ASSERT_THAT(MoveOrganization(random.Expand("<east-branch|east-committee>"), random.Expand("<east|west>"),
                                 Day::Of(2026, 1, 1) + random.Pick(330)),
                IsOk());
    ASSERT_THAT(LinkToMember("residents/gao-1", random.Expand("<|members/li>")), IsOk());
    ASSERT_THAT(MergeResident("zhang-2", random.Expand("<|zhang-1|chen-1>")), IsOk());
    ASSERT_THAT(MergeResident("chen-1", random.Expand("<||gao-1>")), IsOk());
    ASSERT_THAT(MergeResident("he-2", random.Expand("<|he|lin>")), IsOk());
    ASSERT_THAT(MergeHousehold("h-4", random.Expand("<||h-2>")), IsOk());
    ASSERT_THAT(MergeHousehold("h-2", random.Expand("<||h-1|h-3>")), IsOk());
  }

  // The next step of one of the cases at work, or a new case where the last one is over.
  void WorkOnCase(RandomOperations& random) {
    const auto slot = static_cast<size_t>(random.Pick(kSlots));
    const std::string id = absl::StrCat("m-", slot, "-", generation_[slot]);
    const Family& family = Families()[slot];
    const auto row = Call<v1::MlsCase, v1::GetMlsCaseRequest>(absl::StrCat("name: 'mlsCases/", id, "'"));
    if (!row.ok()) {
      const RandomOperation create = {
          "CreateMlsCaseRequest",
          absl::StrCat("mls_case_id: '", id, "' mls_case { organization: 'organizations/east' household: 'households/",
                       family.household, "' applicant: 'residents/", family.persons[0],
                       "' payee_name: '某某' payee_reference: 'token-", slot, "' inputs { ", TextOf(family), "} }")};
      return random.Make(create);
    }
    if (IsOver(row->state()) && random.Pick(3) == 0) ++generation_[slot];
    const std::string state = v1::MlsCaseState_Name(row->state()).substr(std::string("MLS_CASE_STATE_").size());
    std::vector<RandomOperation> legal;
    for (const CaseOperation& each : RecountCaseOperations()) {
      const std::vector<std::string> states = absl::StrSplit(each.states, ' ');
      if (std::find(states.begin(), states.end(), state) == states.end()) continue;
      legal.push_back({each.operation.request, Fill(each.operation.fields, id, family, *row, random)});
    }
    // What was never accepted goes before, for its state may not come again.
    const std::vector<std::string> wanted = random.NeverAccepted(legal);
    const auto is_old = [&](const RandomOperation& operation) {
      return std::find(wanted.begin(), wanted.end(), operation.request) == wanted.end();
    };
    if (!wanted.empty() && random.Pick(3) == 0) std::erase_if(legal, is_old);
    if (!legal.empty()) random.Make(legal[static_cast<size_t>(random.Pick(static_cast<int>(legal.size())))]);
  }

  static std::string Fill(const std::string& fields, const std::string& id, const Family& family,
                          const v1::MlsCase& row, RandomOperations& random) {
    const Day today = Day::Of(2026, 11, 20);
    const Day last =
        row.transitions().empty() ? Day::Of(2025, 9, 1) + random.Pick(250) : LastStepDay(row.transitions());
    const auto day = [&](int after) { return DateText(FormatDay(std::min(today, last + after))); };
    const std::string& person =
        family.persons[static_cast<size_t>(random.Pick(static_cast<int>(family.persons.size())))];
    return absl::StrReplaceAll(fields, {{"@case", id},
                                        {"@family", TextOf(family)},
                                        {"@person", absl::StrCat("residents/", person)},
                                        {"@next", day(random.Pick(2))},
                                        {"@soon", day(1 + random.Pick(3))},
                                        {"@later", day(7 + random.Pick(15))},
                                        {"@hearing", absl::StrCat(std::max(1, row.hearings_size()))},
                                        {"@decision", absl::StrCat(std::max(1, row.decisions_size()))}});
  }

  // Payments may be refused, but by a rule.
  template <class Result>
  void Try(const Result& result) {
    const absl::Status& status = result.status();
    EXPECT_FALSE(absl::IsInternal(status) || absl::IsUnknown(status) || absl::IsDataLoss(status)) << status;
  }

  // A new decision from January on takes the place of the one before.
  void Decide(RandomOperations& random) {
    const int family = random.Pick(kPaidFamilies);
    const int number = ++decisions_[static_cast<size_t>(family)];
    if (number > 1) {
      const std::string before = absl::StrCat("c-", family, "-202601", number > 2 ? absl::StrCat("-", number - 1) : "");
      ASSERT_THAT(EndAward(before, "2025-12-01"), IsOk());
    }
    ASSERT_THAT(AddAward(absl::StrCat("c-", family), absl::StrCat("h-1", family), "2026-01-01", "",
                         100 * (1 + random.Pick(9)), number),
                IsOk());
  }

  void OpenBatch(RandomOperations& random) {
    const std::string kind = random.Expand("<REGULAR|REGULAR|ARREARS|CORRECTION|RECOVERY>");
    const std::string month = absl::StrFormat("2026-%02d-01", 1 + random.Pick(10));
    const int sequence = kind == "REGULAR" ? 1 + random.Pick(2) : ++runs_;
    const auto batch = Create(month, kind, absl::StrCat("sequence: ", sequence));
    Try(batch);
    if (!batch.ok()) return;
    batches_.insert(batch->name());
    if (kind != "RECOVERY") return;
    for (int family = 0; family < kPaidFamilies; ++family) {
      const std::string first = absl::StrFormat("2026-%02d-01", 1 + random.Pick(9));
      Try(Call<v1::PaymentLine, v1::AddRecoveryLineRequest>(absl::StrCat(
          "name: '", batch->name(), "' mls_case: 'mlsCases/c-", family,
          "' component: BENEFIT_COMPONENT_REGULAR amount_fen: ", 50 * (1 + random.Pick(4)), " benefit_month ",
          DateText(first), " decision { reference: '追缴' decider: 'members/li' evidence: '工资单' monthly_cap_fen: ",
          "100000 decided_on ", DateText("2026-11-10"), " hearing_on ", DateText("2026-11-09"), " notice_on ",
          DateText("2026-11-10"), " evidence_month ", DateText(first), " }")));
    }
  }

  void HoldOrRelease(RandomOperations& random, const std::string& name) {
    for (const v1::PaymentLine& line : Lines(name)) {
      if (random.Pick(4) != 0) continue;
      const std::string request = absl::StrCat("name: '", line.name(), "' note: '核实'");
      if (line.state() == v1::PAYMENT_LINE_STATE_HELD) {
        Try(Call<v1::PaymentLine, v1::ReleasePaymentLineRequest>(request));
      } else {
        Try(Call<v1::PaymentLine, v1::HoldPaymentLineRequest>(request));
      }
    }
  }

  // The bank answers, and now and then contradicts itself, which two persons settle.
  void Answer(RandomOperations& random, const std::string& name) {
    const std::string day = absl::StrFormat("2026-11-%02d", 14 + random.Pick(7));
    Try(Return(name, ReturnFor(name, day, [&](const v1::PaymentLine&) { return random.Pick(4) == 0; }), "2026-11-20"));
    for (const v1::PaymentLine& line : Lines(name)) {
      if (!line.disputed() || random.Pick(3) == 0) continue;
      const std::string request = absl::StrCat("name: '", line.name(), "' outcome: PAYMENT_LINE_STATE_",
                                               random.Expand("<PAID|FAILED>"), " occurred_on ", DateText("2026-11-20"));
      Try(CallAs<v1::PaymentLine, v1::ProposePaymentLineOutcomeRequest>(
          "wang", absl::StrCat(request, " proposer: 'members/wang' note: '银行说明'")));
      Try(CallAs<v1::PaymentLine, v1::ConfirmPaymentLineOutcomeRequest>(
          "li", absl::StrCat(request, " confirmer: 'members/li'")));
    }
    Try(Settle(name, "2026-11-20"));
  }

  // One step of a batch.
  void WorkOnBatch(RandomOperations& random) {
    if (batches_.empty()) return;
    const std::string name = *std::next(batches_.begin(), random.Pick(static_cast<int>(batches_.size())));
    if (random.Pick(15) == 0) Try(Cancel(name, "2026-11-20"));
    switch (Batch(name).state()) {
      case v1::PAYMENT_BATCH_STATE_DRAFT:
        return Try(Calculate(name, "2026-11-10", random.Pick(3)));
      case v1::PAYMENT_BATCH_STATE_CALCULATED:
        HoldOrRelease(random, name);
        return Try(Review(name, "2026-11-11", "note: '已核对'"));
      case v1::PAYMENT_BATCH_STATE_REVIEWED:
        return Try(Approve(name, "2026-11-12"));
      case v1::PAYMENT_BATCH_STATE_APPROVED:
        return Try(Export(name, random.Expand("2026-11-<12..13>")));
      case v1::PAYMENT_BATCH_STATE_EXPORTED:
        return Try(Send(name, "2026-11-14"));
      case v1::PAYMENT_BATCH_STATE_CANCELLED:
        return;
      default:
        return Answer(random, name);
    }
  }

  std::array<int, kSlots> generation_ = {};
  std::array<int, kPaidFamilies> decisions_ = {};
  absl::btree_set<std::string> batches_;
  int runs_ = 0;
};

TEST_P(RecountPropertyTest, FiguresEqualARecount) {
  const auto between = [&](RandomOperations& random) {
    ASSERT_NO_FATAL_FAILURE(MoveAndMerge(random));
    if (random.Pick(3) == 0) {
      ASSERT_NO_FATAL_FAILURE(Decide(random));
    }
    OpenBatch(random);
    for (int i = 0; i < 4; ++i) WorkOnBatch(random);
    for (int i = 0; i < 14; ++i) WorkOnCase(random);
  };
  Run(kPackage, AllOperations(), 6000, between, {"Delete", "Close", "Drop"});
}

INSTANTIATE_TEST_SUITE_P(Seeds, RecountPropertyTest, ::testing::Values(1U));

}  // namespace
}  // namespace dangjian::welfare
