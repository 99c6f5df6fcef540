#include <algorithm>
#include <limits>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/types/date.h"
#include "dangjian/welfare/v1/mls_award.pb.h"
#include "dangjian/welfare/v1/mls_benefit.pb.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/mls_coverage.pb.h"
#include "services/welfare/mls_case/mls_life.h"
#include "services/welfare/testing/harness.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;
using v1::MlsCase;

constexpr char kRules[] =
    " method: MLS_METHOD_DIFFERENCE work_cost_bp: 1000 stacking: "
    "MLS_STACKING_HIGHEST_ONLY top_ups { code: 'ELDERLY' percent_bp: 1000 } clocks { start_survey: 3 start_check: 3 "
    "county_opinion: 10 refusal_notice: 3 whole: 30 whole_special: 45 } publicity_days: 7 publicity_day_kind: "
    "MLS_DAY_KIND_NATURAL review_months_stable: 12 review_months_irregular: 6 grace_months: 6 "
    "grace_pays_former_amount: "
    "true ";
constexpr char kOther[] = " prepared_by: 'staff/zhao' decided_by: 'staff/sun' reason: '核查' ";

class MlsCaseServiceTest : public WelfareTest {
 protected:
  void SetUp() override {
    WelfareTest::SetUp();
    ASSERT_THAT(AddRules("old", "2025-01-01", 68'000), IsOk());
  }

  absl::Status AddRules(const std::string& id, const std::string& from, int64_t standard, int version = 1,
                        const std::string& organization = "street", const std::string& rules = kRules) {
    return Call<v1::MlsRuleSet, v1::CreateMlsRuleSetRequest>(
               absl::StrCat("mls_rule_set_id: '", id, "' mls_rule_set { version: ", version, " effective_from ",
                            DateText(from), " standard_fen: ", standard, " organization: 'organizations/", organization,
                            "'", rules, "}"))
        .status();
  }
  static std::string Member(const std::string& id) {
    return absl::StrCat("family { resident: 'residents/", id, "' category: MLS_FAMILY_CATEGORY_COUNTED authorised_on ",
                        DateText("2020-01-01"), " } ");
  }
  absl::StatusOr<MlsCase> Create(const std::string& id, const std::string& household,
                                 const std::vector<std::string>& persons, const std::string& more = "") {
    std::string family;
    for (const std::string& person : persons) family += Member(person);
    return Call<MlsCase, v1::CreateMlsCaseRequest>(absl::StrCat(
        "mls_case_id: '", id, "' mls_case { organization: 'organizations/east-committee' household: 'households/",
        household, "' applicant: 'residents/", persons[0], "' payee_name: '某某' payee_reference: 'token-1' inputs { ",
        family, "} ", more, " }"));
  }
  static std::string On(const std::string& id, const std::string& day) {
    return absl::StrCat("name: 'mlsCases/", id, "' occurred_on ", DateText(day), " ");
  }
  static std::string Note(const std::string& id, const std::string& day, const std::string& who = kOther) {
    return absl::StrCat("name: 'mlsCases/", id, "' note { decided_on ", DateText(day), who, " } ");
  }
  // Takes a draft as far as the county, all on days of one month.
  // Grants a case of two, one of whom then refuses work three times and loses their share from June on.
  void CutShareOfZhang2() {
    Grant("c", "h-1", {"zhang-1", "zhang-2"});
    for (const char* day : {"2026-04-10", "2026-04-20", "2026-05-10"}) {
      ASSERT_THAT((Call<MlsCase, v1::RecordMlsWorkRefusalRequest>(absl::StrCat(
                      "name: 'mlsCases/c' refusal { resident: 'residents/zhang-2' offer: '保洁' refused_on ",
                      DateText(day), " }"))),
                  IsOk());
    }
    ASSERT_THAT(Hear("c", "2026-05-20", "CAP intended_amount_fen: 68000 resident: 'residents/zhang-2'"), IsOk());
    ASSERT_THAT((Call<MlsCase, v1::CutMlsShareRequest>(Note("c", "2026-05-25") + "resident: 'residents/zhang-2'")),
                IsOk());
  }
  absl::Status ToCounty(const std::string& id, const std::string& month) {
    const std::vector<absl::Status> steps = {
        Call<MlsCase, v1::SubmitMlsCaseRequest>(On(id, month + "-02")).status(),
        Call<MlsCase, v1::AcceptMlsCaseRequest>(On(id, month + "-02")).status(),
        Call<MlsCase, v1::InvestigateMlsCaseRequest>(
            On(id, month + "-03") + "investigation { investigators: 'staff/zhao' investigators: 'staff/qian' }")
            .status(),
        Call<MlsCase, v1::RecordMlsPrelimOpinionRequest>(On(id, month + "-04") + "prepared_by: 'staff/zhao'").status(),
        Call<MlsCase, v1::PostMlsPublicityRequest>(On(id, month + "-04")).status(),
        Call<MlsCase, v1::SendMlsCaseToCountyRequest>(On(id, month + "-16")).status()};
    for (const absl::Status& step : steps) {
      if (!step.ok()) return step;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<MlsCase> Confirm(const std::string& id, const std::string& day) {
    return Call<MlsCase, v1::ConfirmMlsCaseRequest>(Note(id, day, " decided_by: 'staff/sun' "));
  }
  // A case that was granted on 18 March 2026.
  void Grant(const std::string& id, const std::string& household, const std::vector<std::string>& persons,
             const std::string& more = "") {
    ASSERT_THAT(Create(id, household, persons, more), IsOk());
    ASSERT_THAT(ToCounty(id, "2026-03"), IsOk());
    ASSERT_THAT(Confirm(id, "2026-03-18"), IsOk());
  }
  absl::Status Hear(const std::string& id, const std::string& day, const std::string& intended, int number = 1) {
    const auto notified = Call<MlsCase, v1::NotifyMlsHearingRequest>(
        absl::StrCat(On(id, day), "matter: '拟减发' intended: MLS_DECISION_KIND_", intended));
    if (!notified.ok()) return notified.status();
    return Call<MlsCase, v1::RecordMlsHearingRequest>(
               absl::StrCat(On(id, day), "number: ", number,
                            " outcome: MLS_HEARING_OUTCOME_OPINION_RECORDED opinion: '无异议'"))
        .status();
  }
  // `first to last: fen`, in the order of the awards.
  std::string AwardsOf(const std::string& id) {
    const auto page = Call<v1::ListMlsAwardsResponse, v1::ListMlsAwardsRequest>(
        absl::StrCat("page_size: 1000 mls_case: 'mlsCases/", id, "'"));
    EXPECT_THAT(page, IsOk());
    std::string text;
    for (const v1::MlsAward& award : page->mls_awards()) {
      int64_t total = 0;
      for (const v1::AwardPart& part : award.parts()) total += part.amount_fen();
      const auto month = [](const google::type::Date& date) { return absl::StrCat(date.year(), "/", date.month()); };
      absl::StrAppend(&text, text.empty() ? "" : ", ", month(award.first_month()), "-",
                      award.has_last_month() ? month(award.last_month()) : "", ": ", total);
    }
    return text;
  }
  absl::StatusOr<MlsCase> Get(const std::string& id) {
    return Call<MlsCase, v1::GetMlsCaseRequest>(absl::StrCat("name: 'mlsCases/", id, "'"));
  }
  int64_t Persons(const std::string& day) {
    return Figure("mls_persons", "street", testing::ValueOrDie(ParseDay(day)));
  }
  int64_t Households(const std::string& day) {
    return Figure("mls_households", "street", testing::ValueOrDie(ParseDay(day)));
  }
};

const DayRange kYear{Day::Of(2026, 1, 1), Day::Of(2026, 12, 31)};

TEST_F(MlsCaseServiceTest, WorkedExample2FirstMonthIsAprilAndACutNeedsAHearing) {
  Grant("c", "h-1", {"zhang-1"});
  const auto granted = Get("c");
  EXPECT_EQ(DayFromProto(granted->first_month()), Day::Of(2026, 4, 1));
  EXPECT_EQ(granted->state(), v1::MLS_CASE_STATE_ACTIVE) << "as of November";
  EXPECT_EQ(granted->decisions(0).prepared_by(), "staff/zhao");
  EXPECT_GT(granted->decisions(0).trace_size(), 2);
  EXPECT_EQ(AwardsOf("c"), "2026/4-: 68000");

  const std::string cut = Note("c", "2026-06-10") + "inputs { " + Member("zhang-1") +
                          "incomes { kind: MLS_INCOME_KIND_TRANSFER amount_fen: 120000 months: 12 } }";
  EXPECT_THAT((Call<MlsCase, v1::AdjustMlsCaseRequest>(cut)), HasReason("HEARING_REQUIRED"));
  ASSERT_THAT(Hear("c", "2026-06-10", "ADJUST intended_amount_fen: 58000"), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::AdjustMlsCaseRequest>(cut)), HasReason("HEARING_REQUIRED")) << "held on the same day";
  EXPECT_EQ(AwardsOf("c"), "2026/4-: 68000") << "nothing was stored";
  ASSERT_THAT(Hear("c", "2026-06-09", "ADJUST intended_amount_fen: 58001", 2), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::AdjustMlsCaseRequest>(cut)), HasReason("HEARING_REQUIRED")) << "on another amount";
  ASSERT_THAT(Hear("c", "2026-06-09", "ADJUST intended_amount_fen: 58000", 3), IsOk());
  const auto adjusted = Call<MlsCase, v1::AdjustMlsCaseRequest>(cut);
  ASSERT_THAT(adjusted, IsOk());
  EXPECT_EQ(adjusted->hearings(2).decision_number(), 2);
  EXPECT_EQ(DayFromProto(adjusted->next_review_due()), Day::Of(2027, 4, 30)) << "a new amount is no review";
  EXPECT_EQ(AwardsOf("c"), "2026/4-2026/6: 68000, 2026/7-: 58000");
}

TEST_F(MlsCaseServiceTest, WorkedExample2ARaiseFromJanuaryReachesBackToApril) {
  Grant("c", "h-1", {"zhang-1", "zhang-2", "chen-1"});
  EXPECT_EQ(AwardsOf("c"), "2026/4-: 204000");
  ASSERT_THAT(AddRules("raised", "2026-01-01", 72'000), IsOk());
  const auto raised = Call<MlsCase, v1::RecalculateMlsCaseRequest>(Note("c", "2026-05-20"));
  ASSERT_THAT(raised, IsOk());
  EXPECT_EQ(raised->decisions(1).rule_set(), "mlsRuleSets/raised");
  EXPECT_EQ(DayFromProto(raised->decisions(1).first_month()), Day::Of(2026, 4, 1));
  // The old award never pays; 120.00 yuan a month more from April, not from January.
  EXPECT_EQ(AwardsOf("c"), "2026/4-2026/3: 204000, 2026/4-: 216000");
  EXPECT_THAT((Call<MlsCase, v1::RecalculateMlsCaseRequest>(Note("c", "2026-05-20"))),
              HasReason("NOTHING_TO_RECALCULATE"));
}

TEST_F(MlsCaseServiceTest, EachMonthIsComputedByTheRulesOfThatMonth) {
  Grant("c", "h-1", {"zhang-1"});
  ASSERT_THAT(AddRules("may", "2026-05-01", 70'000), IsOk());
  ASSERT_THAT(AddRules("july", "2026-07-01", 75'000), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::RecalculateMlsCaseRequest>(Note("c", "2026-08-03"))), IsOk());
  EXPECT_EQ(AwardsOf("c"), "2026/4-2026/4: 68000, 2026/5-2026/6: 70000, 2026/7-: 75000");
  // A lower standard is a cut: heard first, and never for months that are due already.
  ASSERT_THAT(AddRules("lower", "2026-07-01", 60'000, 2), IsOk());
  const std::string request = Note("c", "2026-09-10");
  EXPECT_THAT((Call<MlsCase, v1::RecalculateMlsCaseRequest>(request)), HasReason("HEARING_REQUIRED"));
  ASSERT_THAT(Hear("c", "2026-09-01", "ADJUST intended_amount_fen: 60000"), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::RecalculateMlsCaseRequest>(request)), IsOk());
  EXPECT_EQ(AwardsOf("c"), "2026/4-2026/4: 68000, 2026/5-2026/6: 70000, 2026/7-2026/9: 75000, 2026/10-: 60000");
}

TEST_F(MlsCaseServiceTest, APersonIsInOneCaseOnly) {
  ASSERT_THAT(Create("c", "h-1", {"zhang-1", "zhang-2"}), IsOk());
  ASSERT_THAT(Create("d", "h-2", {"chen-1", "zhang-2"}), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("c", "2026-03-02"))), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("d", "2026-03-02"))), HasReason("PERSON_IN_TWO_CASES"));
  EXPECT_EQ(Get("d")->state(), v1::MLS_CASE_STATE_DRAFT);
  EXPECT_EQ(Figure("mls_applications", "street", kYear), 1);
  // When the first application ends, the person is free.
  ASSERT_THAT((Call<MlsCase, v1::WithdrawMlsCaseRequest>(On("c", "2026-03-03") + "reason: '放弃'")), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("d", "2026-03-02"))), IsOk());
  EXPECT_EQ(Figure("mls_applications", "street", kYear, {{0, {"WITHDRAWN"}}}), 1);
  EXPECT_EQ(Figure("mls_applications", "street", kYear, {{0, {"PENDING"}}}), 1);
}

TEST_F(MlsCaseServiceTest, ADuplicateIsInOneCaseOnly) {
  ASSERT_THAT(Create("c", "h-1", {"zhang-2"}), IsOk());
  ASSERT_THAT(Create("d", "h-2", {"chen-1"}), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("c", "2026-03-02"))), IsOk());
  ASSERT_THAT(MergeResident("zhang-2", "chen-1"), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("d", "2026-03-02"))), HasReason("PERSON_IN_TWO_CASES"));
  EXPECT_EQ(Get("d")->state(), v1::MLS_CASE_STATE_DRAFT);
  ASSERT_THAT(MergeResident("zhang-2", ""), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("d", "2026-03-02"))), IsOk());
  ASSERT_THAT(MergeResident("zhang-2", "chen-1"), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::WithdrawMlsCaseRequest>(On("c", "2026-03-03") + "reason: '重复申请'")), IsOk())
      << "either may still end";
}

