#include <string>

#include "common/types/date.h"
#include "services/registry/calendar/calendar_rules.h"
#include "services/registry/testing/harness.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::Calendar;

class CalendarServiceTest : public RegistryTest {
 protected:
  absl::StatusOr<v1::ComputeDueDateResponse> Due(const std::string& count) {
    return Call<v1::ComputeDueDateResponse, v1::ComputeDueDateRequest>("start_date { year: 2026 month: 9 day: 28 } " +
                                                                       count);
  }
};

constexpr char kAutumn2026[] = R"(
    calendar_id: '2026'
    calendar { year: 2026 source_notice: '国务院办公厅关于2026年部分节假日安排的通知'
      holidays { year: 2026 month: 10 day: 1 } holidays { year: 2026 month: 10 day: 2 }
      holidays { year: 2026 month: 10 day: 3 } holidays { year: 2026 month: 10 day: 4 }
      holidays { year: 2026 month: 10 day: 5 } holidays { year: 2026 month: 10 day: 6 }
      holidays { year: 2026 month: 10 day: 7 } make_up_days { year: 2026 month: 10 day: 10 } })";

TEST_F(CalendarServiceTest, WorkedExample7ThroughTheApi) {
  const auto guessed = Due("days: 5 count: DAY_COUNT_WORKING");
  ASSERT_THAT(guessed, IsOk());
  EXPECT_TRUE(guessed->provisional());
  EXPECT_EQ(DayFromProto(guessed->due_date()), Day::Of(2026, 10, 5));

  ASSERT_THAT((Call<Calendar, v1::CreateCalendarRequest>(kAutumn2026)), IsOk());
  const auto working = Due("days: 5 count: DAY_COUNT_WORKING");
  EXPECT_EQ(DayFromProto(working->due_date()), Day::Of(2026, 10, 10));
  EXPECT_FALSE(working->provisional());
  EXPECT_EQ(DayFromProto(Due("days: 5 count: DAY_COUNT_WORKING start_day_counts: true")->due_date()),
            Day::Of(2026, 10, 9));
  EXPECT_EQ(DayFromProto(Due("days: 7 count: DAY_COUNT_NATURAL")->due_date()), Day::Of(2026, 10, 8));
}

TEST_F(CalendarServiceTest, TheIdIsTheYearAndItIsEnteredOnce) {
  EXPECT_THAT(
      (Call<Calendar, v1::CreateCalendarRequest>("calendar_id: '2025' calendar { year: 2026 source_notice: '通知' }")),
      HasReason(reasons::kCalendarIdMismatch));
  ASSERT_THAT((Call<Calendar, v1::CreateCalendarRequest>(kAutumn2026)), IsOk());
  EXPECT_THAT((Call<Calendar, v1::CreateCalendarRequest>(kAutumn2026)), HasReason("RECORD_EXISTS"));
}

TEST_F(CalendarServiceTest, AnAmendingNoticeChangesIt) {
  ASSERT_THAT((Call<Calendar, v1::CreateCalendarRequest>(kAutumn2026)), IsOk());
  ASSERT_THAT((Call<Calendar, v1::UpdateCalendarRequest>(
                  "calendar { name: 'calendars/2026' } update_mask { paths: 'make_up_days' }")),
              IsOk());
  EXPECT_EQ(DayFromProto(Due("days: 5 count: DAY_COUNT_WORKING")->due_date()), Day::Of(2026, 10, 12));
  EXPECT_THAT((Call<Calendar, v1::UpdateCalendarRequest>(
                  "calendar { name: 'calendars/2026' make_up_days { year: 2026 month: 10 day: 9 } } "
                  "update_mask { paths: 'make_up_days' }")),
              HasReason(reasons::kMakeUpDayOnWeekday));
}

TEST_F(CalendarServiceTest, ADayThatDoesNotExistIsRefused) {
  EXPECT_THAT(
      (Call<Calendar, v1::CreateCalendarRequest>("calendar_id: '2026' calendar { year: 2026 source_notice: '通知' "
                                                 "holidays { year: 2026 month: 2 day: 30 } }")),
      HasReason("INVALID_DATE"));
}

}  // namespace
}  // namespace dangjian::registry
