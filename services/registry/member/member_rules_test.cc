#include "services/registry/member/member_rules.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::testing::ElementsAre;
using v1::Member;

const Day kToday = Day::Of(2024, 6, 30);

Step On(Day day) { return {.day = day, .today = kToday, .actor = "clerk", .reason = "会议决定"}; }

Member Unadmitted() {
  return Proto<Member>(R"(name: 'members/m' display_name: '张三' admitted_on { year: 2020 month: 3 day: 10 }
                          relations { organization: 'organizations/a' })");
}

Member In(v1::MemberStatus status) {
  Member member = Unadmitted();
  EXPECT_THAT(Admit(member, On(kToday)), IsOk());
  const Step confirmed = On(Day::Of(2021, 3, 10));
  const Step later = On(Day::Of(2022, 1, 1));
  switch (status) {
    case v1::MEMBER_STATUS_EXTENDED:
      EXPECT_THAT(Extend(member, Day::Of(2021, 9, 10), On(Day::Of(2021, 3, 1))), IsOk());
      break;
    case v1::MEMBER_STATUS_FULL:
      EXPECT_THAT(Confirm(member, confirmed), IsOk());
      break;
    case v1::MEMBER_STATUS_SUSPENDED:
      EXPECT_THAT(Confirm(member, confirmed), IsOk());
      EXPECT_THAT(Suspend(member, later), IsOk());
      break;
    case v1::MEMBER_STATUS_REMOVED:
      EXPECT_THAT(Confirm(member, confirmed), IsOk());
      EXPECT_THAT(Remove(member, v1::REMOVAL_KIND_LAPSED, later), IsOk());
      break;
    case v1::MEMBER_STATUS_CANCELLED:
      EXPECT_THAT(Cancel(member, later), IsOk());
      break;
    case v1::MEMBER_STATUS_DECEASED:
      EXPECT_THAT(RecordDeath(member, later), IsOk());
      break;
    case v1::MEMBER_STATUS_PROBATIONARY:
    case v1::MEMBER_STATUS_UNSPECIFIED:
    case v1::MemberStatus_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::MemberStatus_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  EXPECT_EQ(member.status(), status);
  return member;
}

using Statuses = std::vector<v1::MemberStatus>;

TEST(MemberRulesTest, EveryTransitionOfTheStatusMachineAndNoOther) {
  struct Verb {
    const char* name;
    std::function<absl::Status(Member&, const Step&)> run;
    Statuses from;
    v1::MemberStatus to;
  };
  const Verb verbs[] = {
      {"confirm", &Confirm, {v1::MEMBER_STATUS_PROBATIONARY, v1::MEMBER_STATUS_EXTENDED}, v1::MEMBER_STATUS_FULL},
      {"extend",
       [](Member& member, const Step& step) { return Extend(member, Day::Of(2021, 9, 10), step); },
       {v1::MEMBER_STATUS_PROBATIONARY},
       v1::MEMBER_STATUS_EXTENDED},
      {"cancel", &Cancel, {v1::MEMBER_STATUS_PROBATIONARY, v1::MEMBER_STATUS_EXTENDED}, v1::MEMBER_STATUS_CANCELLED},
      {"suspend",
       [](Member& member, const Step& step) { return Suspend(member, step); },
       {v1::MEMBER_STATUS_FULL},
       v1::MEMBER_STATUS_SUSPENDED},
      {"restore", &Restore, {v1::MEMBER_STATUS_SUSPENDED}, v1::MEMBER_STATUS_FULL},
      {"remove",
       [](Member& member, const Step& step) { return Remove(member, v1::REMOVAL_KIND_EXPELLED, step); },
       {v1::MEMBER_STATUS_FULL, v1::MEMBER_STATUS_SUSPENDED},
       v1::MEMBER_STATUS_REMOVED},
      {"death",
       &RecordDeath,
       {v1::MEMBER_STATUS_PROBATIONARY, v1::MEMBER_STATUS_EXTENDED, v1::MEMBER_STATUS_FULL, v1::MEMBER_STATUS_SUSPENDED,
        v1::MEMBER_STATUS_REMOVED, v1::MEMBER_STATUS_CANCELLED},
       v1::MEMBER_STATUS_DECEASED},
  };
  for (const Verb& verb : verbs) {
    for (int from = v1::MEMBER_STATUS_PROBATIONARY; from <= v1::MEMBER_STATUS_DECEASED; ++from) {
      Member member = In(static_cast<v1::MemberStatus>(from));
      SCOPED_TRACE(std::string(verb.name) + " a member who is " + ShortName(member.status()));
      const bool legal = std::find(verb.from.begin(), verb.from.end(), member.status()) != verb.from.end();
      const std::string before = member.SerializeAsString();
      const absl::Status status = verb.run(member, On(kToday));
      if (legal) {
        EXPECT_THAT(status, IsOk());
        EXPECT_EQ(member.status(), verb.to);
        EXPECT_EQ(member.category(), CategoryOf(verb.to));
      } else {
        EXPECT_THAT(status, HasReason("ILLEGAL_TRANSITION"));
        EXPECT_EQ(member.SerializeAsString(), before);
      }
    }
  }
}

TEST(MemberRulesTest, WorkedExampleProbationCountsFromTheAssemblyVote) {
  auto member = Proto<Member>(R"(display_name: '李四' admitted_on { year: 2026 month: 3 day: 10 }
                                 admission_approved_on { year: 2026 month: 5 day: 28 }
                                 oath_on { year: 2026 month: 6 day: 30 }
                                 relations { organization: 'organizations/a' })");
  const Day today = Day::Of(2026, 11, 22);
  ASSERT_THAT(Admit(member, {.day = today, .today = today}), IsOk());
  EXPECT_EQ(member.status(), v1::MEMBER_STATUS_PROBATIONARY);
  EXPECT_EQ(DayFromProto(member.probation_due_on()), Day::Of(2027, 3, 10));
  EXPECT_EQ(DayFromProto(member.relations(0).start_date()), Day::Of(2026, 3, 10));
}

TEST(MemberRulesTest, ConfirmationWaitsForTheEndOfTheProbation) {
  Member member = In(v1::MEMBER_STATUS_PROBATIONARY);
  EXPECT_THAT(Confirm(member, On(Day::Of(2021, 3, 9))), HasReason(reasons::kProbationNotOver));
  EXPECT_THAT(Confirm(member, On(Day::Of(2021, 3, 10))), IsOk());
  EXPECT_EQ(DayFromProto(member.full_on()), Day::Of(2021, 3, 10));
}

TEST(MemberRulesTest, AnExtendedProbationEndsLater) {
  Member member = In(v1::MEMBER_STATUS_EXTENDED);
  EXPECT_THAT(Confirm(member, On(Day::Of(2021, 9, 9))), HasReason(reasons::kProbationNotOver));
  EXPECT_THAT(Confirm(member, On(Day::Of(2021, 9, 10))), IsOk());
}

TEST(MemberRulesTest, AnExtensionLastsSixMonthsToOneYear) {
  const std::pair<Day, bool> cases[] = {{Day::Of(2021, 9, 9), false},
                                        {Day::Of(2021, 9, 10), true},
                                        {Day::Of(2022, 3, 10), true},
                                        {Day::Of(2022, 3, 11), false}};
  for (const auto& [due, allowed] : cases) {
    Member member = In(v1::MEMBER_STATUS_PROBATIONARY);
    const absl::Status status = Extend(member, due, On(Day::Of(2021, 3, 10)));
    if (allowed) {
      EXPECT_THAT(status, IsOk()) << FormatDay(due);
    } else {
      EXPECT_THAT(status, HasReason(reasons::kExtensionOutOfRange)) << FormatDay(due);
    }
  }
}

TEST(MemberRulesTest, AMemberOfLongStandingIsEnteredAsFull) {
  Member member = Unadmitted();
  *member.mutable_full_on() = DayToProto(Day::Of(2021, 3, 10));
  ASSERT_THAT(Admit(member, On(kToday)), IsOk());
  EXPECT_EQ(member.status(), v1::MEMBER_STATUS_FULL);
  EXPECT_EQ(member.category(), v1::MEMBER_CATEGORY_FULL);
  EXPECT_EQ(member.organization(), "organizations/a");
  ASSERT_EQ(member.transitions_size(), 2);
  EXPECT_EQ(member.transitions(0).state(), "PROBATIONARY");
  EXPECT_EQ(member.transitions(1).state(), "FULL");
}

TEST(MemberRulesTest, BackEntryKeepsTheProbation) {
  Member member = Unadmitted();
  *member.mutable_full_on() = DayToProto(Day::Of(2020, 12, 1));
  EXPECT_THAT(Admit(member, On(kToday)), HasReason(reasons::kProbationNotOver));
}

TEST(MemberRulesTest, OldAdmissionsMayHaveHadNoProbation) {
  Member member = Unadmitted();
  *member.mutable_admitted_on() = DayToProto(Day::Of(1971, 7, 1));
  *member.mutable_full_on() = DayToProto(Day::Of(1971, 7, 1));
  EXPECT_THAT(Admit(member, On(kToday)), IsOk());
  EXPECT_EQ(member.status(), v1::MEMBER_STATUS_FULL);
}

TEST(MemberRulesTest, AdmissionIsNotInTheFuture) {
  Member member = Unadmitted();
  *member.mutable_admitted_on() = DayToProto(kToday + 1);
  EXPECT_THAT(Admit(member, On(kToday)), HasReason(dangjian::reasons::kDateInFuture));
}

TEST(MemberRulesTest, ASecondRelationIsRefused) {
  Member member = Unadmitted();
  member.add_relations()->set_organization("organizations/b");
  EXPECT_THAT(Admit(member, On(kToday)), HasReason("SECOND_RELATION"));
}

TEST(MemberRulesTest, RelationsFollowEachOtherWithoutOverlapOrGap) {
  Member member = Unadmitted();
  *member.mutable_relations(0)->mutable_end_date() = DayToProto(Day::Of(2022, 4, 30));
  v1::OrganizationalRelation& next = *member.add_relations();
  next.set_organization("organizations/b");
  *next.mutable_start_date() = DayToProto(Day::Of(2022, 4, 30));
  Member overlapping = member;
  EXPECT_THAT(Admit(overlapping, On(kToday)), HasReason("SECOND_RELATION"));
  *next.mutable_start_date() = DayToProto(Day::Of(2022, 5, 2));
  Member with_gap = member;
  EXPECT_THAT(Admit(with_gap, On(kToday)), HasReason(reasons::kRelationGap));
  *next.mutable_start_date() = DayToProto(Day::Of(2022, 5, 1));
  EXPECT_THAT(Admit(member, On(kToday)), IsOk());
  EXPECT_EQ(member.organization(), "organizations/b");
}

TEST(MemberRulesTest, TheLastRelationIsOpenAndNoneIsOlderThanTheAdmission) {
  Member ended = Unadmitted();
  *ended.mutable_relations(0)->mutable_end_date() = DayToProto(Day::Of(2022, 4, 30));
  EXPECT_THAT(Admit(ended, On(kToday)), HasReason(reasons::kRelationGap));
  Member early = Unadmitted();
  *early.mutable_relations(0)->mutable_start_date() = DayToProto(Day::Of(2020, 3, 9));
  EXPECT_THAT(Admit(early, On(kToday)), HasReason(reasons::kRelationBeforeAdmission));
}

TEST(MemberRulesTest, TheEndOfMembershipEndsTheRelation) {
  const Member member = In(v1::MEMBER_STATUS_REMOVED);
  EXPECT_EQ(member.organization(), "");
  EXPECT_EQ(DayFromProto(member.relations(0).end_date()), Day::Of(2022, 1, 1));
  EXPECT_EQ(member.removal_kind(), v1::REMOVAL_KIND_LAPSED);
  EXPECT_EQ(member.category(), v1::MEMBER_CATEGORY_UNSPECIFIED);
}

TEST(MemberRulesTest, MoveRelationLeavesNoDayWithoutOneAndNoneWithTwo) {
  Member member = In(v1::MEMBER_STATUS_FULL);
  EXPECT_THAT(MoveRelation(member, "organizations/b", Day::Of(2020, 3, 10)), HasReason("SECOND_RELATION"));
  ASSERT_THAT(MoveRelation(member, "organizations/b", Day::Of(2023, 5, 1)), IsOk());
  EXPECT_EQ(DayFromProto(member.relations(0).end_date()), Day::Of(2023, 4, 30));
  EXPECT_EQ(DayFromProto(member.relations(1).start_date()), Day::Of(2023, 5, 1));
  EXPECT_EQ(member.organization(), "organizations/b");
}

TEST(MemberRulesTest, WhoHasLeftDoesNotMove) {
  Member member = In(v1::MEMBER_STATUS_DECEASED);
  EXPECT_THAT(MoveRelation(member, "organizations/b", Day::Of(2023, 5, 1)), HasReason(reasons::kMemberNotActive));
}

TEST(MemberRulesTest, StandingsCutRelationsByStatus) {
  Member member = In(v1::MEMBER_STATUS_FULL);
  ASSERT_THAT(MoveRelation(member, "organizations/b", Day::Of(2022, 5, 1)), IsOk());
  ASSERT_THAT(Suspend(member, On(Day::Of(2023, 1, 1))), IsOk());
  ASSERT_THAT(RecordDeath(member, On(Day::Of(2023, 6, 1))), IsOk());
  EXPECT_THAT(
      Standings(member),
      ElementsAre(
          Standing{"organizations/a", v1::MEMBER_STATUS_PROBATIONARY, {Day::Of(2020, 3, 10), Day::Of(2021, 3, 9)}},
          Standing{"organizations/a", v1::MEMBER_STATUS_FULL, {Day::Of(2021, 3, 10), Day::Of(2022, 4, 30)}},
          Standing{"organizations/b", v1::MEMBER_STATUS_FULL, {Day::Of(2022, 5, 1), Day::Of(2022, 12, 31)}},
          Standing{"organizations/b", v1::MEMBER_STATUS_SUSPENDED, {Day::Of(2023, 1, 1), Day::Of(2023, 5, 31)}}));
}

TEST(MemberRulesTest, AnOpenStandingLasts) {
  const Member member = In(v1::MEMBER_STATUS_PROBATIONARY);
  EXPECT_THAT(
      Standings(member),
      ElementsAre(Standing{"organizations/a", v1::MEMBER_STATUS_PROBATIONARY, {Day::Of(2020, 3, 10), Day::Max()}}));
}

}  // namespace
}  // namespace dangjian::registry
