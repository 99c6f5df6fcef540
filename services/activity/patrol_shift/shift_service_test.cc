#include "absl/strings/str_cat.h"
#include "dangjian/activity/v1/patrol_shift.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/activity/patrol_shift/shift_rules.h"
#include "services/activity/tags.h"
#include "services/activity/testing/harness.h"

namespace dangjian::activity {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::ValueOrDie;
using ::testing::ElementsAre;
using v1::PatrolShift;

const DayRange kMarch{Day::Of(2026, 3, 1), Day::Of(2026, 3, 31)};

class ShiftServiceTest : public ActivityTest {
 protected:
  absl::StatusOr<PatrolShift> Record(const std::string& id, const std::string& day, int start, int end,
                                     const std::string& more = "participants: 'members/wang'",
                                     const std::string& organization = "east") {
    return Call<PatrolShift, v1::CreatePatrolShiftRequest>(absl::StrCat(
        "patrol_shift_id: '", id, "' patrol_shift { organization: 'organizations/", organization, "' date ",
        DateText(day), " start_minute: ", start, " end_minute: ", end, " route: '东街—西街' ", more, " }"));
  }
};

TEST_F(ShiftServiceTest, CountsShiftsAttendancesHoursAndFindings) {
  ASSERT_THAT(Record("a", "2026-03-05", 1140, 1230,
                     "participants: 'members/wang' participants: 'residents/zhang-1' "
                     "findings { text: '井盖缺失' kind: PATROL_FINDING_KIND_FACILITY } "
                     "findings { text: '可疑车辆' kind: PATROL_FINDING_KIND_SECURITY handed_to_police: true } "
                     "fulfils: 'recurringDuties/d-1'"),
              IsOk());
  EXPECT_EQ(Figure("patrol_shifts", "street", kMarch), 1);
  EXPECT_EQ(Figure("patrol_attendances", "street", kMarch), 2);
  EXPECT_EQ(Figure("patrol_hours", "street", kMarch), 300) << "two people for an hour and a half";
  EXPECT_EQ(Figure("patrol_findings", "street", kMarch), 2);
  EXPECT_EQ(Figure("patrol_findings", "street", kMarch, {{0, {"SECURITY"}}}), 1);
}

TEST_F(ShiftServiceTest, CorrectionAndDeletionMoveTheFigures) {
  ASSERT_THAT(Record("a", "2026-03-05", 480, 540), IsOk());
  ASSERT_THAT((Call<PatrolShift, v1::UpdatePatrolShiftRequest>(
                  absl::StrCat("patrol_shift { name: 'patrolShifts/a' end_minute: 600 date ", DateText("2026-04-05"),
                               " } update_mask { paths: 'end_minute' paths: 'date' }"))),
              IsOk());
  EXPECT_EQ(Figure("patrol_shifts", "street", kMarch), 0);
  const DayRange april{Day::Of(2026, 4, 1), Day::Of(2026, 4, 30)};
  EXPECT_EQ(Figure("patrol_hours", "street", april), 200);
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeletePatrolShiftRequest>("name: 'patrolShifts/a'")), IsOk());
  EXPECT_EQ(Figure("patrol_shifts", "street", april), 0);
  EXPECT_EQ(Figure("patrol_hours", "street", april), 0);
}

