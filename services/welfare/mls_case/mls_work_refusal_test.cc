#include "services/welfare/mls_case/mls_work_refusal.h"

#include "absl/strings/str_cat.h"
#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "services/welfare/mls_case/mls_decision.h"
#include "services/welfare/mls_case/mls_hearing.h"
#include "services/welfare/mls_case/mls_life.h"
#include "services/welfare/reasons.h"

namespace dangjian::welfare::mls {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::Proto;

Step On(int month, int day) {
  return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 12, 31), .actor = "clerk"};
}

v1::MlsRuleSet Rules() {
  return Proto<v1::MlsRuleSet>(
      "name: 'r' method: MLS_METHOD_DIFFERENCE standard_fen: 1000 review_months_stable: 12 review_months_irregular: 6");
}

v1::MlsCase Family() {
  return Proto<v1::MlsCase>(
      "name: 'mlsCases/c' state: MLS_CASE_STATE_ACTIVE inputs { family { resident: 'residents/a' category: "
      "MLS_FAMILY_CATEGORY_COUNTED minor: true } family { resident: 'residents/b' category: "
      "MLS_FAMILY_CATEGORY_COUNTED minor: true } family { resident: 'residents/x' category: "
      "MLS_FAMILY_CATEGORY_EXCLUDED exclusion_reason: '服刑' } }");
}

void Refuse(v1::MlsCase& row, int month, int day, bool justified = false) {
  v1::MlsWorkRefusal refusal;
  refusal.set_resident("residents/b");
  refusal.set_justified(justified);
  *refusal.mutable_refused_on() = DayToProto(On(month, day).day);
  ASSERT_THAT(RecordWorkRefusal(row, refusal, On(month, day)), IsOk());
}

constexpr char kCap[] = "CAP intended_amount_fen: 1000 resident: 'residents/b'";
constexpr char kNote[] = "note { prepared_by: 'staff/a' decided_by: 'staff/b' } ";

absl::Status Cut(v1::MlsCase& row, Awards& awards, const v1::MlsRuleSet& rules, const Step& step) {
  const auto request = Proto<v1::CutMlsShareRequest>(absl::StrCat(kNote, "resident: 'residents/b'"));
  return CutShare(row, awards, request, rules, step);
}

void Hear(v1::MlsCase& row, const std::string& kind, const Step& step) {
  const auto notice = Proto<v1::NotifyMlsHearingRequest>("matter: '拟减发' intended: MLS_DECISION_KIND_" + kind);
  ASSERT_THAT(NotifyHearing(row, notice, step), IsOk());
  v1::RecordMlsHearingRequest held;
  held.set_number(row.hearings_size());
  held.set_outcome(v1::MLS_HEARING_OUTCOME_WAIVED);
  ASSERT_THAT(RecordHearing(row, held, step), IsOk());
}

TEST(MlsWorkRefusalTest, ARowGoesByTheDaysAndNotByTheEntries) {
  v1::MlsCase row = Family();
  Refuse(row, 4, 10);
  Refuse(row, 5, 10);
  Refuse(row, 5, 20);
  Refuse(row, 4, 20, true);  // entered last, but it lies between the first and the second
  EXPECT_EQ(RefusalsInARow(row, "residents/b", On(6, 10).day), 2);
  EXPECT_EQ(RefusalsInARow(row, "residents/b", On(5, 19).day), 1) << "as of that day";
  EXPECT_EQ(RefusalsInARow(row, "residents/a", On(6, 10).day), 0);
}

TEST(MlsWorkRefusalTest, ARefusalAfterTheDecisionDoesNotCarryIt) {
  v1::MlsCase row = Family();
  for (int day = 10; day <= 12; ++day) Refuse(row, 5, day);
  EXPECT_THAT(CheckRefusals(row, "residents/b", Rules(), On(5, 11).day), HasReason(reasons::kTooFewRefusals));
  EXPECT_THAT(CheckRefusals(row, "residents/b", Rules(), On(5, 12).day), IsOk());
}

TEST(MlsWorkRefusalTest, TheNumberIsThatOfTheRuleSetOrThree) {
  v1::MlsCase row = Family();
  for (int day = 10; day <= 12; ++day) Refuse(row, 5, day);
  v1::MlsRuleSet rules = Rules();
  EXPECT_THAT(CheckRefusals(row, "residents/b", rules, On(6, 1).day), IsOk());
  rules.set_refusals_before_cut(4);
  EXPECT_THAT(CheckRefusals(row, "residents/b", rules, On(6, 1).day), HasReason(reasons::kTooFewRefusals));
  rules.set_refusals_before_cut(2);
  EXPECT_THAT(CheckRefusals(row, "residents/b", rules, On(5, 11).day), IsOk());
}

TEST(MlsWorkRefusalTest, ACutAndARestoringBeginTheRowAnew) {
  v1::MlsCase row = Family();
  Awards awards;
  AddAward(awards, row,
           Proto<v1::MlsDecision>("number: 1 parts { component: BENEFIT_COMPONENT_REGULAR amount_fen: "
                                  "2000 }"),
           {Day::Of(2026, 4, 1), Day::Max()});
  *awards[0].add_persons() = "residents/a";
  *awards[0].add_persons() = "residents/b";
  for (int day = 10; day <= 12; ++day) Refuse(row, 4, day);
  v1::MlsCase other = row;
  Hear(other, "STOP", On(4, 20));
  Hear(other, "CAP intended_amount_fen: 1000 resident: 'residents/a'", On(4, 20));
  EXPECT_THAT(Cut(other, awards, Rules(), On(5, 10)), HasReason(reasons::kHearingRequired))
      << "heard about a stop, and about another";
  Hear(row, kCap, On(4, 20));
  ASSERT_THAT(Cut(row, awards, Rules(), On(5, 10)), IsOk());
  EXPECT_THAT(row.decisions(0).shares_changed(), ::testing::ElementsAre("residents/b"));
  EXPECT_THAT(Cut(row, awards, Rules(), On(5, 11)), HasReason(reasons::kNothingToRecalculate));

  v1::AdjustMlsCaseRequest restore = Proto<v1::AdjustMlsCaseRequest>(kNote);
  *restore.mutable_inputs() = row.inputs();
  restore.add_restored_shares("residents/b");
  Refuse(row, 5, 12);  // before the restoring
  ASSERT_THAT(Adjust(row, awards, restore, Rules(), On(6, 10)), IsOk());
  EXPECT_FALSE(row.inputs().family(1).share_cut());
  EXPECT_EQ(RefusalsInARow(row, "residents/b", On(7, 1).day), 0);
  Hear(row, kCap, On(6, 20));
  v1::MlsCase early = row;
  EXPECT_THAT(Cut(early, awards, Rules(), On(7, 10)), HasReason(reasons::kTooFewRefusals)) << "the old ones are used";
  for (int day = 20; day <= 22; ++day) Refuse(row, 6, day);
  EXPECT_THAT(Cut(row, awards, Rules(), On(7, 10)), IsOk());
}

TEST(MlsWorkRefusalTest, OnlyThePersonsWhoCountHaveAShare) {
  v1::MlsCase row = Family();
  for (const char* person : {"residents/x", "residents/nobody"}) {
    EXPECT_THAT(CheckRefusals(row, person, Rules(), On(6, 1).day), HasReason(reasons::kNotInFamily)) << person;
    v1::MlsWorkRefusal refusal;
    refusal.set_resident(person);
    EXPECT_THAT(RecordWorkRefusal(row, refusal, On(6, 1)), HasReason(reasons::kNotInFamily)) << person;
  }
}

}  // namespace
}  // namespace dangjian::welfare::mls