TEST_F(MlsCaseServiceTest, DuplicatesAreCountedOnce) {
  Grant("c", "h-1", {"zhang-1", "zhang-2"});
  Grant("d", "h-2", {"chen-1"});
  const auto figures = [&] {
    return std::vector<int64_t>{Figure("mls_persons", "street", kYear), Figure("mls_persons_granted", "street", kYear),
                                Figure("mls_households", "street", kYear),
                                Figure("mls_households_granted", "street", kYear)};
  };
  const std::vector<int64_t> apart = {3, 3, 2, 2};
  ASSERT_EQ(figures(), apart);
  ASSERT_THAT(MergeResident("zhang-2", "chen-1"), IsOk());
  EXPECT_EQ(figures(), (std::vector<int64_t>{2, 2, 2, 2}));
  ASSERT_THAT(MergeHousehold("h-1", "h-2"), IsOk());
  EXPECT_EQ(figures(), (std::vector<int64_t>{2, 2, 1, 1}));
  EXPECT_EQ(Get("c")->counted_household(), "households/h-2");
  // What is decided afterwards stays with the names.
  ASSERT_THAT(Hear("c", "2026-05-20", "STOP"), IsOk());
  EXPECT_EQ(figures(), (std::vector<int64_t>{2, 2, 1, 1}));
  ASSERT_THAT(LinkToMember("residents/zhang-1", "members/li"), IsOk());
  ASSERT_THAT(LinkToMember("residents/chen-1", "members/li"), IsOk());
  EXPECT_EQ(figures(), (std::vector<int64_t>{1, 1, 1, 1})) << "one member has both records";
  EXPECT_EQ(Drift(), 0);
  ASSERT_THAT(LinkToMember("residents/zhang-1", ""), IsOk());
  ASSERT_THAT(LinkToMember("residents/chen-1", ""), IsOk());
  ASSERT_THAT(MergeHousehold("h-1", ""), IsOk());
  ASSERT_THAT(MergeResident("zhang-2", ""), IsOk());
  EXPECT_EQ(figures(), apart);
  EXPECT_EQ(Get("c")->counted_persons_size(), 0);
  EXPECT_EQ(Drift(), 0);
}