TEST_F(ShiftServiceTest, NobodyPatrolsTwiceAtOneTime) {
  ASSERT_THAT(Record("a", "2026-03-05", 1320, 1500), IsOk());
  EXPECT_THAT(Record("same-day", "2026-03-05", 1380, 1400), HasReason(reasons::kOverlappingPatrol));
  EXPECT_THAT(Record("next-day", "2026-03-06", 30, 90), HasReason(reasons::kOverlappingPatrol));
  EXPECT_THAT(Record("elsewhere", "2026-03-05", 1380, 1400, "participants: 'members/wang'", "west"),
              HasReason(reasons::kOverlappingPatrol));
  EXPECT_EQ(Figure("patrol_shifts", "street", kMarch), 1);
  ASSERT_THAT(Record("before", "2026-03-04", 1320, 1440), IsOk());
  ASSERT_THAT(Record("after", "2026-03-06", 60, 90), IsOk());
  ASSERT_THAT(Record("other", "2026-03-05", 1380, 1400, "participants: 'members/li'"), IsOk());
  // A longer shift of the day before would reach into it.
  EXPECT_THAT((Call<PatrolShift, v1::UpdatePatrolShiftRequest>(
                  "patrol_shift { name: 'patrolShifts/a' end_minute: 1501 } update_mask { paths: 'end_minute' }")),
              HasReason(reasons::kOverlappingPatrol));
}

TEST_F(ShiftServiceTest, ACheckReadsOnlyTheShiftsOfItsParticipants) {
  ASSERT_THAT(Record("a", "2026-03-05", 480, 540, "participants: 'members/wang' participants: 'members/zhao'"), IsOk());
  ASSERT_THAT(Record("b", "2026-03-05", 480, 540, "participants: 'members/li'"), IsOk());
  ASSERT_THAT(Record("c", "2026-03-06", 480, 540, "participants: 'members/li'"), IsOk());
  const auto of = [&](const std::string& person) {
    const auto on_day =
        storage::KeyWriter(tags::kPatrolShiftByParticipant).Text(person).Date(Day::Of(2026, 3, 5)).str();
    const storage::TableCore& shifts = *database_->FindTable("patrolShifts");
    std::vector<std::string> names;
    for (const auto& row : ValueOrDie(shifts.ListByIndex(*database_.Read(), on_day, "", 10)).rows) {
      names.push_back(shifts.NameOf(*row));
    }
    return names;
  };
  EXPECT_THAT(of("members/wang"), ElementsAre("patrolShifts/a"));
  EXPECT_THAT(of("members/zhao"), ElementsAre("patrolShifts/a"));
  EXPECT_THAT(of("members/li"), ElementsAre("patrolShifts/b"));
  ASSERT_THAT((Call<PatrolShift, v1::UpdatePatrolShiftRequest>(
                  "patrol_shift { name: 'patrolShifts/a' participants: 'members/wang' } update_mask { paths: "
                  "'participants' }")),
              IsOk());
  EXPECT_THAT(of("members/zhao"), ElementsAre());
  EXPECT_THAT(Record("d", "2026-03-05", 500, 600, "participants: 'members/zhao' participants: 'members/wang'"),
              HasReason(reasons::kOverlappingPatrol))
      << "the second participant is still out";
  EXPECT_THAT(Record("d", "2026-03-05", 500, 600, "participants: 'members/zhao'"), IsOk());
}

TEST_F(ShiftServiceTest, RefusesBadInput) {
  EXPECT_THAT(Record("a", "2026-11-21", 480, 540), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(Record("a", "2026-03-05", 480, 540, ""), HasReason("FIELD_REQUIRED"));
  EXPECT_THAT(Record("a", "2026-03-05", 480, 540, "participants: 'members/nobody'"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(Record("a", "2026-03-05", 480, 540, "participants: 'members/wang' fulfils: 'pledges/p'"),
              HasReason("INVALID_NAME"));
  EXPECT_THAT(Record("a", "2026-03-05", 480, 540, "participants: 'members/wang' team: 'members/wang'"),
              HasReason("INVALID_NAME"));
  EXPECT_EQ(Figure("patrol_shifts", "street", kMarch), 0);
}

TEST_F(ShiftServiceTest, ListsByOrganisation) {
  ASSERT_THAT(Record("a", "2026-03-05", 480, 540), IsOk());
  const auto list =
      Call<v1::ListPatrolShiftsResponse, v1::ListPatrolShiftsRequest>("organization: 'organizations/east'");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->patrol_shifts_size(), 1);
}

}  // namespace
}  // namespace dangjian::activity
