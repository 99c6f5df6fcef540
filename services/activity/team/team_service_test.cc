#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "google/protobuf/empty.pb.h"
#include "services/activity/team/team_rules.h"
#include "services/activity/team_membership/membership_rules.h"
#include "services/activity/testing/people_fixture.h"

namespace dangjian::activity {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::google::protobuf::Empty;

class TeamServiceTest : public PeopleTest {
 protected:
  int64_t Teams(Day day, const std::string& kind) { return Figure("teams", "street", day, {{0, {kind}}}); }
  int64_t Memberships(Day day, const std::string& kind) {
    return Figure("team_memberships", "street", day, {{0, {kind}}});
  }
  absl::StatusOr<v1::Team> Disband(const std::string& day) {
    return Call<v1::Team, v1::DisbandTeamRequest>(
        absl::StrCat("name: 'teams/choir' reason: '合并' occurred_on ", DateText(day)));
  }
  absl::StatusOr<v1::Team> AddChoir() { return AddTeam("choir", "CULTURE", "culture_kind: CULTURE_KIND_CHOIR"); }
};

TEST_F(TeamServiceTest, CountsFromFormationThroughDisbandment) {
  ASSERT_THAT(AddChoir(), IsOk());
  ASSERT_THAT(AddTeam("guards", "PATROL"), IsOk());
  EXPECT_EQ(Teams(Day::Of(2026, 1, 9), "CULTURE"), 0);
  EXPECT_EQ(Teams(Day::Of(2026, 1, 10), "CULTURE"), 1);
  EXPECT_EQ(Figure("teams", "street", Day::Of(2026, 1, 10)), 2);
  ASSERT_THAT(Disband("2026-06-30"), IsOk());
  EXPECT_EQ(Teams(Day::Of(2026, 6, 30), "CULTURE"), 1);
  EXPECT_EQ(Teams(Day::Of(2026, 7, 1), "CULTURE"), 0);
  EXPECT_THAT(Disband("2026-07-01"), HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(TeamServiceTest, MembershipsAreNotPersons) {
  ASSERT_THAT(AddPerson("sun", "members/wang"), IsOk());
  ASSERT_THAT(AddChoir(), IsOk());
  ASSERT_THAT(AddTeam("dance", "CULTURE", "culture_kind: CULTURE_KIND_DANCE"), IsOk());
  ASSERT_THAT(AddTeam("helpers", "VOLUNTEER"), IsOk());
  ASSERT_THAT(AddToTeam("a", "choir", "members/wang", "2026-02-01"), IsOk());
  const auto same = AddToTeam("b", "dance", "residents/sun", "2026-02-01");
  ASSERT_THAT(same, IsOk());
  EXPECT_EQ(same->canonical_person(), "members/wang");
  EXPECT_EQ(same->organization(), "organizations/east");
  ASSERT_THAT(AddToTeam("c", "dance", "residents/chen-1", "2026-03-01"), IsOk());
  ASSERT_THAT(AddToTeam("d", "helpers", "residents/chen-1", "2026-03-01"), IsOk());
  const Day day = Day::Of(2026, 4, 1);
  EXPECT_EQ(Memberships(day, "CULTURE"), 3);
  EXPECT_EQ(Figure("culture_team_members", "street", day), 2);
  EXPECT_EQ(Figure("culture_team_members", "street", Day::Of(2026, 2, 28)), 1);
  EXPECT_EQ(Figure("volunteer_team_members", "street", day), 1);
  EXPECT_EQ(Figure("patrol_team_members", "street", day), 0);
  ASSERT_THAT((Call<Empty, v1::DeleteTeamMembershipRequest>("name: 'teamMemberships/c'")), IsOk());
  EXPECT_EQ(Memberships(day, "CULTURE"), 2);
  EXPECT_EQ(Figure("culture_team_members", "street", day), 1);
}

TEST_F(TeamServiceTest, APersonIsInATeamOnceAtATime) {
  ASSERT_THAT(AddPerson("sun", "members/wang"), IsOk());
  ASSERT_THAT(AddChoir(), IsOk());
  ASSERT_THAT(AddToTeam("a", "choir", "members/wang", "2026-02-01", "end_date { year: 2026 month: 3 day: 31 }"),
              IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT(AddToTeam("b", "choir", "residents/sun", "2026-03-31"), HasReason(reasons::kDuplicateTeamMembership));
  EXPECT_THAT(AddToTeam("b", "choir", "residents/chen-1", "2026-01-09"), HasReason(reasons::kMembershipOutsideTeam));
  EXPECT_THAT(AddToTeam("b", "choir", "residents/chen-1", "2026-11-21"), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(AddToTeam("b", "choir", "residents/chen-1", "2026-05-01", "end_date { year: 2026 month: 4 day: 30 }"),
              HasReason("DATES_OUT_OF_ORDER"));
  EXPECT_THAT(AddToTeam("b", "choir", "residents/nobody", "2026-05-01"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_EQ(LastRevision(), before) << "something was stored";
  EXPECT_THAT(AddToTeam("b", "choir", "residents/sun", "2026-04-01"), IsOk());
}

TEST_F(TeamServiceTest, AnOverlapIsFoundHoweverManyStaysCameBefore) {
  ASSERT_THAT(AddChoir(), IsOk());
  for (int i = 0; i < 100; ++i) {
    const std::string day = FormatDay(Day::Of(2026, 2, 1) + i);
    ASSERT_THAT(AddToTeam(absl::StrCat("a-", i), "choir", "members/wang", day, "end_date " + DateText(day)), IsOk());
  }
  ASSERT_THAT(AddToTeam("present", "choir", "members/wang", "2026-07-01"), IsOk());
  EXPECT_THAT(AddToTeam("twice", "choir", "members/wang", "2026-08-01"), HasReason(reasons::kDuplicateTeamMembership));
}

TEST_F(TeamServiceTest, MembershipsEndAndAreCorrected) {
  ASSERT_THAT(AddChoir(), IsOk());
  ASSERT_THAT(AddToTeam("a", "choir", "members/wang", "2026-02-01"), IsOk());
  const auto end = [this](const std::string& day) {
    return Call<v1::TeamMembership, v1::EndTeamMembershipRequest>(
        absl::StrCat("name: 'teamMemberships/a' occurred_on ", DateText(day)));
  };
  EXPECT_THAT(end("2026-01-31"), HasReason("DATES_OUT_OF_ORDER"));
  EXPECT_THAT(end("2026-11-21"), HasReason("DATE_IN_FUTURE"));
  ASSERT_THAT(end("2026-05-31"), IsOk());
  EXPECT_THAT(end("2026-06-30"), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_EQ(Figure("culture_team_members", "street", Day::Of(2026, 5, 31)), 1);
  EXPECT_EQ(Figure("culture_team_members", "street", Day::Of(2026, 6, 1)), 0);
  ASSERT_THAT((Call<v1::TeamMembership, v1::UpdateTeamMembershipRequest>(
                  absl::StrCat("team_membership { name: 'teamMemberships/a' end_date ", DateText("2026-06-30"),
                               " } update_mask { paths: 'end_date' }"))),
              IsOk());
  EXPECT_EQ(Figure("culture_team_members", "street", Day::Of(2026, 6, 1)), 1);
}

TEST_F(TeamServiceTest, DisbandmentEndsTheMemberships) {
  ASSERT_THAT(AddChoir(), IsOk());
  ASSERT_THAT(AddToTeam("a", "choir", "members/wang", "2026-02-01"), IsOk());
  ASSERT_THAT(AddToTeam("b", "choir", "members/li", "2026-02-01", "end_date { year: 2026 month: 3 day: 31 }"), IsOk());
  ASSERT_THAT(AddToTeam("c", "choir", "members/zhao", "2026-07-01"), IsOk());
  EXPECT_THAT(Disband("2026-06-30"), HasReason(reasons::kMembershipOutsideTeam));
  EXPECT_EQ(Memberships(Day::Of(2026, 7, 1), "CULTURE"), 2) << "nothing was stored";
  ASSERT_THAT((Call<Empty, v1::DeleteTeamMembershipRequest>("name: 'teamMemberships/c'")), IsOk());
  ASSERT_THAT(Disband("2026-06-30"), IsOk());
  EXPECT_EQ(Memberships(Day::Of(2026, 3, 31), "CULTURE"), 2);
  EXPECT_EQ(Memberships(Day::Of(2026, 6, 30), "CULTURE"), 1);
  EXPECT_EQ(Memberships(Day::Of(2026, 7, 1), "CULTURE"), 0);
  EXPECT_THAT(AddToTeam("d", "choir", "members/zhao", "2026-06-01"), HasReason(reasons::kMembershipOutsideTeam));
}

TEST_F(TeamServiceTest, DisbandmentEndsMoreThanAThousandMemberships) {
  ASSERT_THAT(AddTeam("helpers", "VOLUNTEER"), IsOk());
  for (int batch = 0; batch < 3; ++batch) {
    v1::BatchCreateTeamMembershipsRequest request;
    for (int i = 0; i < 400; ++i) {
      const std::string id = absl::StrCat("crowd-", batch, "-", i);
      ASSERT_THAT(AddPerson(id), IsOk());
      v1::TeamMembership& membership = *request.add_requests()->mutable_team_membership();
      membership.set_team("teams/helpers");
      membership.set_person("residents/" + id);
      *membership.mutable_start_date() = DayToProto(Day::Of(2026, 2, 1));
    }
    ASSERT_THAT(Call<v1::BatchCreateTeamMembershipsResponse>(request), IsOk());
  }
  EXPECT_EQ(Figure("volunteer_team_members", "street", Day::Of(2026, 7, 1)), 1200);
  EXPECT_THAT(
      (Call<v1::Team, v1::UpdateTeamRequest>(absl::StrCat(
          "team { name: 'teams/helpers' formed_on ", DateText("2026-02-02"), " } update_mask { paths: 'formed_on' }"))),
      HasReason(reasons::kMembershipOutsideTeam));
  ASSERT_THAT((Call<v1::Team, v1::DisbandTeamRequest>(
                  absl::StrCat("name: 'teams/helpers' reason: '合并' occurred_on ", DateText("2026-06-30")))),
              IsOk());
  EXPECT_EQ(Figure("volunteer_team_members", "street", Day::Of(2026, 6, 30)), 1200);
  EXPECT_EQ(Figure("volunteer_team_members", "street", Day::Of(2026, 7, 1)), 0);
}

TEST_F(TeamServiceTest, ATeamWithMembershipsStaysAndHoldsThem) {
  ASSERT_THAT(AddChoir(), IsOk());
  ASSERT_THAT(AddToTeam("a", "choir", "members/wang", "2026-02-01"), IsOk());
  EXPECT_THAT((Call<Empty, v1::DeleteTeamRequest>("name: 'teams/choir'")), HasReason(reasons::kTeamHasMemberships));
  const auto form_on = [this](const std::string& day) {
    return Call<v1::Team, v1::UpdateTeamRequest>(
        absl::StrCat("team { name: 'teams/choir' formed_on ", DateText(day), " } update_mask { paths: 'formed_on' }"));
  };
  EXPECT_THAT(form_on("2026-02-02"), HasReason(reasons::kMembershipOutsideTeam));
  ASSERT_THAT(form_on("2025-12-01"), IsOk());
  EXPECT_EQ(Teams(Day::Of(2025, 12, 31), "CULTURE"), 1);
  ASSERT_THAT((Call<Empty, v1::DeleteTeamMembershipRequest>("name: 'teamMemberships/a'")), IsOk());
  ASSERT_THAT((Call<Empty, v1::DeleteTeamRequest>("name: 'teams/choir'")), IsOk());
  EXPECT_EQ(Teams(Day::Of(2026, 6, 1), "CULTURE"), 0);
}

TEST_F(TeamServiceTest, BatchesAreAllOrNone) {
  ASSERT_THAT(AddChoir(), IsOk());
  const std::string one = "requests { team_membership { team: 'teams/choir' person: 'members/wang' start_date " +
                          DateText("2026-02-01") + " } } ";
  EXPECT_THAT((Call<v1::BatchCreateTeamMembershipsResponse, v1::BatchCreateTeamMembershipsRequest>(one + one)),
              HasReason(reasons::kDuplicateTeamMembership));
  EXPECT_EQ(Memberships(Day::Of(2026, 3, 1), "CULTURE"), 0);
  ASSERT_THAT((Call<v1::BatchCreateTeamMembershipsResponse, v1::BatchCreateTeamMembershipsRequest>(one)), IsOk());
  const auto list =
      Call<v1::ListTeamMembershipsResponse, v1::ListTeamMembershipsRequest>("canonical_person: 'members/wang'");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->team_memberships_size(), 1);
}

}  // namespace
}  // namespace dangjian::activity