TEST_F(MlsCaseServiceTest, ACaseNamesNoDuplicates) {
  ASSERT_THAT(Create("c", "h-1", {"zhang-1", "zhang-2"}), IsOk());
  ASSERT_THAT(MergeResident("zhang-2", "zhang-1"), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("c", "2026-03-02"))), HasReason("NAMES_MERGED_RECORD"));
  EXPECT_EQ(Get("c")->state(), v1::MLS_CASE_STATE_DRAFT);
  ASSERT_THAT(MergeResident("zhang-2", ""), IsOk());
  ASSERT_THAT(MergeHousehold("h-1", "h-2"), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("c", "2026-03-02"))), HasReason("NAMES_MERGED_RECORD"));
  ASSERT_THAT(MergeHousehold("h-1", ""), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("c", "2026-03-02"))), IsOk());
}

TEST_F(MlsCaseServiceTest, ABackDatedCaseDoesNotPayAMonthTwice) {
  Grant("c", "h-1", {"zhang-1"});
  ASSERT_THAT(Hear("c", "2026-07-01", "STOP"), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::StopMlsCaseRequest>(Note("c", "2026-07-10"))), IsOk());
  ASSERT_THAT(Create("d", "h-2", {"zhang-1"}), IsOk());
  ASSERT_THAT(ToCounty("d", "2026-05"), IsOk());
  EXPECT_THAT(Confirm("d", "2026-05-18"), HasReason("PERSON_IN_TWO_CASES")) << "June and July are paid by the first";
  EXPECT_EQ(AwardsOf("d"), "");
  EXPECT_THAT(Confirm("d", "2026-07-20"), IsOk()) << "from August on";
}

TEST_F(MlsCaseServiceTest, WhoPreparedDoesNotDecide) {
  ASSERT_THAT(Create("c", "h-1", {"zhang-1"}), IsOk());
  ASSERT_THAT(ToCounty("c", "2026-03"), IsOk());
  for (const char* decider : {"staff/zhao", "staff/qian"}) {
    EXPECT_THAT((Call<MlsCase, v1::ConfirmMlsCaseRequest>(
                    Note("c", "2026-03-18", absl::StrCat(" decided_by: '", decider, "' ")))),
                HasReason("APPROVER_IS_PREPARER"));
  }
  EXPECT_EQ(Get("c")->state(), v1::MLS_CASE_STATE_TO_COUNTY);
  ASSERT_THAT(Confirm("c", "2026-03-18"), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::SuspendMlsCaseRequest>(Note("c", "2026-04-10", " reason: '未认证' "))),
              HasReason("APPROVER_IS_PREPARER"))
      << "the caller is both";
}

TEST_F(MlsCaseServiceTest, NothingIsPaidWithoutAcceptanceSurveyAndConfirmation) {
  ASSERT_THAT(Create("c", "h-1", {"zhang-1"}), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::ActivateMlsCaseRequest>(On("c", "2026-03-02"))), HasReason("ACTIVATION_NOT_PREPARED"));
  EXPECT_THAT(Confirm("c", "2026-03-18"), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(ToCounty("c", "2026-10"), IsOk());
  ASSERT_THAT(Confirm("c", "2026-11-02"), IsOk());
  EXPECT_EQ(Get("c")->state(), v1::MLS_CASE_STATE_CONFIRMED);
  EXPECT_THAT((Call<MlsCase, v1::ActivateMlsCaseRequest>(On("c", "2026-11-20"))), HasReason("FIRST_MONTH_NOT_REACHED"));
}

TEST_F(MlsCaseServiceTest, AConfirmedCaseIsActivatedOnceFromItsFirstMonthOn) {
  ASSERT_THAT(Create("c", "h-1", {"zhang-1"}), IsOk());
  ASSERT_THAT(ToCounty("c", "2026-03"), IsOk());
  ASSERT_THAT(Confirm("c", "2026-03-18"), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::ActivateMlsCaseRequest>(On("c", "2026-03-31"))), HasReason("FIRST_MONTH_NOT_REACHED"));
  const auto active = Call<MlsCase, v1::ActivateMlsCaseRequest>(On("c", "2026-04-02"));
  ASSERT_THAT(active, IsOk());
  EXPECT_EQ(active->state(), v1::MLS_CASE_STATE_ACTIVE);
  EXPECT_EQ(active->transitions().rbegin()->state(), "ACTIVE");
  EXPECT_THAT((Call<MlsCase, v1::ActivateMlsCaseRequest>(On("c", "2026-04-03"))), HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(MlsCaseServiceTest, ADecisionWaitsForTheEndOfThePublicity) {
  ASSERT_THAT(Create("c", "h-1", {"zhang-1"}), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("c", "2026-03-02"))), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::AcceptMlsCaseRequest>(On("c", "2026-03-02"))), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::InvestigateMlsCaseRequest>(On("c", "2026-03-03") +
                                                            "investigation { investigators: 'staff/zhao' }")),
              HasReason("TOO_FEW_INVESTIGATORS"));
  ASSERT_THAT((Call<MlsCase, v1::InvestigateMlsCaseRequest>(
                  On("c", "2026-03-03") + "investigation { investigators: 'staff/zhao' investigators: 'staff/qian' }")),
              IsOk());
  ASSERT_THAT((Call<MlsCase, v1::RecordMlsPrelimOpinionRequest>(On("c", "2026-03-04"))), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::PostMlsPublicityRequest>(On("c", "2026-03-04"))), IsOk());
  EXPECT_THAT(Confirm("c", "2026-03-10"), HasReason("PUBLICITY_NOT_OVER"));
  EXPECT_THAT((Call<MlsCase, v1::SendMlsCaseToCountyRequest>(On("c", "2026-03-10"))), HasReason("PUBLICITY_NOT_OVER"));
  EXPECT_EQ(Get("c")->state(), v1::MLS_CASE_STATE_IN_PUBLICITY);
}

TEST_F(MlsCaseServiceTest, AStoppedCaseStaysStoppedAndAReturnIsANewCase) {
  Grant("c", "h-1", {"zhang-1"});
  EXPECT_THAT((Call<MlsCase, v1::StopMlsCaseRequest>(Note("c", "2026-06-10"))), HasReason("HEARING_REQUIRED"));
  EXPECT_THAT(Create("d", "h-1", {"zhang-1"}, "predecessor: 'mlsCases/c'"), HasReason("PREDECESSOR_STILL_OPEN"));
  ASSERT_THAT(Hear("c", "2026-06-01", "STOP"), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::StopMlsCaseRequest>(Note("c", "2026-06-10"))), IsOk());
  EXPECT_EQ(AwardsOf("c"), "2026/4-2026/6: 68000");
  EXPECT_THAT((Call<MlsCase, v1::ResumeMlsCaseRequest>(Note("c", "2026-07-10"))), HasReason("CASE_STOPPED"));
  EXPECT_THAT((Call<MlsCase, v1::ActivateMlsCaseRequest>(On("c", "2026-07-10"))), HasReason("CASE_STOPPED"));
  EXPECT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("c", "2026-07-10"))), HasReason("CASE_STOPPED"));
  ASSERT_THAT(Create("d", "h-1", {"zhang-1"}, "predecessor: 'mlsCases/c'"), IsOk());
  EXPECT_EQ(Get("c")->successor(), "mlsCases/d");
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteMlsCaseRequest>("name: 'mlsCases/d'")), IsOk());
  EXPECT_EQ(Get("c")->successor(), "");
}

