#include "services/welfare/pairing/pairing_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::pairing_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::dangjian::testing::ViolationsOf;
using ::testing::ElementsAre;

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 11, 20)}; }
Day At(int month, int day) { return Day::Of(2026, month, day); }

v1::AssistancePairing Proposed(const std::string& name = "pairings/p") {
  auto pairing = Proto<v1::AssistancePairing>(
      "members: 'members/wang' members: 'members/li' household: 'households/h-1' proposed_on { year: 2026 month: 3 "
      "day: 1 }");
  pairing.set_name(name);
  Initialize(pairing);
  return pairing;
}

TEST(PairingRulesTest, LivesFromProposalToItsEnd) {
  v1::AssistancePairing pairing = Proposed();
  EXPECT_THAT(Pause(pairing, On(3, 2)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(End(pairing, v1::PAIRING_END_REASON_MOVED, On(3, 2)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Activate(pairing, On(2, 28)), HasReason("STEPS_OUT_OF_ORDER"));
  EXPECT_THAT(Activate(pairing, On(11, 21)), HasReason("DATE_IN_FUTURE"));
  ASSERT_THAT(Activate(pairing, On(3, 5)), IsOk());
  EXPECT_THAT(Activate(pairing, On(3, 6)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Resume(pairing, On(3, 6)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Pause(pairing, On(4, 30)), IsOk());
  EXPECT_THAT(Resume(pairing, On(4, 29)), HasReason("STEPS_OUT_OF_ORDER"));
  ASSERT_THAT(Resume(pairing, On(6, 1)), IsOk());
  ASSERT_THAT(End(pairing, v1::PAIRING_END_REASON_LIFTED_OUT, On(8, 31)), IsOk());
  EXPECT_THAT(End(pairing, v1::PAIRING_END_REASON_LIFTED_OUT, On(9, 1)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(ActiveDays(pairing), ElementsAre(DayRange{At(3, 5), At(4, 30)}, DayRange{At(6, 1), At(8, 31)}));
  EXPECT_FALSE(IsActiveOn(pairing, At(3, 4)));
  EXPECT_TRUE(IsActiveOn(pairing, At(4, 30)));
  EXPECT_FALSE(IsActiveOn(pairing, At(5, 15)));
  EXPECT_FALSE(IsActiveOn(pairing, At(9, 1)));
  EXPECT_EQ(pairing.transitions_size(), 4);
}

TEST(PairingRulesTest, APauseWithoutAGapLeavesOneRange) {
  v1::AssistancePairing pairing = Proposed();
  ASSERT_THAT(Activate(pairing, On(3, 5)), IsOk());
  ASSERT_THAT(Pause(pairing, On(4, 30)), IsOk());
  ASSERT_THAT(Resume(pairing, On(4, 30)), IsOk());
  EXPECT_THAT(ActiveDays(pairing), ElementsAre(DayRange{At(3, 5), Day::Max()}));
  ASSERT_THAT(Pause(pairing, On(5, 1)), IsOk());
  ASSERT_THAT(End(pairing, v1::PAIRING_END_REASON_DEATH, On(6, 1)), IsOk());
  EXPECT_THAT(ActiveDays(pairing), ElementsAre(DayRange{At(3, 5), At(5, 1)})) << "paused days are not active";
}

TEST(PairingRulesTest, OneMemberAndHouseholdArePairedOnceAtATime) {
  v1::AssistancePairing pairing = Proposed("pairings/new");
  v1::AssistancePairing other = Proposed();
  EXPECT_THAT(CheckNotPaired(pairing, other, At(5, 1)), IsOk()) << "only proposed";
  ASSERT_THAT(Activate(other, On(3, 5)), IsOk());
  EXPECT_THAT(CheckNotPaired(pairing, other, At(5, 1)), HasReason(reasons::kAlreadyPaired));
  ASSERT_THAT(Pause(other, On(4, 1)), IsOk());
  EXPECT_THAT(CheckNotPaired(pairing, other, At(5, 1)), HasReason(reasons::kAlreadyPaired)) << "paused";
  ASSERT_THAT(End(other, v1::PAIRING_END_REASON_MOVED, On(4, 10)), IsOk());
  EXPECT_THAT(CheckNotPaired(pairing, other, At(4, 1)), HasReason(reasons::kAlreadyPaired)) << "its last active day";
  EXPECT_THAT(CheckNotPaired(pairing, other, At(4, 2)), IsOk());
  ASSERT_THAT(Activate(other = Proposed(), On(3, 5)), IsOk());
  other.clear_members();
  other.add_members("members/zhao");
  EXPECT_THAT(CheckNotPaired(pairing, other, At(5, 1)), IsOk()) << "a household may have several members";
}

TEST(PairingRulesTest, ContentIsCheckedAndFixedOnceActive) {
  v1::AssistancePairing pairing = Proposed();
  pairing.add_members("members/wang");
  *pairing.mutable_proposed_on() = DayToProto(At(11, 21));
  Violations violations;
  CheckContent(pairing, At(11, 20), violations);
  EXPECT_THAT(ViolationsOf(violations.ToStatus()),
              ElementsAre("pairing.members[2] DUPLICATE_PAIRING_MEMBER", "pairing.proposed_on DATE_IN_FUTURE"));
  v1::AssistancePairing active = Proposed();
  EXPECT_THAT(CheckChange(active, pairing), IsOk());
  ASSERT_THAT(Activate(active, On(3, 5)), IsOk());
  EXPECT_THAT(CheckChange(active, pairing), HasReason("ILLEGAL_TRANSITION"));
  v1::AssistancePairing planned = active;
  planned.set_plan("每月送米面");
  EXPECT_THAT(CheckChange(active, planned), IsOk());
}

}  // namespace
}  // namespace dangjian::welfare::pairing_rules
