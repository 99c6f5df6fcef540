#include "services/registry/resident/resident_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "common/types/month.h"
#include "services/registry/reasons.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using v1::Resident;

const Day kToday = Day::Of(2024, 6, 30);
const Day kCame = Day::Of(2020, 3, 1);

v1::Household Of(v1::HouseholdKind kind) {
  v1::Household household;
  household.set_kind(kind);
  household.set_state(v1::HOUSEHOLD_STATE_REGISTERED);
  return household;
}

const Households kHouseholds = {{"households/book", Of(v1::HOUSEHOLD_KIND_REGISTERED)},
                                {"households/book-2", Of(v1::HOUSEHOLD_KIND_REGISTERED)},
                                {"households/family", Of(v1::HOUSEHOLD_KIND_SHARED_LIVING)}};

Step On(Day day) { return {.day = day, .today = kToday, .actor = "clerk", .reason = "核对"}; }

// Lives in `north` since 2020-03-01, in a household of each kind.
Resident Living() {
  auto resident = Proto<Resident>(R"(name: 'residents/r' display_name: '王'
      residences { organization: 'organizations/north' kind: RESIDENCE_KIND_PERMANENT start_date { year: 2020 month: 3 day: 1 } }
      memberships { household: 'households/book' relation_code: '01' start_date { year: 2020 month: 3 day: 1 } }
      memberships { household: 'households/family' relation_code: '10' start_date { year: 2020 month: 3 day: 1 } })");
  EXPECT_THAT(Register(resident, kHouseholds, On(kToday)), IsOk());
  return resident;
}

absl::Status Corrected(const Resident& updated) {
  Resident copy = updated;
  return Correct(Living(), copy, kHouseholds, kToday);
}

v1::Residence Stays(const std::string& organization, v1::ResidenceKind kind, Day first, Day last) {
  v1::Residence residence;
  residence.set_organization("organizations/" + organization);
  residence.set_kind(kind);
  *residence.mutable_start_date() = DayToProto(first);
  if (last != Day::Max()) *residence.mutable_end_date() = DayToProto(last);
  return residence;
}

v1::MoveResidentRequest To(const std::string& organization, v1::ResidenceKind kind = v1::RESIDENCE_KIND_TEMPORARY) {
  v1::MoveResidentRequest request;
  request.set_organization("organizations/" + organization);
  request.set_kind(kind);
  return request;
}

TEST(ResidentRulesTest, IsRegisteredOnTheFirstDayOfTheFirstStay) {
  const Resident resident = Living();
  EXPECT_EQ(resident.state(), v1::RESIDENT_STATE_REGISTERED);
  EXPECT_EQ(DayFromProto(resident.transitions(0).occurred_on()), kCame);
  EXPECT_EQ(resident.registered_household(), "households/book");
  EXPECT_EQ(resident.shared_living_household(), "households/family");
  EXPECT_THAT(CountedStays(resident), ElementsAre(Stay{"organizations/north", {kCame, Day::Max()}}));
}

TEST(ResidentRulesTest, StaysOfOneOrganisationDoNotOverlap) {
  Resident resident = Living();
  *resident.add_residences() = Stays("north", v1::RESIDENCE_KIND_REGISTERED_ONLY, Day::Of(2022, 1, 1), Day::Max());
  EXPECT_THAT(Corrected(resident), HasReason(reasons::kOverlappingResidences));
  *resident.mutable_residences(0)->mutable_end_date() = DayToProto(Day::Of(2021, 12, 31));
  EXPECT_THAT(Corrected(resident), IsOk());
  *resident.mutable_residences(0)->mutable_end_date() = DayToProto(Day::Of(2022, 1, 1));
  EXPECT_THAT(Corrected(resident), HasReason(reasons::kOverlappingResidences));
}

TEST(ResidentRulesTest, RegisteredHereAndLivingThereIsNoOverlapButLivingTwiceIs) {
  Resident resident = Living();
  resident.mutable_residences(0)->set_kind(v1::RESIDENCE_KIND_REGISTERED_ONLY);
  *resident.add_residences() = Stays("south", v1::RESIDENCE_KIND_TEMPORARY, Day::Of(2022, 1, 1), Day::Max());
  EXPECT_THAT(Corrected(resident), IsOk());
  EXPECT_THAT(CountedStays(resident), ElementsAre(Stay{"organizations/south", {Day::Of(2022, 1, 1), Day::Max()}}));
  resident.mutable_residences(0)->set_kind(v1::RESIDENCE_KIND_PERMANENT);
  EXPECT_THAT(Corrected(resident), HasReason(reasons::kOverlappingResidences));
}