TEST_F(MlsCaseServiceTest, APostingEndsByTheRulesOfTheDayOnWhichItWasPosted) {
  ASSERT_THAT(AddRules("longer", "2026-01-01", 68'000, 1, "street",
                       absl::StrReplaceAll(kRules, {{"publicity_days: 7", "publicity_days: 30"}})),
              IsOk());
  ASSERT_THAT(Create("c", "h-1", {"zhang-1"}), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("c", "2025-12-15"))), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::AcceptMlsCaseRequest>(On("c", "2025-12-15"))), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::InvestigateMlsCaseRequest>(
                  On("c", "2025-12-16") + "investigation { investigators: 'staff/zhao' investigators: 'staff/qian' }")),
              IsOk());
  ASSERT_THAT((Call<MlsCase, v1::RecordMlsPrelimOpinionRequest>(On("c", "2025-12-17"))), IsOk());
  const auto posted = Call<MlsCase, v1::PostMlsPublicityRequest>(On("c", "2025-12-22"));
  ASSERT_THAT(posted, IsOk());
  EXPECT_TRUE(posted->publicities(0).provisional()) << "2025 has no calendar";
  EXPECT_EQ(posted->publicities(0).rule_set(), "mlsRuleSets/old");
  ASSERT_THAT(AddRules("corrected", "2025-12-01", 68'000, 2, "street",
                       absl::StrReplaceAll(kRules, {{"publicity_days: 7", "publicity_days: 30"}})),
              IsOk());
  EXPECT_THAT((Call<MlsCase, v1::SendMlsCaseToCountyRequest>(On("c", "2025-12-28"))), HasReason("PUBLICITY_NOT_OVER"));
  EXPECT_THAT((Call<MlsCase, v1::SendMlsCaseToCountyRequest>(On("c", "2026-01-05"))), IsOk());
}

TEST_F(MlsCaseServiceTest, AnAdultWhoJoinsLaterAuthorisesTheDataCheckToo) {
  const std::string joined = Member("zhang-1") +
                             "family { resident: 'residents/zhang-2' category: "
                             "MLS_FAMILY_CATEGORY_COUNTED } ";
  ASSERT_THAT(Create("c", "h-1", {"zhang-1"}), IsOk());
  const std::string update = "mls_case { name: 'mlsCases/c' inputs { " + joined + "} } update_mask { paths: 'inputs' }";
  ASSERT_THAT((Call<MlsCase, v1::UpdateMlsCaseRequest>(update)), IsOk()) << "a draft may wait for it";
  EXPECT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("c", "2026-03-02"))), HasReason("AUTHORISATION_MISSING"));
  Grant("d", "h-2", {"zhang-1"});
  EXPECT_THAT((Call<MlsCase, v1::AdjustMlsCaseRequest>(Note("d", "2026-06-10") + "inputs { " + joined + "}")),
              HasReason("AUTHORISATION_MISSING"));
  ASSERT_THAT(Create("e", "h-1", {"zhang-2"}), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("e", "2026-03-02"))), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::UpdateMlsCaseRequest>(
                  "mls_case { name: 'mlsCases/e' inputs { family { resident: 'residents/zhang-2' category: "
                  "MLS_FAMILY_CATEGORY_COUNTED } } } update_mask { paths: 'inputs' }")),
              HasReason("AUTHORISATION_MISSING"));
  EXPECT_TRUE(Get("e")->inputs().family(0).has_authorised_on());
}

TEST_F(MlsCaseServiceTest, FiguresFollowTheAwards) {
  Grant("c", "h-1", {"zhang-1", "zhang-2"});
  EXPECT_EQ(Figure("mls_households_granted", "street", kYear), 1);
  EXPECT_EQ(Figure("mls_persons_granted", "east", {Day::Of(2026, 4, 1), Day::Of(2026, 4, 30)}), 2);
  EXPECT_EQ(Figure("mls_persons_granted", "street", {Day::Of(2026, 3, 1), Day::Of(2026, 3, 31)}), 0);
  EXPECT_EQ(Figure("mls_applications", "street", kYear, {{0, {"CONFIRMED"}}}), 1);
  EXPECT_EQ(Persons("2026-03-31"), 0);
  EXPECT_EQ(Persons("2026-04-01"), 2);
  EXPECT_EQ(Households("2026-11-01"), 1);
  ASSERT_THAT(Hear("c", "2026-06-01", "STOP"), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::StopMlsCaseRequest>(Note("c", "2026-06-10"))), IsOk());
  EXPECT_EQ(Persons("2026-06-30"), 2);
  EXPECT_EQ(Persons("2026-07-01"), 0);
  EXPECT_EQ(Households("2026-07-01"), 0);
  EXPECT_EQ(Figure("mls_households_granted", "street", kYear), 1) << "the grant stays a fact";
}

TEST_F(MlsCaseServiceTest, ASuspensionIsMadeUpForUnlessItIsWithheld) {
  Grant("c", "h-1", {"zhang-1"});
  ASSERT_THAT((Call<MlsCase, v1::SuspendMlsCaseRequest>(Note("c", "2026-05-10"))), IsOk());
  EXPECT_EQ(AwardsOf("c"), "2026/4-2026/5: 68000");
  EXPECT_EQ(Persons("2026-06-01"), 0);
  ASSERT_THAT((Call<MlsCase, v1::ResumeMlsCaseRequest>(Note("c", "2026-07-10"))), IsOk());
  EXPECT_EQ(AwardsOf("c"), "2026/4-: 68000");
  EXPECT_EQ(Persons("2026-06-01"), 1);
  ASSERT_THAT((Call<MlsCase, v1::SuspendMlsCaseRequest>(Note("c", "2026-08-10"))), IsOk());
  const auto resumed =
      Call<MlsCase, v1::ResumeMlsCaseRequest>(Note("c", "2026-10-10") + "withhold_suspended_months: true");
  ASSERT_THAT(resumed, IsOk());
  const auto award = Call<v1::MlsAward, v1::GetMlsAwardRequest>("name: 'mlsAwards/c-202604'");
  ASSERT_EQ(award->suspended_months_size(), 2);
  EXPECT_EQ(DayFromProto(award->suspended_months(0)), Day::Of(2026, 9, 1));
  EXPECT_EQ(DayFromProto(award->suspended_months(1)), Day::Of(2026, 10, 1));
  EXPECT_EQ(Persons("2026-10-01"), 0);
  EXPECT_EQ(Persons("2026-11-01"), 1);
}

TEST_F(MlsCaseServiceTest, TheGracePeriodPaysTheFormerAmountAndEndsEitherWay) {
  Grant("c", "h-1", {"zhang-1"});
  const std::string start = Note("c", "2026-05-10");
  EXPECT_THAT((Call<MlsCase, v1::StartMlsGraceRequest>(start)), HasReason("HEARING_REQUIRED"));
  ASSERT_THAT(Hear("c", "2026-05-05", "STOP"), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::StartMlsGraceRequest>(start)), HasReason("HEARING_REQUIRED")) << "it was on a stop";
  ASSERT_THAT(Hear("c", "2026-05-06", "GRACE", 2), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::StartMlsGraceRequest>(start)), IsOk());
  EXPECT_EQ(AwardsOf("c"), "2026/4-2026/11: 68000") << "six months from June on";
  EXPECT_THAT((Call<MlsCase, v1::EndMlsGraceRequest>(
                  Note("c", "2026-08-10") +
                  "inputs { family { resident: 'residents/zhang-1' category: MLS_FAMILY_CATEGORY_COUNTED } }")),
              HasReason("AUTHORISATION_MISSING"));
  const auto back =
      Call<MlsCase, v1::EndMlsGraceRequest>(Note("c", "2026-08-10") + "inputs { " + Member("zhang-1") +
                                            "incomes { kind: MLS_INCOME_KIND_WAGE amount_fen: 20000 months: 1 } }");
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->state(), v1::MLS_CASE_STATE_ACTIVE);
  EXPECT_EQ(AwardsOf("c"), "2026/4-2026/8: 68000, 2026/9-: 50000");
}

