#include "services/activity/co_building_agreement/agreement_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::activity::agreement_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

const Day kToday = Day::Of(2026, 11, 20);

Step On(Day day) { return {.day = day, .today = kToday}; }

v1::CoBuildingAgreement Draft(Day from = Day::Of(2026, 1, 1), std::optional<Day> to = Day::Of(2026, 6, 30)) {
  v1::CoBuildingAgreement agreement;
  agreement.set_name("coBuildingAgreements/a");
  agreement.set_party("residentUnits/school");
  agreement.add_items()->set_item_id("1");
  agreement.add_items()->set_item_id("2");
  *agreement.mutable_valid_from() = DayToProto(from);
  if (to.has_value()) *agreement.mutable_valid_to() = DayToProto(*to);
  Initialize(agreement, On(kToday));
  return agreement;
}

v1::CoBuildingAgreement InForce() {
  v1::CoBuildingAgreement agreement = Draft();
  *agreement.mutable_signed_on() = DayToProto(Day::Of(2025, 12, 20));
  Initialize(agreement, On(kToday));
  EXPECT_EQ(agreement.state(), v1::CO_BUILDING_AGREEMENT_STATE_IN_FORCE);
  return agreement;
}

absl::Status Check(const v1::CoBuildingAgreement& agreement) {
  Violations violations;
  CheckContent(agreement, kToday, violations);
  return violations.ToStatus();
}

