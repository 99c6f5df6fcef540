#include "services/registry/household/household_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "services/registry/reasons.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using v1::Household;

const Day kToday = Day::Of(2024, 6, 30);
const Day kRegistered = Day::Of(2020, 3, 1);

Step On(Day day) { return {.day = day, .today = kToday, .actor = "clerk", .reason = "核对", .revision = 7}; }

Household Registered(const std::string& id = "h", v1::HouseholdKind kind = v1::HOUSEHOLD_KIND_REGISTERED) {
  Household household;
  household.set_name("households/" + id);
  household.set_kind(kind);
  *household.mutable_registered_on() = DayToProto(kRegistered);
  EXPECT_THAT(Register(household, On(kToday)), IsOk());
  return household;
}

TEST(HouseholdRulesTest, IsRegisteredOnItsOwnDay) {
  const Household household = Registered();
  EXPECT_EQ(household.state(), v1::HOUSEHOLD_STATE_REGISTERED);
  ASSERT_EQ(household.transitions_size(), 1);
  EXPECT_EQ(household.transitions(0).state(), "REGISTERED");
  EXPECT_EQ(DayFromProto(household.transitions(0).occurred_on()), kRegistered);
  EXPECT_EQ(CountedDays(household), (DayRange{kRegistered, Day::Max()}));
}

TEST(HouseholdRulesTest, IsNotRegisteredInTheFuture) {
  Household household = Registered();
  *household.mutable_registered_on() = DayToProto(kToday + 1);
  EXPECT_THAT(Register(household, On(kToday)), HasReason(dangjian::reasons::kDateInFuture));
}

TEST(HouseholdRulesTest, MarksOfOneKindDoNotOverlapAndAreInOrder) {
  Household household = Registered();
  const Household before = household;
  household.MergeFrom(Proto<Household>(R"(
      tags { kind: KIND_HARDSHIP source: '走访' start_date { year: 2021 month: 1 day: 1 } end_date { year: 2021 month: 6 day: 30 } }
      tags { kind: KIND_MARGINAL source: '走访' start_date { year: 2021 month: 1 day: 1 } }
      tags { kind: KIND_HARDSHIP source: '走访' start_date { year: 2021 month: 7 day: 1 } })"));
  EXPECT_THAT(CheckCorrection(before, household, kToday), IsOk());
  *household.mutable_tags(2)->mutable_start_date() = DayToProto(Day::Of(2021, 6, 30));
  EXPECT_THAT(CheckCorrection(before, household, kToday), HasReason(reasons::kOverlappingTags));
  *household.mutable_tags(0)->mutable_end_date() = DayToProto(Day::Of(2020, 12, 31));
  EXPECT_THAT(CheckCorrection(before, household, kToday), HasReason(reasons::kEndBeforeStart));
}

TEST(HouseholdRulesTest, MovesOutOnce) {
  Household household = Registered();
  EXPECT_THAT(MoveOut(household, On(kRegistered - 1)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  EXPECT_THAT(MoveOut(household, On(kToday + 1)), HasReason(dangjian::reasons::kDateInFuture));
  ASSERT_THAT(MoveOut(household, On(kToday)), IsOk());
  EXPECT_EQ(household.state(), v1::HOUSEHOLD_STATE_MOVED_OUT);
  EXPECT_EQ(CountedDays(household).last, kToday - 1);
  EXPECT_THAT(MoveOut(household, On(kToday)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(CloseDeceased(household, On(kToday)), HasReason("ILLEGAL_TRANSITION"));
}

TEST(HouseholdRulesTest, AWrongEntryMovesOutOnItsFirstDayAndCountsOnNone) {
  Household household = Registered();
  ASSERT_THAT(MoveOut(household, On(kRegistered)), IsOk());
  EXPECT_LT(CountedDays(household).last, CountedDays(household).first);
}

TEST(HouseholdRulesTest, TheRegistrationStaysBeforeTheEnd) {
  Household household = Registered();
  ASSERT_THAT(CloseDeceased(household, On(Day::Of(2022, 1, 1))), IsOk());
  Household corrected = household;
  *corrected.mutable_registered_on() = DayToProto(Day::Of(2022, 1, 2));
  EXPECT_THAT(CheckCorrection(household, corrected, kToday), HasReason(reasons::kEndBeforeStart));
}

TEST(HouseholdRulesTest, AMergeIsTakenBackToTheStateBefore) {
  const Household into = Registered("other");
  Household moved_out = Registered();
  ASSERT_THAT(MoveOut(moved_out, On(Day::Of(2022, 1, 1))), IsOk());
  Household household = moved_out;
  ASSERT_THAT(MergeInto(household, into, On(kToday)), IsOk());
  EXPECT_EQ(household.state(), v1::HOUSEHOLD_STATE_MERGED_DUPLICATE);
  EXPECT_EQ(household.merged_into(), "households/other");
  EXPECT_LT(CountedDays(household).last, CountedDays(household).first);
  EXPECT_THAT(CheckCorrection(household, household, kToday), HasReason(reasons::kRecordMerged));
  ASSERT_THAT(Unmerge(household, On(kToday)), IsOk());
  EXPECT_EQ(CountedDays(household), CountedDays(moved_out));
  ASSERT_EQ(household.transitions_size(), 4);
  EXPECT_EQ(household.transitions(2).state(), "MERGED_DUPLICATE");
  EXPECT_EQ(household.transitions(2).actor(), "clerk");
  EXPECT_EQ(household.transitions(2).reason(), "核对");
  EXPECT_EQ(household.transitions(3).state(), "MOVED_OUT");
  household.mutable_transitions()->DeleteSubrange(2, 2);
  EXPECT_EQ(household.SerializeAsString(), moved_out.SerializeAsString());
}

TEST(HouseholdRulesTest, AMergeNeedsTwoRecordsOfOneKindThatStand) {
  Household household = Registered();
  EXPECT_THAT(MergeInto(household, household, On(kToday)), HasReason(reasons::kMergeIntoSelf));
  const Household family = Registered("family", v1::HOUSEHOLD_KIND_SHARED_LIVING);
  EXPECT_THAT(MergeInto(household, family, On(kToday)), HasReason(reasons::kMergeKindMismatch));
  Household merged = Registered("merged");
  ASSERT_THAT(MergeInto(merged, Registered("last"), On(kToday)), IsOk());
  EXPECT_THAT(MergeInto(household, merged, On(kToday)), HasReason(reasons::kMergeTargetMerged));
  EXPECT_THAT(MergeInto(merged, household, On(kToday)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(MergeInto(household, Registered("x"), On(kToday + 1)), HasReason(dangjian::reasons::kDateInFuture));
  EXPECT_THAT(Unmerge(household, On(kToday)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(household.state(), v1::HOUSEHOLD_STATE_REGISTERED);
}

}  // namespace
}  // namespace dangjian::registry