TEST_F(MlsCaseServiceTest, ThreeRefusalsInARowCutOnesOwnShare) {
  Grant("c", "h-1", {"zhang-1", "zhang-2"});
  const auto refuse = [&](const std::string& day, bool justified) {
    return Call<MlsCase, v1::RecordMlsWorkRefusalRequest>(
        absl::StrCat("name: 'mlsCases/c' refusal { resident: 'residents/zhang-2' offer: '保洁' justified: ",
                     justified ? "true" : "false", " refused_on ", DateText(day), " }"));
  };
  ASSERT_THAT(refuse("2026-04-10", false), IsOk());
  ASSERT_THAT(refuse("2026-04-20", false), IsOk());
  ASSERT_THAT(refuse("2026-04-21", true), IsOk());
  ASSERT_THAT(refuse("2026-05-10", false), IsOk());
  ASSERT_THAT(refuse("2026-05-11", false), IsOk());
  const std::string cut = Note("c", "2026-06-10") + "resident: 'residents/zhang-2'";
  EXPECT_THAT((Call<MlsCase, v1::CutMlsShareRequest>(cut)), HasReason("TOO_FEW_REFUSALS"));
  ASSERT_THAT(refuse("2026-05-12", false), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::CutMlsShareRequest>(cut)), HasReason("HEARING_REQUIRED"));
  ASSERT_THAT(Hear("c", "2026-06-01", "CAP intended_amount_fen: 68000 resident: 'residents/zhang-2'"), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::CutMlsShareRequest>(cut)), IsOk());
  EXPECT_EQ(AwardsOf("c"), "2026/4-2026/6: 136000, 2026/7-: 68000");
  EXPECT_THAT((Call<MlsCase, v1::CutMlsShareRequest>(Note("c", "2026-06-11") + "resident: 'residents/zhang-2'")),
              HasReason("NOTHING_TO_RECALCULATE"));
  EXPECT_THAT((Call<MlsCase, v1::CutMlsShareRequest>(Note("c", "2026-06-11") + "resident: 'residents/chen-1'")),
              HasReason("NOT_IN_FAMILY"));
  EXPECT_EQ(Persons("2026-07-01"), 1);
  EXPECT_THAT((Create("d", "h-2", {"zhang-2"})), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("d", "2026-07-01"))), HasReason("PERSON_IN_TWO_CASES"))
      << "still of this family";
}

TEST_F(MlsCaseServiceTest, AHearingNamesTheDecisionThatIsIntended) {
  Grant("c", "h-1", {"zhang-1"});
  const std::string notice = On("c", "2026-06-01") + "matter: '拟停发' ";
  EXPECT_THAT(testing::ViolationsOf((Call<MlsCase, v1::NotifyMlsHearingRequest>(notice)).status()),
              ::testing::ElementsAre("intended FIELD_REQUIRED"));
  EXPECT_THAT((Call<MlsCase, v1::NotifyMlsHearingRequest>(notice + "intended: MLS_DECISION_KIND_GRANT")),
              HasReason("NO_HEARING_FOR_DECISION"));
  EXPECT_THAT((Call<MlsCase, v1::NotifyMlsHearingRequest>(
                  notice + "intended: MLS_DECISION_KIND_STOP intended_amount_fen: 58000")),
              HasReason("HEARING_MATTER_UNFIT"));
  EXPECT_EQ(Get("c")->hearings_size(), 0);
  ASSERT_THAT(Hear("c", "2026-06-01", "STOP"), IsOk());
  const std::string outcome = " outcome: MLS_HEARING_OUTCOME_WAIVED opinion: '未到场'";
  for (const char* number : {"number: 1", "number: 2"}) {
    EXPECT_THAT((Call<MlsCase, v1::RecordMlsHearingRequest>(On("c", "2026-06-02") + number + outcome)),
                HasReason("UNKNOWN_HEARING"))
        << number;
  }
  EXPECT_EQ(Get("c")->hearings(0).opinion(), "无异议");
}

TEST_F(MlsCaseServiceTest, AnOldHearingServesNothingAfterAReview) {
  Grant("c", "h-1", {"zhang-1"});
  ASSERT_THAT(Hear("c", "2026-06-01", "STOP"), IsOk());
  const auto reviewed =
      Call<MlsCase, v1::ReviewMlsCaseRequest>(On("c", "2026-06-20") + "reviewed_by: 'staff/zhao' finding: '仍符合'");
  ASSERT_THAT(reviewed, IsOk());
  EXPECT_EQ(reviewed->reviews(0).reviewed_by(), "staff/zhao");
  EXPECT_EQ(reviewed->reviews(0).finding(), "仍符合");
  EXPECT_EQ(DayFromProto(reviewed->reviews(0).reviewed_on()), Day::Of(2026, 6, 20));
  EXPECT_EQ(DayFromProto(reviewed->next_review_due()), Day::Of(2027, 6, 30)) << "a year after the review";
  EXPECT_THAT((Call<MlsCase, v1::StopMlsCaseRequest>(Note("c", "2026-09-10"))), HasReason("HEARING_REQUIRED"));
  EXPECT_EQ(AwardsOf("c"), "2026/4-: 68000");
  ASSERT_THAT(Hear("c", "2026-06-20", "STOP", 2), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::StopMlsCaseRequest>(Note("c", "2026-09-10"))), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::ReviewMlsCaseRequest>(On("c", "2026-09-20") + "finding: '已停发'")),
              HasReason("CASE_STOPPED"));
}

TEST_F(MlsCaseServiceTest, ANewPayeeHoldsForWhatIsAwardedAlready) {
  Grant("c", "h-1", {"zhang-1"});
  const std::string change = On("c", "2026-06-10") + "payee_name: '李四' payee_reference: 'token-2'";
  ASSERT_THAT((Call<MlsCase, v1::ChangeMlsPayeeRequest>(change)), IsOk());
  const auto award = Call<v1::MlsAward, v1::GetMlsAwardRequest>("name: 'mlsAwards/c-202604'");
  ASSERT_THAT(award, IsOk());
  EXPECT_EQ(award->payee_name(), "李四");
  EXPECT_EQ(award->payee_reference(), "token-2");
  ASSERT_THAT(Hear("c", "2026-06-11", "STOP"), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::StopMlsCaseRequest>(Note("c", "2026-06-12"))), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::ChangeMlsPayeeRequest>(On("c", "2026-06-13") +
                                                        "payee_name: '王五' payee_reference: 'token-3'")),
              HasReason("CASE_STOPPED"));
  EXPECT_EQ(Get("c")->payee_reference(), "token-2");
}

TEST_F(MlsCaseServiceTest, AssetsPayeeAndTheNoticeAreCheckedByTheDecision) {
  ASSERT_THAT(AddRules("assets", "2026-01-01", 68'000, 2, "street", absl::StrCat(kRules, "asset_limit_fen: 1000000 ")),
              IsOk());
  const std::string asset = "assets { kind: MLS_ASSET_KIND_DEPOSIT value_fen: ";
  ASSERT_THAT(Create("rich", "h-1", {"zhang-1"}, asset + "1000001 }"), IsOk());
  ASSERT_THAT(ToCounty("rich", "2026-03"), IsOk());
  EXPECT_THAT(Confirm("rich", "2026-03-18"), HasReason("ASSETS_OVER_LIMIT"));
  EXPECT_EQ(Get("rich")->state(), v1::MLS_CASE_STATE_TO_COUNTY);
  EXPECT_EQ(AwardsOf("rich"), "");

  ASSERT_THAT(Create("c", "h-2", {"chen-1"}, asset + "1000000 }"), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::UpdateMlsCaseRequest>(
                  "mls_case { name: 'mlsCases/c' payee_name: '' } update_mask { paths: 'payee_name' }")),
              IsOk());
  ASSERT_THAT(ToCounty("c", "2026-03"), IsOk());
  EXPECT_THAT(Confirm("c", "2026-03-18"), HasReason("PAYEE_MISSING"));
  EXPECT_EQ(AwardsOf("c"), "");
  ASSERT_THAT((Call<MlsCase, v1::ChangeMlsPayeeRequest>(On("c", "2026-03-18") +
                                                        "payee_name: '陈某' payee_reference: 'token-9'")),
              IsOk());
  ASSERT_THAT(Confirm("c", "2026-03-18"), IsOk());
  EXPECT_EQ(Get("c")->payee_reference(), "token-9");

  const std::string notice = On("c", "2026-03-20") + "notice_number: '告1' number: ";
  EXPECT_THAT((Call<MlsCase, v1::NotifyMlsDecisionRequest>(notice + "2")), HasReason("UNKNOWN_DECISION"));
  EXPECT_FALSE(Get("c")->decisions(0).has_notified_on());
  ASSERT_THAT((Call<MlsCase, v1::NotifyMlsDecisionRequest>(notice + "1")), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::NotifyMlsDecisionRequest>(notice + "1")), HasReason("NOTICE_ALREADY_GIVEN"));
}

