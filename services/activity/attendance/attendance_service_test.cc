#include <random>

#include "absl/strings/str_cat.h"
#include "google/protobuf/empty.pb.h"
#include "services/activity/attendance/attendance_rules.h"
#include "services/activity/testing/people_fixture.h"

namespace dangjian::activity {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::google::protobuf::Empty;

class AttendanceServiceTest : public PeopleTest {
 protected:
  template <class Request>
  absl::StatusOr<v1::Attendance> Do(const std::string& more, const std::string& id = "1") {
    return Call<v1::Attendance, Request>(absl::StrCat("name: 'attendances/", id, "' ", more));
  }
  absl::StatusOr<v1::Attendance> SignUp(const std::string& id, const std::string& activity, const std::string& person) {
    return Call<v1::Attendance, v1::CreateAttendanceRequest>(
        absl::StrCat("attendance_id: '", id, "' attendance { activity: 'activities/", activity, "' person: '", person,
                     "' voluntary: true }"));
  }
  int64_t Street(const std::string& measure) { return Figure(measure, "street", k2026); }
};

TEST_F(AttendanceServiceTest, FromSignUpToCorrectedHours) {
  ASSERT_THAT(AddOpen("a", "2026-03-05"), IsOk());
  ASSERT_THAT(SignUp("1", "a", "members/wang"), IsOk());
  EXPECT_EQ(Street("participants"), 0);
  ASSERT_THAT(Do<v1::CheckInAttendanceRequest>("time: '09:00'"), IsOk());
  EXPECT_EQ(Street("participants"), 1);
  EXPECT_EQ(Street("volunteer_attendances"), 1);
  ASSERT_THAT(Do<v1::CheckOutAttendanceRequest>("time: '11:30'"), IsOk());
  EXPECT_THAT(Do<v1::ProposeAttendanceHoursRequest>("hours: '2.55'"), HasReason(reasons::kHoursExceedInterval));
  ASSERT_THAT(Do<v1::ProposeAttendanceHoursRequest>("hours: '2.5' occurred_on " + DateText("2026-03-06")), IsOk());
  EXPECT_EQ(Street("volunteer_hours"), 0);
  ASSERT_THAT((Step<v1::HoldActivityRequest>("a", "2026-03-05")), IsOk());
  ASSERT_THAT(Do<v1::ConfirmAttendanceRequest>("on_behalf_of: 'members/li' occurred_on " + DateText("2026-03-07")),
              IsOk());
  EXPECT_EQ(Street("volunteer_hours"), 250);
  ASSERT_THAT(Do<v1::DisputeAttendanceRequest>("reason: '记多了'"), IsOk());
  EXPECT_EQ(Street("volunteer_hours"), 0);
  EXPECT_THAT(Do<v1::CorrectAttendanceRequest>("hours: '3' reason: '核对签到表'"),
              HasReason(reasons::kHoursExceedInterval));
  ASSERT_THAT(Do<v1::CorrectAttendanceRequest>("hours: '3' start_time: '08:30' end_time: '11:30' reason: '核对签到表'"),
              IsOk());
  EXPECT_EQ(Street("volunteer_hours"), 300);
  EXPECT_EQ(Figure("volunteer_hours", "street", {Day::Of(2026, 3, 5), Day::Of(2026, 3, 5)}), 300);
  ASSERT_THAT((Call<Empty, v1::DeleteAttendanceRequest>("name: 'attendances/1'")), IsOk());
  EXPECT_EQ(Street("volunteer_hours"), 0);
  EXPECT_EQ(Street("participants"), 0);
}

TEST_F(AttendanceServiceTest, NobodyIsConfirmedAtAnActivityThatWasNeverHeld) {
  ASSERT_THAT(AddOpen("a", "2026-03-05"), IsOk());
  ASSERT_THAT(SignUp("1", "a", "members/wang"), IsOk());
  ASSERT_THAT(Do<v1::CheckInAttendanceRequest>("time: '09:00'"), IsOk());
  ASSERT_THAT(Do<v1::CheckOutAttendanceRequest>("time: '11:30'"), IsOk());
  ASSERT_THAT(Do<v1::ProposeAttendanceHoursRequest>("hours: '2.5'"), IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT(Do<v1::ConfirmAttendanceRequest>(""), HasReason(reasons::kActivityNotHeld));
  EXPECT_EQ(LastRevision(), before) << "something was stored";
  ASSERT_THAT(Do<v1::DisputeAttendanceRequest>("reason: '记多了'"), IsOk());
  EXPECT_THAT(Do<v1::CorrectAttendanceRequest>("hours: '2' reason: '核对签到表'"),
              HasReason(reasons::kActivityNotHeld));
  EXPECT_EQ(Street("volunteer_hours"), 0);
  ASSERT_THAT((Step<v1::HoldActivityRequest>("a", "2026-03-05")), IsOk());
  ASSERT_THAT(Do<v1::CorrectAttendanceRequest>("hours: '2' reason: '核对签到表'"), IsOk());
  EXPECT_EQ(Street("volunteer_hours"), 200);
}

TEST_F(AttendanceServiceTest, OverlapsAreRefusedWhereverTheyArise) {
  const std::string morning = "start_time: '09:00' end_time: '11:00'";
  ASSERT_THAT(AddHeld("a", "2026-03-05", "VOLUNTEER_SERVICE", morning), IsOk());
  ASSERT_THAT(AddHeld("b", "2026-03-05", "VOLUNTEER_SERVICE", "start_time: '10:00' end_time: '12:00'"), IsOk());
  ASSERT_THAT(AddPerson("sun", "members/wang"), IsOk());
  ASSERT_THAT(Attend("1", "a", "members/wang"), IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT(Attend("2", "b", "members/wang"), HasReason(reasons::kOverlappingAttendance));
  EXPECT_THAT(Attend("2", "b", "residents/sun"), HasReason(reasons::kOverlappingAttendance)) << "the same person";
  EXPECT_THAT(Attend("2", "a", "residents/sun"), HasReason(reasons::kDuplicateAttendance));
  EXPECT_EQ(LastRevision(), before) << "something was stored";
  EXPECT_THAT(Attend("2", "b", "members/wang", "start_time: '11:00' end_time: '12:00'"), IsOk());
  EXPECT_EQ(Street("volunteer_hours"), 300);
  ASSERT_THAT(AddOpen("c", "2026-03-05"), IsOk());
  ASSERT_THAT(SignUp("3", "c", "members/wang"), IsOk());
  ASSERT_THAT(Do<v1::CheckInAttendanceRequest>("time: '10:30'", "3"), IsOk());
  EXPECT_THAT(Do<v1::CheckOutAttendanceRequest>("time: '13:00'", "3"), HasReason(reasons::kOverlappingAttendance));
}

TEST_F(AttendanceServiceTest, AnOverlapIsFoundHoweverManyRecordsADayHas) {
  for (int i = 0; i < 500; ++i) {
    const std::string id = absl::StrCat("a-", i);
    ASSERT_THAT(AddHeld(id, "2026-03-05", "MEETING"), IsOk());
    ASSERT_THAT(Attend(id, id, "members/wang"), IsOk());
  }
  const std::string morning = "start_time: '09:00' end_time: '11:00'";
  ASSERT_THAT(AddHeld("b", "2026-03-05", "VOLUNTEER_SERVICE", morning), IsOk());
  ASSERT_THAT(AddHeld("c", "2026-03-05", "VOLUNTEER_SERVICE", morning), IsOk());
  ASSERT_THAT(Attend("b", "b", "members/wang"), IsOk());
  EXPECT_THAT(Attend("c", "c", "members/wang"), HasReason(reasons::kOverlappingAttendance));
  EXPECT_EQ(Street("volunteer_hours"), 200);
}

TEST_F(AttendanceServiceTest, ACancelledActivityTakesNoHours) {
  ASSERT_THAT(AddOpen("a", "2026-03-05"), IsOk());
  ASSERT_THAT(SignUp("1", "a", "members/wang"), IsOk());
  ASSERT_THAT(Do<v1::CheckInAttendanceRequest>("time: '09:00'"), IsOk());
  ASSERT_THAT(Do<v1::CheckOutAttendanceRequest>("time: '11:00'"), IsOk());
  ASSERT_THAT((Step<v1::CancelActivityRequest>("a", "2026-03-06", "reason: '大雨'")), IsOk());
  const int64_t before = LastRevision();
  EXPECT_THAT(Do<v1::ProposeAttendanceHoursRequest>("hours: '2'"), HasReason(reasons::kActivityCancelled));
  EXPECT_THAT(SignUp("2", "a", "members/li"), HasReason(reasons::kActivityCancelled));
  EXPECT_THAT(Attend("2", "a", "members/li"), HasReason(reasons::kActivityCancelled));
  EXPECT_EQ(LastRevision(), before) << "something was stored";
  EXPECT_EQ(Street("participants"), 0);
}

TEST_F(AttendanceServiceTest, ThoseWhoAreSentAreNoVolunteers) {
  ASSERT_THAT(AddHeld("a", "2026-03-05", "VOLUNTEER_SERVICE", "start_time: '09:00' end_time: '11:00'"), IsOk());
  const std::string sent = "attendance { activity: 'activities/a' person: 'members/li' attended: true ";
  EXPECT_THAT((Call<v1::Attendance, v1::CreateAttendanceRequest>(sent + "hours: '2' }")),
              HasReason(reasons::kHoursNotVoluntary));
  ASSERT_THAT((Call<v1::Attendance, v1::CreateAttendanceRequest>(sent + "}")), IsOk());
  EXPECT_EQ(Street("participants"), 1);
  EXPECT_EQ(Street("volunteers_participating"), 0);
  EXPECT_EQ(Street("volunteer_hours"), 0);
}

TEST_F(AttendanceServiceTest, CountsPersonTimesByKind) {
  ASSERT_THAT(AddHeld("meeting", "2026-03-05", "MEETING"), IsOk());
  ASSERT_THAT(AddHeld("service", "2026-03-06"), IsOk());
  ASSERT_THAT(Attend("1", "meeting", "members/wang"), IsOk());
  ASSERT_THAT(Attend("2", "service", "members/wang"), IsOk());
  ASSERT_THAT(Attend("3", "service", "members/li"), IsOk());
  EXPECT_EQ(Figure("attendances", "street", k2026, {{0, {"MEETING"}}}), 1);
  EXPECT_EQ(Figure("attendances", "street", k2026, {{0, {"VOLUNTEER_SERVICE"}}}), 2);
  EXPECT_EQ(Street("participants"), 2);
  EXPECT_EQ(Street("volunteer_attendances"), 2);
  const auto list = Call<v1::ListAttendancesResponse, v1::ListAttendancesRequest>("canonical_person: 'members/wang'");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->attendances_size(), 2);
}

TEST_F(AttendanceServiceTest, ADayOfALongActivityIsOneAttendance) {
  ASSERT_THAT(AddHeld("a", "2026-03-05", "VOLUNTEER_SERVICE", "ends_on " + DateText("2026-03-07")), IsOk());
  const auto on = [this](const std::string& id, const std::string& day) {
    return Attend(id, "a", "members/wang", "start_time: '09:00' end_time: '10:00' date " + DateText(day));
  };
  ASSERT_THAT(on("1", "2026-03-05"), IsOk());
  ASSERT_THAT(on("2", "2026-03-07"), IsOk());
  EXPECT_THAT(on("3", "2026-03-07"), HasReason(reasons::kDuplicateAttendance));
  EXPECT_THAT(on("3", "2026-03-08"), HasReason(reasons::kAttendanceOutsideActivity));
  EXPECT_EQ(Street("volunteers_participating"), 1);
  EXPECT_EQ(Street("volunteer_attendances"), 2);
  EXPECT_EQ(Street("volunteer_hours"), 200);
}

TEST_F(AttendanceServiceTest, ARecordAfterTenWorkingDaysIsFlagged) {
  database_.clock().SetToday(Day::Of(2026, 10, 16));
  ASSERT_THAT(AddHeld("a", "2026-09-28"), IsOk());
  const auto in_time = Attend("1", "a", "members/wang");
  ASSERT_THAT(in_time, IsOk());
  EXPECT_FALSE(in_time->late());
  database_.clock().SetToday(Day::Of(2026, 10, 17));
  const auto late = Attend("2", "a", "members/li");
  ASSERT_THAT(late, IsOk());
  EXPECT_TRUE(late->late());
  EXPECT_EQ(Figure("volunteer_attendances", "street", {Day::Of(2026, 9, 28), Day::Of(2026, 9, 28)}), 2);
}

// 20 activities of community A with 380 attendances of 143 people; community B has 300 of 120 people, of whom 15 also
// came to A: 248 people of the street, not 263, and 680 person-times.
TEST_F(AttendanceServiceTest, WorkedExample5PersonsAndPersonTimes) {
  for (int i = 0; i < 248; ++i) ASSERT_THAT(AddPerson(absl::StrCat("p-", i)), IsOk());
  const auto enter = [this](const std::string& community, int activities, int attendances, int first, int people) {
    for (int i = 0; i < activities; ++i) {
      ASSERT_THAT(AddHeld(absl::StrCat(community, "-", i), absl::StrCat("2026-0", 1 + i / 10, "-", 10 + i % 10),
                          "VOLUNTEER_SERVICE", "", "organizations/" + community),
                  IsOk());
    }
    v1::BatchCreateAttendancesRequest request;
    for (int i = 0; i < attendances; ++i) {
      v1::Attendance& attendance = *request.add_requests()->mutable_attendance();
      // One round of all the people after another, a different activity in each round.
      attendance.set_activity(absl::StrCat("activities/", community, "-", (i / people * 7 + i % people) % activities));
      attendance.set_person(absl::StrCat("residents/p-", first + i % people));
      attendance.set_voluntary(true);
      attendance.set_attended(true);
    }
    ASSERT_THAT(Call<v1::BatchCreateAttendancesResponse>(request), IsOk());
  };
  enter("east", 20, 380, 0, 143);
  enter("west", 15, 300, 128, 120);
  EXPECT_EQ(Figure("activities", "east", k2026), 20);
  EXPECT_EQ(Figure("volunteer_attendances", "east", k2026), 380);
  EXPECT_EQ(Figure("volunteers_participating", "east", k2026), 143);
  EXPECT_EQ(Figure("volunteers_participating", "west", k2026), 120);
  EXPECT_EQ(Street("volunteers_participating"), 248);
  EXPECT_EQ(Street("participants"), 248);
  EXPECT_EQ(Street("volunteer_attendances"), 680);
  EXPECT_EQ(Street("attendances"), 680);
}

// Random entries, withdrawals and cancellations; when the test ends every figure is recounted from the records.
TEST_F(AttendanceServiceTest, FiguresFollowRandomOperations) {
  constexpr int kActivities = 8;
  constexpr int kPeople = 12;
  for (int i = 0; i < kPeople; ++i) ASSERT_THAT(AddPerson(absl::StrCat("p-", i)), IsOk());
  for (int i = 0; i < kActivities; ++i) {
    ASSERT_THAT(AddHeld(absl::StrCat("a-", i), absl::StrCat("2026-0", 1 + i, "-05"),
                        i % 3 == 0 ? "MEETING" : "VOLUNTEER_SERVICE", "start_time: '09:00' end_time: '11:00'",
                        i % 2 == 0 ? "organizations/east" : "organizations/west"),
                IsOk());
  }
  std::mt19937 random(20260711);
  const auto pick = [&random](int n) { return static_cast<int>(random() % static_cast<uint32_t>(n)); };
  int entered = 0;
  for (int step = 0; step < 300; ++step) {
    const std::string activity = absl::StrCat("a-", pick(kActivities));
    const std::string id = absl::StrCat(activity, "-", pick(kPeople));
    const std::string name = "name: 'attendances/" + id + "' ";
    switch (pick(6)) {
      case 0:
        (void)Call<Empty, v1::DeleteAttendanceRequest>(name);
        break;
      case 1:
        (void)Call<v1::Attendance, v1::DisputeAttendanceRequest>(name + "reason: '核对'");
        break;
      case 2:
        (void)Call<v1::Attendance, v1::CorrectAttendanceRequest>(name + "hours: '0.5' reason: '核对'");
        break;
      case 3:
        if (step % 50 == 0) (void)Step<v1::CancelActivityRequest>(activity, "2026-11-20", "reason: '误录'");
        break;
      default:
        entered += Attend(id, activity, "residents/p-" + id.substr(activity.size() + 1)).ok() ? 1 : 0;
    }
    if (step % 60 == 0) {
      EXPECT_EQ(Drift(), 0);
    }
  }
  EXPECT_GT(entered, 50);
}

}  // namespace
}  // namespace dangjian::activity