TEST(ResidentRulesTest, DatesAreInOrderAndStartsNotInTheFuture) {
  Resident resident = Living();
  *resident.mutable_residences(0)->mutable_end_date() = DayToProto(kCame - 1);
  EXPECT_THAT(Corrected(resident), HasReason(reasons::kEndBeforeStart));
  resident = Living();
  *resident.mutable_memberships(0)->mutable_start_date() = DayToProto(kToday + 1);
  EXPECT_THAT(Corrected(resident), HasReason(dangjian::reasons::kDateInFuture));
  resident = Living();
  *resident.mutable_birth_date() = DayToProto(kToday + 1);
  EXPECT_THAT(Corrected(resident), HasReason(dangjian::reasons::kDateInFuture));
}

TEST(ResidentRulesTest, OneHouseholdOfEachKindOnAnyDay) {
  Resident resident = Living();
  resident.MergeFrom(Proto<Resident>(
      "memberships { household: 'households/book-2' relation_code: '20' start_date { year: 2022 month: 1 day: 1 } }"));
  EXPECT_THAT(Corrected(resident), HasReason(reasons::kSecondHousehold));
  *resident.mutable_memberships(0)->mutable_end_date() = DayToProto(Day::Of(2021, 12, 31));
  ASSERT_THAT(Correct(Living(), resident, kHouseholds, kToday), IsOk());
  EXPECT_EQ(resident.registered_household(), "households/book-2");
}

TEST(ResidentRulesTest, MarksThatAreHealthOrJudicialFactsAreNotAccepted) {
  for (const auto kind : {v1::ResidentTag::KIND_DISABLED, v1::ResidentTag::KIND_COMMUNITY_CORRECTION}) {
    Resident resident = Living();
    resident.add_tags()->set_kind(kind);
    *resident.mutable_tags(0)->mutable_start_date() = DayToProto(kCame);
    EXPECT_THAT(Corrected(resident), HasReason("SENSITIVE_FIELD_NOT_ACCEPTED"));
    resident.mutable_tags(0)->set_kind(v1::ResidentTag::KIND_VETERAN);
    EXPECT_THAT(Corrected(resident), IsOk());
    *resident.add_tags() = resident.tags(0);
    EXPECT_THAT(Corrected(resident), HasReason(reasons::kOverlappingTags));
  }
}

TEST(ResidentRulesTest, MarksDoNotContradictTheDateOfBirth) {
  Resident resident = Living();
  resident.clear_birth_date();
  resident.add_tags()->set_kind(v1::ResidentTag::KIND_ELDERLY_ALONE);
  *resident.mutable_tags(0)->mutable_start_date() = DayToProto(kCame);
  EXPECT_THAT(Corrected(resident), IsOk()) << "nobody knows better";
  const auto born = [&](int years_before, int days) {
    *resident.mutable_birth_date() = DayToProto(AddMonths(kCame, -12 * years_before) + days);
    return Corrected(resident);
  };
  EXPECT_THAT(born(60, 0), IsOk());
  EXPECT_THAT(born(60, 1), HasReason("AGE_CONTRADICTS_REGISTER"));
  resident.mutable_tags(0)->set_kind(v1::ResidentTag::KIND_LEFT_BEHIND_CHILD);
  EXPECT_THAT(born(16, 0), HasReason("AGE_CONTRADICTS_REGISTER"));
  EXPECT_THAT(born(16, 1), IsOk());
}

TEST(ResidentRulesTest, AMoveEndsHereAndBeginsThere) {
  Resident resident = Living();
  v1::MoveResidentRequest request = To("south");
  request.set_household("households/book-2");
  request.set_relation_code("30");
  ASSERT_THAT(Move(resident, request, kHouseholds, On(Day::Of(2023, 5, 1))), IsOk());
  EXPECT_THAT(CountedStays(resident), ElementsAre(Stay{"organizations/north", {kCame, Day::Of(2023, 4, 30)}},
                                                  Stay{"organizations/south", {Day::Of(2023, 5, 1), Day::Max()}}));
  EXPECT_EQ(NewestResidence(resident).organization(), "organizations/south");
  EXPECT_EQ(resident.registered_household(), "households/book-2");
  EXPECT_EQ(resident.shared_living_household(), "households/family");
  EXPECT_EQ(DayFromProto(resident.memberships(0).end_date()), Day::Of(2023, 4, 30));
  EXPECT_FALSE(resident.memberships(1).has_end_date());
  EXPECT_EQ(resident.state(), v1::RESIDENT_STATE_REGISTERED);
  EXPECT_EQ(resident.transitions(1).state(), "residence:MOVED");
  EXPECT_EQ(resident.transitions(1).actor(), "clerk");
}