TEST_F(MlsCaseServiceTest, NoGracePeriodWithoutRulesForIt) {
  ASSERT_THAT(AddRules("strict", "2026-01-01", 68'000, 2, "street",
                       absl::StrReplaceAll(kRules, {{"grace_months: 6", "grace_months: 0"}})),
              IsOk());
  Grant("c", "h-1", {"zhang-1"});
  ASSERT_THAT(Hear("c", "2026-05-06", "GRACE"), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::StartMlsGraceRequest>(Note("c", "2026-05-10"))), HasReason("NO_GRACE_PERIOD"));
  EXPECT_EQ(Get("c")->state(), v1::MLS_CASE_STATE_ACTIVE);
  EXPECT_EQ(Get("c")->hearings(0).decision_number(), 0);
  EXPECT_EQ(AwardsOf("c"), "2026/4-: 68000");
}

TEST_F(MlsCaseServiceTest, ADeliberationAddsUp) {
  ASSERT_THAT(Create("c", "h-1", {"zhang-1"}), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("c", "2026-03-02"))), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::AcceptMlsCaseRequest>(On("c", "2026-03-02"))), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::InvestigateMlsCaseRequest>(
                  On("c", "2026-03-03") + "investigation { investigators: 'staff/zhao' investigators: 'staff/qian' }")),
              IsOk());
  ASSERT_THAT((Call<MlsCase, v1::RecordMlsPrelimOpinionRequest>(On("c", "2026-03-04"))), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::PostMlsPublicityRequest>(On("c", "2026-03-04"))), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::ObjectToMlsCaseRequest>(On("c", "2026-03-05") + "text: '有车'")), IsOk());
  const std::string held = On("c", "2026-03-06") + "summary: '评议' participants: 9 in_favour: ";
  EXPECT_THAT((Call<MlsCase, v1::DeliberateMlsCaseRequest>(held + "10")), HasReason("DELIBERATION_NOT_ADDING_UP"));
  EXPECT_EQ(Get("c")->state(), v1::MLS_CASE_STATE_OBJECTED);
  EXPECT_THAT((Call<MlsCase, v1::DeliberateMlsCaseRequest>(held + "9")), IsOk());
}

TEST_F(MlsCaseServiceTest, AShareStaysCutOfOneWhoLeftTheFamilyForADay) {
  ASSERT_NO_FATAL_FAILURE(CutShareOfZhang2());
  ASSERT_THAT(
      (Call<MlsCase, v1::AdjustMlsCaseRequest>(Note("c", "2026-06-11") + "inputs { " + Member("zhang-1") + "}")),
      IsOk());
  const auto back = Call<MlsCase, v1::AdjustMlsCaseRequest>(Note("c", "2026-06-12") + "inputs { " + Member("zhang-1") +
                                                            Member("zhang-2") + "} ");
  ASSERT_THAT(back, IsOk());
  EXPECT_TRUE(back->inputs().family(1).share_cut());
  EXPECT_EQ(Persons("2026-08-01"), 1);
}

TEST_F(MlsCaseServiceTest, ARestoredShareIsPaidFromTheNextMonthOn) {
  ASSERT_NO_FATAL_FAILURE(CutShareOfZhang2());
  const std::string family = "inputs { " + Member("zhang-1") + Member("zhang-2") + "} ";
  const auto same = Call<MlsCase, v1::AdjustMlsCaseRequest>(Note("c", "2026-06-10") + family);
  ASSERT_THAT(same, IsOk());
  EXPECT_TRUE(same->inputs().family(1).share_cut()) << "a request says nothing of it";
  const auto restored = Call<MlsCase, v1::AdjustMlsCaseRequest>(Note("c", "2026-07-10") + family +
                                                                "restored_shares: 'residents/zhang-2'");
  ASSERT_THAT(restored, IsOk());
  EXPECT_FALSE(restored->inputs().family(1).share_cut());
  EXPECT_EQ(restored->decisions(3).shares_changed(0), "residents/zhang-2");
  EXPECT_EQ(AwardsOf("c"), "2026/4-2026/5: 136000, 2026/6-2026/6: 68000, 2026/7-2026/7: 68000, 2026/8-: 136000");
  EXPECT_EQ(Persons("2026-07-31"), 1);
  EXPECT_EQ(Persons("2026-08-01"), 2);
}

TEST_F(MlsCaseServiceTest, SensitiveFactsAreRefusedByName) {
  EXPECT_THAT(Create("c", "h-1", {"zhang-1"}, "bank_account: '6222'"), HasReason("SENSITIVE_FIELD_NOT_ACCEPTED"));
  EXPECT_THAT(
      (Call<MlsCase, v1::CreateMlsCaseRequest>(
          "mls_case_id: 'c' mls_case { organization: 'organizations/east-committee' household: 'households/h-1' "
          "applicant: 'residents/zhang-1' inputs { family { resident: 'residents/zhang-1' category: "
          "MLS_FAMILY_CATEGORY_COUNTED health_top_up_codes: 'SEVERE_DISABILITY' } } }")),
      HasReason("SENSITIVE_FIELD_NOT_ACCEPTED"));
  EXPECT_THAT(Get("c"), HasReason("RECORD_NOT_FOUND"));
}

TEST_F(MlsCaseServiceTest, ARuleSetThatAnApplicationUsedStays) {
  ASSERT_THAT(Create("c", "h-1", {"zhang-1"}), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("c", "2026-03-02"))), IsOk());
  const std::string update =
      "mls_rule_set { name: 'mlsRuleSets/old' standard_fen: 67000 } update_mask { paths: 'standard_fen' }";
  ASSERT_THAT((Call<v1::MlsRuleSet, v1::UpdateMlsRuleSetRequest>(update)), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::AcceptMlsCaseRequest>(On("c", "2026-03-02"))), IsOk());
  EXPECT_THAT((Call<v1::MlsRuleSet, v1::UpdateMlsRuleSetRequest>(update)), HasReason("RULE_SET_IN_USE"))
      << "it gave the time limits";
  ASSERT_THAT(AddRules("opinion", "2026-03-01", 68'000), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::InvestigateMlsCaseRequest>(
                  On("c", "2026-03-03") + "investigation { investigators: 'staff/zhao' investigators: 'staff/qian' }")),
              IsOk());
  ASSERT_THAT((Call<MlsCase, v1::RecordMlsPrelimOpinionRequest>(On("c", "2026-03-04"))), IsOk());
  EXPECT_THAT((Call<google::protobuf::Empty, v1::DeleteMlsRuleSetRequest>("name: 'mlsRuleSets/opinion'")),
              HasReason("RULE_SET_IN_USE"))
      << "the opinion rests on it";
}

TEST_F(MlsCaseServiceTest, ARuleSetThatADecisionUsedStays) {
  EXPECT_THAT((Call<v1::MlsRuleSet, v1::UpdateMlsRuleSetRequest>(
                  "mls_rule_set { name: 'mlsRuleSets/old' basis: '民发' } update_mask { paths: 'basis' }")),
              IsOk());
  Grant("c", "h-1", {"zhang-1"});
  EXPECT_THAT((Call<v1::MlsRuleSet, v1::UpdateMlsRuleSetRequest>(
                  "mls_rule_set { name: 'mlsRuleSets/old' standard_fen: 1 } update_mask { paths: 'standard_fen' }")),
              HasReason("RULE_SET_IN_USE"));
  EXPECT_THAT((Call<google::protobuf::Empty, v1::DeleteMlsRuleSetRequest>("name: 'mlsRuleSets/old'")),
              HasReason("RULE_SET_IN_USE"));
}

