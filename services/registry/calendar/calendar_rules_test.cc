#include "services/registry/calendar/calendar_rules.h"

#include "common/testing/matchers.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using v1::Calendar;

TEST(CalendarRulesTest, AcceptsTheDecemberBefore) {
  EXPECT_THAT(CheckCalendar(Proto<Calendar>(R"(name: 'calendars/2019' year: 2019
      holidays { year: 2018 month: 12 day: 31 } make_up_days { year: 2018 month: 12 day: 29 })")),
              IsOk());
}

TEST(CalendarRulesTest, RefusesWhatIsWrong) {
  EXPECT_THAT(CheckCalendar(Proto<Calendar>("name: 'calendars/2025' year: 2026")),
              HasReason(reasons::kCalendarIdMismatch));
  EXPECT_THAT(CheckCalendar(Proto<Calendar>(R"(name: 'calendars/2026' year: 2026
      holidays { year: 2027 month: 1 day: 1 })")),
              HasReason(reasons::kCalendarDateOutsideYear));
  EXPECT_THAT(CheckCalendar(Proto<Calendar>(R"(name: 'calendars/2026' year: 2026
      holidays { year: 2026 month: 10 day: 10 } make_up_days { year: 2026 month: 10 day: 10 })")),
              HasReason(reasons::kCalendarDateConflict));
  EXPECT_THAT(CheckCalendar(Proto<Calendar>(R"(name: 'calendars/2026' year: 2026
      make_up_days { year: 2026 month: 10 day: 9 })")),
              HasReason(reasons::kMakeUpDayOnWeekday));
}

}  // namespace
}  // namespace dangjian::registry
