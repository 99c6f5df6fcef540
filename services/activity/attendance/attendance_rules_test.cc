#include "services/activity/attendance/attendance_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "services/activity/activity/time_of_day.h"
#include "services/activity/attendance/hours.h"

namespace dangjian::activity::attendance_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using ::dangjian::testing::ValueOrDie;

const Day kToday = Day::Of(2026, 11, 20);

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = kToday}; }

v1::Activity Activity(const std::string& more = "state: ACTIVITY_STATE_HELD") {
  return Proto<v1::Activity>(
      "name: 'activities/a' kind: ACTIVITY_KIND_VOLUNTEER_SERVICE organization: 'organizations/east' starts_on { year: "
      "2026 month: 3 day: 5 } start_time: '09:00' end_time: '11:20' " +
      more);
}

v1::Attendance Attendance(const std::string& more) {
  return Proto<v1::Attendance>("name: 'attendances/1' activity: 'activities/a' " + more);
}

TEST(HoursTest, AreExactInMinutesAndInHundredths) {
  EXPECT_EQ(ValueOrDie(hours::MinutesOf("1.25")), 75);
  EXPECT_EQ(ValueOrDie(hours::MinutesOf("0.05")), 3);
  EXPECT_EQ(ValueOrDie(hours::MinutesOf("24")), 1440);
  EXPECT_EQ(hours::Format(75), "1.25");
  EXPECT_EQ(hours::HundredthsOf(20 - 20 % 3), 30);
  for (const char* wrong : {"0.33", "24.05", "x", "-1"}) {
    EXPECT_THAT(hours::MinutesOf(wrong), HasReason(reasons::kHoursNotInSteps)) << wrong;
  }
  for (int32_t minutes = 0; minutes <= 1440; minutes += 3) {
    ASSERT_EQ(ValueOrDie(hours::MinutesOf(hours::Format(minutes))), minutes);
  }
}