TEST(ResidentRulesTest, AMoveEndsTheRegistrationAtTheNewPlaceAndKeepsThatElsewhere) {
  Resident resident = Living();
  *resident.add_residences() = Stays("south", v1::RESIDENCE_KIND_REGISTERED_ONLY, kCame, Day::Max());
  *resident.add_residences() = Stays("west", v1::RESIDENCE_KIND_REGISTERED_ONLY, kCame, Day::Max());
  ASSERT_THAT(Move(resident, To("south", v1::RESIDENCE_KIND_PERMANENT), kHouseholds, On(Day::Of(2023, 5, 1))), IsOk());
  EXPECT_TRUE(resident.residences(1).has_end_date());
  EXPECT_FALSE(resident.residences(2).has_end_date());
}

TEST(ResidentRulesTest, AMoveThatCannotBeIsRefused) {
  Resident resident = Living();
  EXPECT_THAT(Move(resident, To("south", v1::RESIDENCE_KIND_REGISTERED_ONLY), kHouseholds, On(kToday)),
              HasReason(reasons::kNotAPlaceToLive));
  EXPECT_THAT(Move(resident, To("south"), kHouseholds, On(kCame)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  EXPECT_THAT(Move(resident, To("south"), kHouseholds, On(kToday + 1)), HasReason(dangjian::reasons::kDateInFuture));
  v1::MoveResidentRequest request = To("south");
  request.set_household("households/book-2");
  EXPECT_THAT(Move(resident, request, kHouseholds, On(kToday)), HasReason("FIELD_REQUIRED"));
  resident = Living();
  ASSERT_THAT(MoveOut(resident, On(kToday)), IsOk());
  EXPECT_THAT(Move(resident, To("south"), kHouseholds, On(kToday)), HasReason("ILLEGAL_TRANSITION"));
}

TEST(ResidentRulesTest, MovingOutEndsEveryStayAndMembership) {
  Resident resident = Living();
  EXPECT_THAT(MoveOut(resident, On(kCame - 1)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  resident = Living();
  EXPECT_THAT(MoveOut(resident, On(kToday + 1)), HasReason(dangjian::reasons::kDateInFuture));
  ASSERT_THAT(MoveOut(resident, On(Day::Of(2023, 5, 1))), IsOk());
  EXPECT_EQ(resident.state(), v1::RESIDENT_STATE_MOVED_OUT);
  EXPECT_THAT(CountedStays(resident), ElementsAre(Stay{"organizations/north", {kCame, Day::Of(2023, 4, 30)}}));
  for (const auto& membership : resident.memberships()) {
    EXPECT_EQ(DayFromProto(membership.end_date()), Day::Of(2023, 4, 30));
  }
  EXPECT_THAT(MoveOut(resident, On(kToday)), HasReason("ILLEGAL_TRANSITION"));
}

TEST(ResidentRulesTest, ADeathAfterMovingOutLeavesTheDaysThatCounted) {
  Resident resident = Living();
  ASSERT_THAT(MoveOut(resident, On(Day::Of(2023, 5, 1))), IsOk());
  const std::vector<Stay> stays = CountedStays(resident);
  EXPECT_THAT(RecordDeath(resident, On(Day::Of(2023, 4, 1))), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(RecordDeath(resident, On(Day::Of(2024, 1, 1))), IsOk());
  EXPECT_EQ(resident.state(), v1::RESIDENT_STATE_DECEASED);
  EXPECT_EQ(CountedStays(resident), stays);
  EXPECT_THAT(RecordDeath(resident, On(kToday)), HasReason("ILLEGAL_TRANSITION"));
}

TEST(ResidentRulesTest, ADeathOnTheFirstDayCountsOnNoDay) {
  Resident resident = Living();
  ASSERT_THAT(RecordDeath(resident, On(kCame)), IsOk());
  EXPECT_THAT(CountedStays(resident), IsEmpty());
  Resident same = resident;
  EXPECT_THAT(Correct(resident, same, kHouseholds, kToday), IsOk()) << "the record stays one that can be corrected";
}

TEST(ResidentRulesTest, AMergeIsTakenBackToTheStateBefore) {
  Resident into = Living();
  into.set_name("residents/other");
  Resident before = Living();
  ASSERT_THAT(Move(before, To("south"), kHouseholds, On(Day::Of(2023, 5, 1))), IsOk());
  Resident resident = before;
  ASSERT_THAT(MergeInto(resident, into, On(kToday)), IsOk());
  EXPECT_THAT(CountedStays(resident), IsEmpty());
  EXPECT_EQ(resident.merged_into(), "residents/other");
  EXPECT_THAT(Correct(resident, resident, kHouseholds, kToday), HasReason(reasons::kRecordMerged));
  EXPECT_THAT(MoveOut(resident, On(kToday)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(RecordDeath(resident, On(kToday)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(MergeInto(into, resident, On(kToday)), HasReason(reasons::kMergeTargetMerged));
  ASSERT_THAT(Unmerge(resident, On(kToday)), IsOk());
  EXPECT_EQ(resident.state(), v1::RESIDENT_STATE_REGISTERED);
  EXPECT_EQ(CountedStays(resident), CountedStays(before));
  EXPECT_THAT(Unmerge(resident, On(kToday)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(MergeInto(resident, resident, On(kToday)), HasReason(reasons::kMergeIntoSelf));
}

TEST(ResidentRulesTest, ADuplicateOfAMemberIsMergedIntoARecordOfThatMember) {
  Resident into = Living();
  into.set_name("residents/other");
  into.clear_member();
  Resident resident = Living();
  resident.set_member("members/wang");
  EXPECT_THAT(MergeInto(resident, into, On(kToday)), HasReason(reasons::kMergeMemberDiffers));
  EXPECT_EQ(resident.merged_into(), "");
  into.set_member("members/wang");
  EXPECT_THAT(MergeInto(resident, into, On(kToday)), IsOk());
}

TEST(ResidentRulesTest, NobodyEntersAHouseholdThatWasClosedOrMerged) {
  Households households = kHouseholds;
  v1::Household& book = households["households/book-2"];
  book.set_state(v1::HOUSEHOLD_STATE_MOVED_OUT);
  *book.mutable_ended_on() = DayToProto(Day::Of(2023, 5, 1));
  const auto with_place = [&](Day first, Day last) {
    Resident resident = Living();
    *resident.mutable_memberships(0)->mutable_end_date() = DayToProto(first - 1);
    v1::HouseholdMembership& place = *resident.add_memberships();
    place.set_household("households/book-2");
    place.set_relation_code("20");
    *place.mutable_start_date() = DayToProto(first);
    if (last != Day::Max()) *place.mutable_end_date() = DayToProto(last);
    return Correct(Living(), resident, households, kToday);
  };
  EXPECT_THAT(with_place(Day::Of(2023, 1, 1), Day::Max()), HasReason(reasons::kHouseholdNotOpen));
  EXPECT_THAT(with_place(Day::Of(2023, 1, 1), Day::Of(2023, 5, 1)), HasReason(reasons::kHouseholdNotOpen));
  EXPECT_THAT(with_place(Day::Of(2023, 1, 1), Day::Of(2023, 4, 30)), IsOk()) << "of the past, while it was open";
  book.set_state(v1::HOUSEHOLD_STATE_MERGED_DUPLICATE);
  EXPECT_THAT(with_place(Day::Of(2023, 1, 1), Day::Of(2023, 4, 30)), HasReason(reasons::kHouseholdNotOpen));

  v1::MoveResidentRequest request = To("south");
  request.set_household("households/book-2");
  request.set_relation_code("20");
  Resident resident = Living();
  EXPECT_THAT(Move(resident, request, households, On(Day::Of(2023, 5, 1))), HasReason(reasons::kHouseholdNotOpen));
  households["households/book"].set_state(v1::HOUSEHOLD_STATE_MERGED_DUPLICATE);
  resident = Living();
  resident.set_display_name("王二");
  EXPECT_THAT(Correct(Living(), resident, households, kToday), IsOk()) << "a place of before stays as it was entered";
  book.set_state(v1::HOUSEHOLD_STATE_REGISTERED);
  book.clear_ended_on();
  EXPECT_THAT(Move(resident, request, households, On(Day::Of(2023, 5, 1))), IsOk()) << "out of a duplicate";
}

TEST(ResidentRulesTest, WhoLeftTakesNoMorePlaces) {
  Resident gone = Living();
  ASSERT_THAT(RecordDeath(gone, On(Day::Of(2023, 5, 1))), IsOk());
  Resident updated = gone;
  updated.mutable_memberships(0)->clear_end_date();
  EXPECT_THAT(Correct(gone, updated, kHouseholds, kToday), HasReason(reasons::kMembershipAfterLeaving));
  updated = gone;
  *updated.mutable_memberships(0)->mutable_end_date() = DayToProto(Day::Of(2023, 4, 1));
  EXPECT_THAT(Correct(gone, updated, kHouseholds, kToday), IsOk());
}

}  // namespace
}  // namespace dangjian::registry