TEST_F(MlsCaseServiceTest, RulesAreThoseOfThePlaceOrTheNearestAboveIt) {
  ASSERT_THAT(AddRules("community", "2026-04-01", 90'000, 1, "east"), IsOk());
  Grant("c", "h-1", {"zhang-1"});
  EXPECT_EQ(Get("c")->opinions(0).rule_set(), "mlsRuleSets/old") << "in March the street's";
  EXPECT_EQ(Get("c")->decisions(0).rule_set(), "mlsRuleSets/community") << "that of the first benefit month";
  EXPECT_EQ(AwardsOf("c"), "2026/4-: 90000");
  ASSERT_THAT(Create("d", "h-2", {"chen-1"}), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::SubmitMlsCaseRequest>(On("d", "2024-12-02"))), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::AcceptMlsCaseRequest>(On("d", "2024-12-02"))), HasReason("NO_RULE_SET"));
}

TEST_F(MlsCaseServiceTest, AmountsThatOverflowAreRefused) {
  ASSERT_THAT(AddRules("vast", "2026-01-01", std::numeric_limits<int64_t>::max()), IsOk());
  ASSERT_THAT(Create("c", "h-1", {"zhang-1", "zhang-2"}), IsOk());
  EXPECT_THAT(ToCounty("c", "2026-03"), HasReason("AMOUNT_OVERFLOW"));
  EXPECT_EQ(Get("c")->state(), v1::MLS_CASE_STATE_INVESTIGATING);
}

// Random steps on two families that share a person; whatever is accepted keeps the promises.
class MlsCaseRandomTest : public MlsCaseServiceTest {
 protected:
  int Upto(int most) { return static_cast<int>(random_() % static_cast<unsigned>(most + 1)); }

  absl::Status Step(const std::string& id, const std::string& day, int verb) {
    const std::string on = On(id, day);
    const std::string note = Note(id, day);
    switch (verb) {
      case v1::MLS_CASE_STATE_DRAFT:
        return Call<MlsCase, v1::SubmitMlsCaseRequest>(on).status();
      case v1::MLS_CASE_STATE_SUBMITTED:
        return Call<MlsCase, v1::AcceptMlsCaseRequest>(on).status();
      case v1::MLS_CASE_STATE_ACCEPTED:
        return Call<MlsCase, v1::InvestigateMlsCaseRequest>(
                   on + "investigation { investigators: 'staff/zhao' investigators: 'staff/qian' }")
            .status();
      case v1::MLS_CASE_STATE_INVESTIGATING:
        return Call<MlsCase, v1::RecordMlsPrelimOpinionRequest>(on).status();
      case v1::MLS_CASE_STATE_PRELIM_OPINION:
        return Call<MlsCase, v1::PostMlsPublicityRequest>(on).status();
      case v1::MLS_CASE_STATE_IN_PUBLICITY:
        return Call<MlsCase, v1::SendMlsCaseToCountyRequest>(on).status();
      case v1::MLS_CASE_STATE_TO_COUNTY:
        return Call<MlsCase, v1::ConfirmMlsCaseRequest>(note).status();
      case v1::MLS_CASE_STATE_CONFIRMED:
        return Call<MlsCase, v1::ActivateMlsCaseRequest>(on).status();
      case v1::MLS_CASE_STATE_ACTIVE:
        return Call<MlsCase, v1::SuspendMlsCaseRequest>(note).status();
      case v1::MLS_CASE_STATE_SUSPENDED:
        return Call<MlsCase, v1::ResumeMlsCaseRequest>(note).status();
      case v1::MLS_CASE_STATE_GRACE:
        return Call<MlsCase, v1::StopMlsCaseRequest>(note).status();
      case v1::MLS_CASE_STATE_STOPPED:
        return Call<MlsCase, v1::StartMlsGraceRequest>(note).status();
      default: {
        // One after the other: compilers differ in the order of arguments, and the random steps would with them.
        const int number = 1 + Upto(2);
        return Hear(id, day, Upto(1) == 0 ? "STOP" : "GRACE", number);
      }
    }
  }

  // Nothing is paid and nobody is active without what must come before.
  void CheckCase(const MlsCase& row, const std::string& awards) {
    if (!mls::IsGranted(row.state()) && row.state() != v1::MLS_CASE_STATE_STOPPED) {
      ASSERT_EQ(awards, "");
      return;
    }
    ASSERT_NE(awards, "");
    ASSERT_GE(row.investigation().investigators_size(), 2);
    ASSERT_TRUE(row.clocks().has_whole_due()) << "accepted";
    ASSERT_EQ(row.decisions(0).kind(), v1::MLS_DECISION_KIND_GRANT);
    for (const auto& decision : row.decisions()) {
      ASSERT_NE(decision.prepared_by(), decision.decided_by());
      if (decision.kind() != v1::MLS_DECISION_KIND_STOP && decision.kind() != v1::MLS_DECISION_KIND_GRACE) continue;
      const bool heard = std::any_of(row.hearings().begin(), row.hearings().end(), [&](const auto& hearing) {
        return hearing.decision_number() == decision.number() && hearing.intended() == decision.kind() &&
               DayOr(hearing.held_on(), Day::Max()) < DayOr(decision.decided_on(), Day::Min());
      });
      ASSERT_TRUE(heard);
    }
  }

  std::mt19937 random_{11};
};

TEST_F(MlsCaseRandomTest, RandomStepsKeepThePromises) {
  constexpr int kVerbs = v1::MLS_CASE_STATE_CLOSED;
  std::map<int, int> ended_in;
  int refused = 0;
  for (int round = 0; round < 12; ++round) {
    std::vector<std::string> persons;
    for (int i = 0; i < 3; ++i) {
      persons.push_back(absl::StrCat("r", round, "-", i));
      ASSERT_THAT(AddResident(persons.back(), "east-committee", "h-1", "01"), IsOk());
    }
    const std::vector<std::string> ids = {absl::StrCat("r", round, "-a"), absl::StrCat("r", round, "-b")};
    ASSERT_THAT(Create(ids[0], "h-1", {persons[0], persons[2]}), IsOk());
    ASSERT_THAT(Create(ids[1], "h-2", {persons[1], persons[2]}), IsOk());
    Day today = Day::Of(2026, 1, 5);
    for (int step = 0; step < 60; ++step) {
      const std::string& id = ids[static_cast<size_t>(Upto(1))];
      today = std::min(today + Upto(8), Day::Of(2026, 11, 20));
      // Every second step is the one that leads on, the others are any.
      const int verb = Upto(1) == 0 ? static_cast<int>(Get(id)->state()) : 1 + Upto(kVerbs - 1);
      if (!Step(id, FormatDay(today), verb).ok()) ++refused;
      std::map<std::string, int> holders;
      for (const std::string& each : ids) {
        const auto row = Get(each);
        ASSERT_THAT(row, IsOk());
        ASSERT_NO_FATAL_FAILURE(CheckCase(*row, AwardsOf(each)));
        if (!mls::IsOpen(row->state())) continue;
        for (const auto& member : row->inputs().family()) ++holders[member.resident()];
      }
      for (const auto& [person, count] : holders) ASSERT_LE(count, 1) << person;
    }
    for (const std::string& id : ids) ++ended_in[Get(id)->state()];
  }
  EXPECT_GT(refused, 100);
  EXPECT_GT(ended_in[v1::MLS_CASE_STATE_STOPPED], 0) << "whole lives are among them";
  EXPECT_GT(ended_in[v1::MLS_CASE_STATE_DRAFT], 0) << "and families whose person was in the other case";
}