TEST(AttendanceRulesTest, TakesItsStepsInOrder) {
  v1::Attendance attendance = Attendance("voluntary: true");
  const v1::Activity open = Activity("state: ACTIVITY_STATE_OPEN");
  ASSERT_THAT(Begin(attendance, open, On(3, 1)), IsOk());
  EXPECT_FALSE(TookPart(attendance));
  EXPECT_THAT(CheckOut(attendance, "10:00", On(3, 5)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(CheckIn(attendance, "09:05", On(3, 5)), IsOk());
  EXPECT_TRUE(TookPart(attendance));
  v1::Attendance wrong = attendance;
  EXPECT_THAT(CheckOut(wrong, "09:05", On(3, 5)), HasReason(reasons::kTimesOutOfOrder));
  ASSERT_THAT(CheckOut(attendance, "11:05", On(3, 5)), IsOk());
  ASSERT_THAT(Propose(attendance, open, "", On(3, 6)), IsOk());
  EXPECT_EQ(attendance.hours(), "2.00");
  EXPECT_EQ(CountedMinutes(attendance), 0) << "only proposed";
  v1::Attendance early = attendance;
  EXPECT_THAT(Confirm(early, open, On(3, 7)), HasReason(reasons::kActivityNotHeld));
  const v1::Activity held = Activity();
  ASSERT_THAT(Confirm(attendance, held, On(3, 7)), IsOk());
  EXPECT_EQ(CountedMinutes(attendance), 120);
  EXPECT_THAT(Confirm(attendance, held, On(3, 7)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Dispute(attendance, On(3, 8)), IsOk());
  EXPECT_EQ(CountedMinutes(attendance), 0);
  EXPECT_TRUE(TookPart(attendance)) << "came, whatever the hours";
  v1::Attendance never_held = attendance;
  EXPECT_THAT(Correct(never_held, open, Proto<v1::CorrectAttendanceRequest>("hours: '1.5'"), On(3, 9)),
              HasReason(reasons::kActivityNotHeld));
  ASSERT_THAT(Correct(attendance, held, Proto<v1::CorrectAttendanceRequest>("hours: '1.5'"), On(3, 9)), IsOk());
  EXPECT_EQ(CountedMinutes(attendance), 90);
  EXPECT_EQ(attendance.transitions_size(), 6);
}

TEST(AttendanceRulesTest, OneEnteredAfterTheFactTakesTheTimesOfItsActivity) {
  v1::Attendance attendance = Attendance("attended: true voluntary: true");
  ASSERT_THAT(Begin(attendance, Activity(), On(11, 20)), IsOk());
  EXPECT_EQ(attendance.state(), v1::ATTENDANCE_STATE_CONFIRMED);
  EXPECT_EQ(attendance.start_time(), "09:00");
  EXPECT_EQ(attendance.minutes(), 138) << "140 minutes cut to steps of 3";
  EXPECT_EQ(attendance.hours(), "2.30");
  EXPECT_EQ(DayOfAttendance(attendance), Day::Of(2026, 3, 5));
  v1::Attendance capped = Attendance("attended: true voluntary: true");
  ASSERT_THAT(Begin(capped, Activity("state: ACTIVITY_STATE_HELD daily_cap_minutes: 60"), On(11, 20)), IsOk());
  EXPECT_EQ(capped.minutes(), 60);
}

TEST(AttendanceRulesTest, HoursAreRefusedByName) {
  const auto begin = [](const std::string& more, const v1::Activity& activity) {
    v1::Attendance attendance = Attendance("attended: true " + more);
    return Begin(attendance, activity, On(11, 20));
  };
  EXPECT_THAT(begin("voluntary: true hours: '2.35'", Activity()), HasReason(reasons::kHoursExceedInterval));
  EXPECT_THAT(begin("voluntary: true hours: '2.01'", Activity()), HasReason(reasons::kHoursNotInSteps));
  EXPECT_THAT(begin("hours: '1'", Activity()), HasReason(reasons::kHoursNotVoluntary));
  EXPECT_THAT(begin("voluntary: true hours: '1.05'", Activity("state: ACTIVITY_STATE_HELD daily_cap_minutes: 60")),
              HasReason(reasons::kDailyCapExceeded));
  v1::Activity meeting = Activity();
  meeting.set_kind(v1::ACTIVITY_KIND_MEETING);
  EXPECT_THAT(begin("voluntary: true hours: '1'", meeting), HasReason(reasons::kNotVolunteerService));
  v1::Activity without_times = Activity();
  without_times.clear_start_time();
  without_times.clear_end_time();
  EXPECT_THAT(begin("voluntary: true hours: '1'", without_times), HasReason(reasons::kHoursWithoutTimes));
  EXPECT_THAT(begin("voluntary: true", without_times), IsOk()) << "came; nobody knows how long";
}

TEST(AttendanceRulesTest, NeedsAnActivityThatIsOpenOrWasHeld) {
  const auto begin = [](const std::string& more, const std::string& state) {
    v1::Attendance attendance = Attendance(more);
    return Begin(attendance, Activity("state: ACTIVITY_STATE_" + state), On(11, 20));
  };
  EXPECT_THAT(begin("", "PLANNED"), HasReason(reasons::kActivityNotOpen));
  EXPECT_THAT(begin("", "HELD"), HasReason(reasons::kActivityNotOpen));
  EXPECT_THAT(begin("attended: true", "OPEN"), HasReason(reasons::kActivityNotHeld));
  EXPECT_THAT(begin("attended: true", "VERIFIED"), IsOk());
  EXPECT_THAT(begin("attended: true", "CANCELLED"), HasReason(reasons::kActivityCancelled));
  EXPECT_THAT(begin("", "CANCELLED"), HasReason(reasons::kActivityCancelled));
  EXPECT_THAT(begin("start_time: '09:00' end_time: '10:00'", "OPEN"), HasReason(reasons::kTimesBeforeAttendance));
  EXPECT_THAT(begin("date { year: 2026 month: 3 day: 6 }", "OPEN"), HasReason(reasons::kAttendanceOutsideActivity));
}

TEST(AttendanceRulesTest, NoIntervalCountsTwice) {
  const v1::Attendance mine = Attendance("start_time: '09:00' end_time: '11:00'");
  const auto other = [](const std::string& more) {
    return std::vector<v1::Attendance>{Proto<v1::Attendance>("name: 'attendances/2' activity: 'activities/b' " + more)};
  };
  EXPECT_THAT(CheckNeighbours(mine, other("start_time: '10:59' end_time: '12:00'")),
              HasReason(reasons::kOverlappingAttendance));
  EXPECT_THAT(CheckNeighbours(mine, other("start_time: '08:00' end_time: '12:00'")),
              HasReason(reasons::kOverlappingAttendance));
  EXPECT_THAT(CheckNeighbours(mine, other("start_time: '11:00' end_time: '12:00'")), IsOk());
  EXPECT_THAT(CheckNeighbours(mine, other("start_time: '08:00' end_time: '09:00'")), IsOk());
  EXPECT_THAT(CheckNeighbours(mine, other("start_time: '10:00'")), IsOk()) << "still there; checked when it ends";
  EXPECT_THAT(CheckNeighbours(mine, other("start_time: '10:00' end_time: '12:00' activity_cancelled: true")), IsOk());
  EXPECT_THAT(CheckNeighbours(mine, {Proto<v1::Attendance>("name: 'attendances/2' activity: 'activities/a'")}),
              HasReason(reasons::kDuplicateAttendance));
  EXPECT_THAT(CheckNeighbours(mine, {mine}), IsOk()) << "the record itself";
}

TEST(VolunteerRecordTest, WorkedExample7TenWorkingDaysAfterTheEnd) {
  auto notice = Proto<registry::v1::Calendar>("year: 2026 make_up_days { year: 2026 month: 10 day: 10 }");
  for (int day = 1; day <= 7; ++day) *notice.add_holidays() = DayToProto(Day::Of(2026, 10, day));
  WorkingDays calendar;
  calendar.Add(notice);
  // 29 and 30 September, 8, 9 and the make-up Saturday 10, 12 to 16 October.
  EXPECT_EQ(RecordDueDay(Day::Of(2026, 9, 28), calendar), Day::Of(2026, 10, 16));
  EXPECT_FALSE(MayBeLate(Day::Of(2026, 9, 28), Day::Of(2026, 10, 8)));
  EXPECT_TRUE(MayBeLate(Day::Of(2026, 9, 28), Day::Of(2026, 10, 9)));
}

}  // namespace
}  // namespace dangjian::activity::attendance_rules