TEST(AgreementRulesTest, LivesFromDraftToExpiry) {
  v1::CoBuildingAgreement agreement = Draft();
  EXPECT_FALSE(Term(agreement).has_value());
  EXPECT_THAT(EnterIntoForce(agreement, On(Day::Of(2026, 1, 1))), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Sign(agreement, On(Day::Of(2026, 1, 2))), HasReason(reasons::kAgreementDatesOutOfOrder));
  ASSERT_THAT(Sign(agreement, On(Day::Of(2025, 12, 20))), IsOk());
  EXPECT_THAT(CheckEditable(agreement), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_FALSE(DaysInForce(agreement).has_value());
  EXPECT_THAT(EnterIntoForce(agreement, On(Day::Of(2025, 12, 31))), HasReason(reasons::kAgreementNotYetValid));
  ASSERT_THAT(EnterIntoForce(agreement, On(Day::Of(2026, 1, 10))), IsOk());
  EXPECT_EQ(DaysInForce(agreement), (DayRange{Day::Of(2026, 1, 1), Day::Of(2026, 6, 30)})) << "by its days";
  EXPECT_THAT(Expire(agreement, On(Day::Of(2026, 6, 30))), HasReason(reasons::kAgreementStillValid));
  ASSERT_THAT(Expire(agreement, On(Day::Of(2026, 7, 1))), IsOk());
  EXPECT_THAT(Terminate(agreement, On(Day::Of(2026, 7, 2))), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(agreement.transitions_size(), 3);
}

TEST(AgreementRulesTest, OneSignedInThePastTakesItsStepsAtOnce) {
  const v1::CoBuildingAgreement agreement = InForce();
  ASSERT_EQ(agreement.transitions_size(), 2);
  EXPECT_EQ(DayFromProto(agreement.transitions(0).occurred_on()), Day::Of(2025, 12, 20));
  EXPECT_EQ(DayFromProto(agreement.transitions(1).occurred_on()), Day::Of(2026, 1, 1));
  v1::CoBuildingAgreement ahead = Draft(kToday + 1, std::nullopt);
  *ahead.mutable_signed_on() = DayToProto(kToday);
  Initialize(ahead, On(kToday));
  EXPECT_EQ(ahead.state(), v1::CO_BUILDING_AGREEMENT_STATE_SIGNED);
}

TEST(AgreementRulesTest, TerminationEndsItEarly) {
  v1::CoBuildingAgreement agreement = InForce();
  EXPECT_THAT(Terminate(agreement, On(Day::Of(2026, 7, 1))), HasReason(reasons::kAgreementTermOver));
  EXPECT_THAT(Terminate(agreement, On(Day::Of(2025, 12, 31))), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(Terminate(agreement, On(Day::Of(2026, 3, 31))), IsOk());
  EXPECT_EQ(DaysInForce(agreement)->last, Day::Of(2026, 3, 31));
}

TEST(AgreementRulesTest, ARenewalFollowsWithoutAGapOrAnOverlap) {
  v1::CoBuildingAgreement agreement = InForce();
  ASSERT_THAT(FulfilItem(agreement, "1", On(Day::Of(2026, 2, 1))), IsOk());
  v1::RenewCoBuildingAgreementRequest request;
  *request.mutable_valid_from() = DayToProto(Day::Of(2026, 5, 1));
  v1::CoBuildingAgreement successor;
  successor.set_name("coBuildingAgreements/b");
  ASSERT_THAT(Renew(agreement, request, On(Day::Of(2026, 4, 20)), successor), IsOk());
  EXPECT_EQ(agreement.state(), v1::CO_BUILDING_AGREEMENT_STATE_RENEWED);
  EXPECT_EQ(DaysInForce(agreement)->last, Day::Of(2026, 4, 30));
  EXPECT_EQ(agreement.successor(), successor.name());
  EXPECT_EQ(successor.state(), v1::CO_BUILDING_AGREEMENT_STATE_IN_FORCE);
  EXPECT_EQ(successor.predecessor(), agreement.name());
  EXPECT_EQ(DaysInForce(successor), (DayRange{Day::Of(2026, 5, 1), Day::Max()}));
  ASSERT_EQ(successor.items_size(), 2);
  EXPECT_FALSE(successor.items(0).has_done_on());
  EXPECT_THAT(CheckAlone(successor, {agreement}), IsOk());
  UndoRenewal(agreement, On(kToday));
  EXPECT_EQ(DaysInForce(agreement)->last, Day::Of(2026, 6, 30));
  EXPECT_THAT(CheckAlone(agreement, {successor}), HasReason(reasons::kAgreementAlreadyInForce));
}

TEST(AgreementRulesTest, ARenewalMustBeginLater) {
  v1::CoBuildingAgreement agreement = InForce();
  v1::RenewCoBuildingAgreementRequest request;
  *request.mutable_valid_from() = agreement.valid_from();
  v1::CoBuildingAgreement successor;
  EXPECT_THAT(Renew(agreement, request, On(Day::Of(2026, 4, 20)), successor),
              HasReason(reasons::kAgreementDatesOutOfOrder));
}

TEST(AgreementRulesTest, ContentIsChecked) {
  EXPECT_THAT(Check(Draft()), IsOk());
  v1::CoBuildingAgreement agreement = Draft();
  agreement.mutable_items(1)->set_item_id("1");
  EXPECT_THAT(Check(agreement), HasReason(reasons::kDuplicateAgreementItem));
  EXPECT_THAT(Check(Draft(Day::Of(2026, 1, 1), Day::Of(2025, 12, 31))), HasReason(reasons::kAgreementDatesOutOfOrder));
  agreement = Draft();
  *agreement.mutable_signed_on() = DayToProto(Day::Of(2026, 1, 2));
  EXPECT_THAT(Check(agreement), HasReason(reasons::kAgreementDatesOutOfOrder));
  *agreement.mutable_signed_on() = DayToProto(kToday + 1);
  EXPECT_THAT(Check(agreement), HasReason(dangjian::reasons::kDateInFuture));
}

TEST(AgreementRulesTest, ItemsAreFulfilledOnce) {
  v1::CoBuildingAgreement agreement = InForce();
  EXPECT_THAT(FulfilItem(agreement, "9", On(Day::Of(2026, 2, 1))), HasReason(reasons::kUnknownAgreementItem));
  EXPECT_THAT(FulfilItem(agreement, "1", On(Day::Of(2025, 12, 31))), HasReason(dangjian::reasons::kStepsOutOfOrder));
  EXPECT_THAT(ReopenItem(agreement, "1", On(kToday)), HasReason(reasons::kAgreementItemOpen));
  ASSERT_THAT(FulfilItem(agreement, "1", On(Day::Of(2026, 2, 1))), IsOk());
  EXPECT_THAT(FulfilItem(agreement, "1", On(Day::Of(2026, 2, 1))), HasReason(reasons::kAgreementItemDone));
  ASSERT_THAT(ReopenItem(agreement, "1", On(kToday)), IsOk());
  EXPECT_FALSE(agreement.items(0).has_done_on());
  v1::CoBuildingAgreement draft = Draft();
  EXPECT_THAT(FulfilItem(draft, "1", On(Day::Of(2026, 2, 1))), HasReason("ILLEGAL_TRANSITION"));
}

}  // namespace
}  // namespace dangjian::activity::agreement_rules