class MlsCaseAgesTest : public MlsCaseServiceTest {
 protected:
  absl::Status SetBorn(const std::string& resident, Day born) {
    return ChangeResident(resident, [&](registry::v1::Resident& row) { *row.mutable_birth_date() = DayToProto(born); });
  }
  // Of zhang-1, who has authorised, and zhang-2, who has not.
  absl::StatusOr<MlsCase> CreateTwo(const std::string& second) {
    return Call<MlsCase, v1::CreateMlsCaseRequest>(absl::StrCat(
        "mls_case_id: 'c' mls_case { organization: 'organizations/east-committee' household: 'households/h-1' ",
        "applicant: 'residents/zhang-1' payee_name: '某某' payee_reference: 'token-1' inputs { ", Member("zhang-1"),
        "family { resident: 'residents/zhang-2' category: MLS_FAMILY_CATEGORY_COUNTED ", second, " } } }"));
  }
  absl::Status Submit(const std::string& day) { return Call<MlsCase, v1::SubmitMlsCaseRequest>(On("c", day)).status(); }
  std::vector<std::string> LackingAuthorisation() {
    const auto page = Call<v1::ListMlsCasesResponse, v1::ListMlsCasesRequest>(
        "lacking_authorisation_in: 'organizations/east-committee'");
    std::vector<std::string> names;
    if (!page.ok()) return {page.status().ToString()};
    for (const MlsCase& row : page->mls_cases()) names.push_back(row.name());
    return names;
  }
};

TEST_F(MlsCaseAgesTest, AnAdultIsNoMinorByAFlag) {
  ASSERT_THAT(SetBorn("zhang-2", Day::Of(1980, 5, 1)), IsOk());
  EXPECT_THAT(CreateTwo("minor: true"), HasReason("AGE_CONTRADICTS_REGISTER"));
  EXPECT_THAT(CreateTwo("able_to_work: true"), IsOk());
  EXPECT_THAT(Submit("2026-03-02"), HasReason(reasons::kAuthorisationMissing));
  EXPECT_THAT((Call<MlsCase, v1::UpdateMlsCaseRequest>(absl::StrCat(
                  "mls_case { name: 'mlsCases/c' inputs { ", Member("zhang-1"),
                  "family { resident: 'residents/zhang-2' category: MLS_FAMILY_CATEGORY_COUNTED minor: true } } } ",
                  "update_mask { paths: 'inputs' }"))),
              HasReason("AGE_CONTRADICTS_REGISTER"));
}

TEST_F(MlsCaseAgesTest, EachStepJudgesByItsDay) {
  ASSERT_THAT(SetBorn("zhang-2", Day::Of(2008, 3, 10)), IsOk());
  const auto created = CreateTwo("");
  ASSERT_THAT(created, IsOk());
  ASSERT_THAT(Submit("2026-03-02"), IsOk()) << "a minor on that day, with nothing typed";
  EXPECT_TRUE(Get("c")->inputs().family(1).minor());
  ASSERT_THAT((Call<MlsCase, v1::AcceptMlsCaseRequest>(On("c", "2026-03-11"))), IsOk());
  EXPECT_FALSE(Get("c")->inputs().family(1).minor());
  EXPECT_THAT((Call<MlsCase, v1::InvestigateMlsCaseRequest>(
                  On("c", "2026-03-12") + "investigation { investigators: 'staff/zhao' investigators: 'staff/qian' }")),
              HasReason(reasons::kAuthorisationMissing));
  EXPECT_THAT(
      (Call<MlsCase, v1::InvestigateMlsCaseRequest>(On("c", "2026-03-12") +
                                                    "investigation { investigators: 'staff/zhao' investigators: "
                                                    "'staff/qian' check_started_on " +
                                                    DateText("2026-03-11") + " }")),
      HasReason(reasons::kAuthorisationMissing));
}

TEST_F(MlsCaseAgesTest, ADateOfBirthEnteredLaterShowsTheCaseThatLacksAnAuthorisation) {
  ASSERT_THAT(CreateTwo("minor: true"), IsOk()) << "the register does not know yet";
  ASSERT_THAT(Submit("2026-03-02"), IsOk());
  EXPECT_THAT(LackingAuthorisation(), ::testing::IsEmpty());
  ASSERT_THAT(SetBorn("zhang-2", Day::Of(1980, 5, 1)), IsOk());
  EXPECT_THAT(LackingAuthorisation(), ::testing::ElementsAre("mlsCases/c"));
  EXPECT_FALSE(Get("c")->inputs().family(1).minor());
  ASSERT_THAT((Call<MlsCase, v1::AcceptMlsCaseRequest>(On("c", "2026-03-03"))), IsOk());
  EXPECT_THAT(LackingAuthorisation(), ::testing::ElementsAre("mlsCases/c")) << "still";
  EXPECT_THAT((Call<MlsCase, v1::InvestigateMlsCaseRequest>(
                  On("c", "2026-03-04") + "investigation { investigators: 'staff/zhao' investigators: 'staff/qian' }")),
              HasReason(reasons::kAuthorisationMissing));
  ASSERT_THAT((Call<MlsCase, v1::UpdateMlsCaseRequest>(absl::StrCat("mls_case { name: 'mlsCases/c' inputs { ",
                                                                    Member("zhang-1"), Member("zhang-2"),
                                                                    " } } update_mask { paths: 'inputs' }"))),
              IsOk());
  EXPECT_THAT(LackingAuthorisation(), ::testing::IsEmpty());
  EXPECT_THAT((Call<MlsCase, v1::InvestigateMlsCaseRequest>(
                  On("c", "2026-03-04") + "investigation { investigators: 'staff/zhao' investigators: 'staff/qian' }")),
              IsOk());
}

TEST_F(MlsCaseAgesTest, AGrantedCaseIsFoundAndMendedByAnAdjustment) {
  ASSERT_THAT(CreateTwo("minor: true"), IsOk());
  ASSERT_THAT(ToCounty("c", "2026-03"), IsOk());
  ASSERT_THAT(Confirm("c", "2026-03-18"), IsOk());
  ASSERT_THAT(SetBorn("zhang-2", Day::Of(1980, 5, 1)), IsOk());
  EXPECT_THAT(LackingAuthorisation(), ::testing::ElementsAre("mlsCases/c"));
  ASSERT_THAT(SetBorn("zhang-2", Day::Of(2010, 5, 1)), IsOk());
  EXPECT_THAT(LackingAuthorisation(), ::testing::IsEmpty()) << "the date was wrong";
  ASSERT_THAT(SetBorn("zhang-2", Day::Of(1980, 5, 1)), IsOk());
  const auto adjust = [&](const std::string& second) {
    return Call<MlsCase, v1::AdjustMlsCaseRequest>(
        absl::StrCat(Note("c", "2026-04-10"), "inputs { ", Member("zhang-1"), second, " }"));
  };
  EXPECT_THAT(adjust("family { resident: 'residents/zhang-2' category: MLS_FAMILY_CATEGORY_COUNTED minor: true }"),
              HasReason("AGE_CONTRADICTS_REGISTER"));
  EXPECT_THAT(adjust("family { resident: 'residents/zhang-2' category: MLS_FAMILY_CATEGORY_COUNTED }"),
              HasReason(reasons::kAuthorisationMissing));
  ASSERT_THAT(adjust(Member("zhang-2")), IsOk());
  EXPECT_THAT(LackingAuthorisation(), ::testing::IsEmpty());
}

TEST_F(MlsCaseAgesTest, ATopUpForTheElderlyIsForTheElderly) {
  ASSERT_THAT(SetBorn("zhang-1", Day::Of(1980, 5, 1)), IsOk());
  ASSERT_THAT(Create("c", "h-1", {"zhang-1"}), IsOk());
  ASSERT_THAT((Call<MlsCase, v1::UpdateMlsCaseRequest>(absl::StrCat(
                  "mls_case { name: 'mlsCases/c' inputs { family { resident: 'residents/zhang-1' top_up_codes: "
                  "'ELDERLY' category: MLS_FAMILY_CATEGORY_COUNTED authorised_on ",
                  DateText("2020-01-01"), " } } } update_mask { paths: 'inputs' }"))),
              IsOk());
  EXPECT_THAT(ToCounty("c", "2026-03"), HasReason("AGE_CONTRADICTS_REGISTER"));
  ASSERT_THAT(SetBorn("zhang-1", Day::Of(1950, 5, 1)), IsOk());
  EXPECT_THAT((Call<MlsCase, v1::RecordMlsPrelimOpinionRequest>(On("c", "2026-03-04") + "prepared_by: 'staff/zhao'")),
              IsOk());
}

}  // namespace
}  // namespace dangjian::welfare
