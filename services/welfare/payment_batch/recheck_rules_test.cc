#include "services/welfare/payment_batch/recheck_rules.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"

namespace dangjian::welfare::recheck_rules {
namespace {

using ::dangjian::testing::Proto;

const std::vector<Hit> kNone;
const std::vector<Hit> kDeath = {{v1::HOLD_REASON_DECEASED, "residents/a"}};
const std::vector<Hit> kTwoDeaths = {{v1::HOLD_REASON_DECEASED, "residents/a"},
                                     {v1::HOLD_REASON_MOVED_OUT, "residents/b"}};

v1::MlsAward Award(int64_t fen, const std::string& more = "") {
  auto award = Proto<v1::MlsAward>(absl::StrCat(
      "name: 'mlsAwards/c-1' payee_name: '张三' payee_reference: 'acct' first_month { year: 2026 month: 1 day: 1 } ",
      "decision_number: 1 etag: '7' parts { component: BENEFIT_COMPONENT_REGULAR amount_fen: ", fen, " }"));
  award.MergeFrom(Proto<v1::MlsAward>(more));
  return award;
}

CaseFacts Facts(const v1::MlsAward& award, v1::MlsCaseState state = v1::MLS_CASE_STATE_ACTIVE) {
  return {.awards = {award}, .state = state};
}

v1::PaymentLine Line() {
  return Proto<v1::PaymentLine>(
      "name: 'paymentLines/c-1' award: 'mlsAwards/c-1' payee_name: '张三' payee_reference: 'acct' amount_fen: 1000 "
      "component: BENEFIT_COMPONENT_REGULAR benefit_month { year: 2026 month: 4 day: 1 }");
}

v1::HoldReason Judge(const CaseFacts& now, const std::vector<Hit>& hits = kNone, const std::vector<Hit>& known = kNone,
                     const CaseFacts& then = Facts(Award(1000))) {
  return Verdict(Line(), {then, known}, {now, hits});
}

TEST(RecheckRulesTest, WhereNothingChangedTheLineGoesOut) {
  EXPECT_EQ(Judge(Facts(Award(1000))), v1::HOLD_REASON_UNSPECIFIED);
  EXPECT_EQ(Judge({.awards = {Award(1000)}}), v1::HOLD_REASON_UNSPECIFIED) << "a case that is not kept here";
}

TEST(RecheckRulesTest, OnlyWhatIsNewSpeaksAgainstALine) {
  EXPECT_EQ(Judge(Facts(Award(1000)), kDeath), v1::HOLD_REASON_DECEASED);
  EXPECT_EQ(Judge(Facts(Award(1000)), kDeath, kDeath), v1::HOLD_REASON_UNSPECIFIED) << "known to who released it";
  EXPECT_EQ(Judge(Facts(Award(1000)), kTwoDeaths, kDeath), v1::HOLD_REASON_MOVED_OUT);
  EXPECT_EQ(Judge(Facts(Award(1000)), kNone, kDeath), v1::HOLD_REASON_UNSPECIFIED);
}

TEST(RecheckRulesTest, ASuspendedCaseIsNeverPaidAndAStoppedOneIsLookedAtOnce) {
  const CaseFacts suspended = Facts(Award(1000), v1::MLS_CASE_STATE_SUSPENDED);
  const CaseFacts stopped = Facts(Award(1000), v1::MLS_CASE_STATE_STOPPED);
  EXPECT_EQ(Judge(suspended), v1::HOLD_REASON_CASE_SUSPENDED);
  EXPECT_EQ(Judge(suspended, kNone, kNone, suspended), v1::HOLD_REASON_CASE_SUSPENDED);
  EXPECT_EQ(Judge(stopped), v1::HOLD_REASON_CASE_ENDED);
  EXPECT_EQ(Judge(stopped, kNone, kNone, stopped), v1::HOLD_REASON_UNSPECIFIED);
}

TEST(RecheckRulesTest, AnotherPayeeOrAccountIsNeverPaid) {
  EXPECT_EQ(Judge(Facts(Award(1000, "payee_name: '李四'"))), v1::HOLD_REASON_PAYEE_CHANGED);
  EXPECT_EQ(Judge(Facts(Award(1000, "payee_reference: 'other'"))), v1::HOLD_REASON_PAYEE_CHANGED);
  const CaseFacts changed = Facts(Award(1000, "payee_reference: 'other'"));
  EXPECT_EQ(Judge(changed, kNone, kNone, changed), v1::HOLD_REASON_PAYEE_CHANGED) << "whoever released it";
}

TEST(RecheckRulesTest, AnotherAmountOfTheMonthIsAChange) {
  EXPECT_EQ(Judge(Facts(Award(900))), v1::HOLD_REASON_AWARD_CHANGED);
  EXPECT_EQ(Judge(Facts(Award(1100))), v1::HOLD_REASON_AWARD_CHANGED);
  EXPECT_EQ(Judge(Facts(Award(1000, "last_month { year: 2026 month: 3 day: 1 }"))), v1::HOLD_REASON_AWARD_CHANGED);
  EXPECT_EQ(Judge(Facts(Award(1000, "suspended_months { year: 2026 month: 4 day: 1 }"))),
            v1::HOLD_REASON_AWARD_CHANGED);
  EXPECT_EQ(Judge(Facts(Award(1000, "last_month { year: 2026 month: 4 day: 1 }"))), v1::HOLD_REASON_UNSPECIFIED)
      << "an end, or another amount, from the next month on";
  EXPECT_EQ(Judge({}), v1::HOLD_REASON_AWARD_CHANGED) << "withdrawn";
}

TEST(RecheckRulesTest, HistoryIsReadOnlyWhereSomethingMayDiffer) {
  EXPECT_FALSE(MayDifferFrom(Facts(Award(1000)), 7));
  EXPECT_TRUE(MayDifferFrom(Facts(Award(1000)), 6));
  EXPECT_TRUE(MayDifferFrom(Facts(Award(1000), v1::MLS_CASE_STATE_STOPPED), 7));
  EXPECT_FALSE(MayDifferFrom({}, 7));
}

TEST(RecheckRulesTest, AReleaseMakesPayableOnlyWhatIsDueToWhomItIsDue) {
  EXPECT_TRUE(IsPayable(Line(), Facts(Award(1000)), 1000));
  EXPECT_TRUE(IsPayable(Line(), Facts(Award(1100)), 1100)) << "the rest comes in arrears";
  EXPECT_FALSE(IsPayable(Line(), Facts(Award(900)), 900));
  EXPECT_FALSE(IsPayable(Line(), Facts(Award(1000), v1::MLS_CASE_STATE_SUSPENDED), 1000));
  EXPECT_FALSE(IsPayable(Line(), Facts(Award(1000, "payee_name: '李四'")), 1000));
  EXPECT_TRUE(IsPayable(Line(), Facts(Award(1000), v1::MLS_CASE_STATE_STOPPED), 1000)) << "of a month still due";
}

}  // namespace
}  // namespace dangjian::welfare::recheck_rules
