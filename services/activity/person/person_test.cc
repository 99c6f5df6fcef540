#include "dangjian/activity/v1/patrol_shift.pb.h"
#include "dangjian/activity/v1/volunteer.pb.h"
#include "dangjian/activity/v1/volunteer_certificate.pb.h"
#include "services/activity/attendance/attendance_rules.h"
#include "services/activity/patrol_shift/shift_rules.h"
#include "services/activity/testing/people_fixture.h"

// Records that turn out to be of one person after they were written.

namespace dangjian::activity {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

class SamePersonTest : public PeopleTest {
 protected:
  int64_t Street(const std::string& measure) { return Figure(measure, "street", k2026); }
  int64_t Stock(const std::string& measure) { return Figure(measure, "street", Day::Of(2026, 11, 1)); }
  std::string CountedAs(const std::string& attendance) {
    return Call<v1::Attendance, v1::GetAttendanceRequest>("name: 'attendances/" + attendance + "'")->canonical_person();
  }
  absl::StatusOr<v1::Volunteer> AddVolunteer(const std::string& id, const std::string& person) {
    return Call<v1::Volunteer, v1::CreateVolunteerRequest>(
        "volunteer_id: '" + id + "' volunteer { organization: 'organizations/east' person: '" + person +
        "' volunteer_no: 'ZY-000" + id + "' registered_on " + DateText("2026-01-05") + " consented_on " +
        DateText("2026-01-05") + " }");
  }
  absl::StatusOr<v1::PatrolShift> AddShift(const std::string& id, const std::string& people,
                                           const std::string& start = "600") {
    return Call<v1::PatrolShift, v1::CreatePatrolShiftRequest>(
        "patrol_shift_id: '" + id + "' patrol_shift { organization: 'organizations/east' " + people + " date " +
        DateText("2026-03-05") + " start_minute: " + start + " end_minute: 720 route: '东门' }");
  }
};

TEST_F(SamePersonTest, AMergeAfterAttendanceCountsOnePersonLessAndTakingItBackRestoresThem) {
  ASSERT_THAT(AddHeld("a", "2026-03-05"), IsOk());
  ASSERT_THAT(AddHeld("b", "2026-03-06"), IsOk());
  ASSERT_THAT(Attend("1", "a", "residents/zhang-1"), IsOk());
  ASSERT_THAT(Attend("2", "b", "residents/zhang-2"), IsOk());
  EXPECT_EQ(Street("participants"), 2);
  ASSERT_THAT(MergeResident("zhang-2", "zhang-1"), IsOk());
  EXPECT_EQ(Street("participants"), 1);
  EXPECT_EQ(Street("volunteers_participating"), 1);
  EXPECT_EQ(Street("volunteer_attendances"), 2);
  EXPECT_EQ(CountedAs("2"), "residents/zhang-1");
  ASSERT_THAT(MergeResident("zhang-2", ""), IsOk());
  EXPECT_EQ(Street("participants"), 2);
  EXPECT_EQ(Street("volunteers_participating"), 2);
  EXPECT_EQ(CountedAs("1"), "residents/zhang-1");
  EXPECT_EQ(CountedAs("2"), "residents/zhang-2");
}

TEST_F(SamePersonTest, ALinkToAMemberReachesThroughMerges) {
  ASSERT_THAT(AddHeld("a", "2026-03-05"), IsOk());
  ASSERT_THAT(AddHeld("b", "2026-03-06"), IsOk());
  ASSERT_THAT(Attend("1", "a", "residents/zhang-2"), IsOk());
  ASSERT_THAT(Attend("2", "b", "members/wang"), IsOk());
  ASSERT_THAT(MergeResident("zhang-2", "zhang-1"), IsOk());
  EXPECT_EQ(Street("participants"), 2);
  ASSERT_THAT(LinkToMember("residents/zhang-1", "members/wang"), IsOk());
  EXPECT_EQ(Street("participants"), 1);
  EXPECT_EQ(CountedAs("1"), "members/wang");
  ASSERT_THAT(MergeResident("zhang-2", ""), IsOk());
  EXPECT_EQ(Street("participants"), 2);
  EXPECT_EQ(CountedAs("1"), "residents/zhang-2");
}

TEST_F(SamePersonTest, OverlapsOfDuplicatesAreRefusedAfterTheMerge) {
  ASSERT_THAT(AddHeld("a", "2026-03-05", "VOLUNTEER_SERVICE", "start_time: '09:00' end_time: '11:00'"), IsOk());
  ASSERT_THAT(AddHeld("b", "2026-03-05", "VOLUNTEER_SERVICE", "start_time: '10:00' end_time: '12:00'"), IsOk());
  ASSERT_THAT(Attend("1", "a", "residents/zhang-2"), IsOk());
  ASSERT_THAT(MergeResident("zhang-2", "zhang-1"), IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT(Attend("2", "b", "residents/zhang-1"), HasReason(reasons::kOverlappingAttendance));
  EXPECT_THAT(Attend("2", "a", "residents/zhang-1"), HasReason(reasons::kDuplicateAttendance));
  EXPECT_EQ(LastRevision(), before) << "something was stored";
  ASSERT_THAT(MergeResident("zhang-2", ""), IsOk());
  EXPECT_THAT(Attend("2", "b", "residents/zhang-1"), IsOk());
}

TEST_F(SamePersonTest, TeamsAndVolunteersFollowTheMerge) {
  ASSERT_THAT(AddTeam("songs", "CULTURE", "culture_kind: CULTURE_KIND_CHOIR"), IsOk());
  ASSERT_THAT(AddTeam("dance", "CULTURE", "culture_kind: CULTURE_KIND_DANCE"), IsOk());
  ASSERT_THAT(AddToTeam("1", "songs", "residents/zhang-1", "2026-02-01"), IsOk());
  ASSERT_THAT(AddToTeam("2", "dance", "residents/zhang-2", "2026-02-01"), IsOk());
  ASSERT_THAT(AddVolunteer("1", "residents/zhang-1"), IsOk());
  ASSERT_THAT(AddVolunteer("2", "residents/zhang-2"), IsOk());
  EXPECT_THAT(AddVolunteer("3", "residents/zhang-2"), HasReason("UNIQUE_VIOLATION"));
  ASSERT_THAT(MergeResident("zhang-2", "zhang-1"), IsOk()) << "two registrations of one person do not hinder it";
  EXPECT_EQ(Stock("culture_team_members"), 1);
  EXPECT_EQ(Stock("registered_volunteers"), 1);
  EXPECT_THAT(AddVolunteer("3", "residents/zhang-1"), HasReason("UNIQUE_VIOLATION"));
  ASSERT_THAT(MergeResident("zhang-2", ""), IsOk());
  EXPECT_EQ(Stock("culture_team_members"), 2);
  EXPECT_EQ(Stock("registered_volunteers"), 2);
}

TEST_F(SamePersonTest, APatrolKnowsDuplicatesAndMembers) {
  ASSERT_THAT(AddShift("1", "participants: 'residents/zhang-2'"), IsOk());
  ASSERT_THAT(MergeResident("zhang-2", "zhang-1"), IsOk());
  EXPECT_THAT(AddShift("2", "participants: 'residents/zhang-1'"), HasReason(reasons::kOverlappingPatrol));
  EXPECT_THAT(AddShift("2", "participants: 'residents/zhang-1' participants: 'residents/zhang-2'", "710"),
              HasReason(reasons::kPatrolParticipantTwice));
  ASSERT_THAT(LinkToMember("residents/zhang-1", "members/wang"), IsOk());
  EXPECT_THAT(AddShift("2", "participants: 'members/wang'"), HasReason(reasons::kOverlappingPatrol));
  ASSERT_THAT(MergeResident("zhang-2", ""), IsOk());
  EXPECT_THAT(AddShift("2", "participants: 'members/wang'"), IsOk());
}

}  // namespace
}  // namespace dangjian::activity
