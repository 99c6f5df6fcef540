#include "services/welfare/facility/facility_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::facility_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::testing::ElementsAre;
using enum v1::FacilityState;

Step On(int month, int day) { return {.day = Day::Of(2024, month, day), .today = Day::Of(2026, 11, 20)}; }

v1::Facility Planned() {
  v1::Facility facility;
  facility.set_name("facilities/f");
  *facility.mutable_planned_on() = DayToProto(Day::Of(2024, 1, 5));
  EXPECT_THAT(Plan(facility, On(1, 5)), IsOk());
  return facility;
}

TEST(FacilityRulesTest, TakesOneStepAfterTheOther) {
  v1::Facility facility = Planned();
  EXPECT_THAT(Enter(facility, FACILITY_STATE_FITTING_OUT, On(2, 1)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Enter(facility, FACILITY_STATE_OPERATING, On(2, 1)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Enter(facility, FACILITY_STATE_PREMISES_SECURED, On(1, 4)),
              HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(Enter(facility, FACILITY_STATE_PREMISES_SECURED, On(2, 1)), IsOk());
  EXPECT_THAT(Enter(facility, FACILITY_STATE_PREMISES_SECURED, On(2, 2)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Enter(facility, FACILITY_STATE_FITTING_OUT, On(3, 1)), IsOk());
  ASSERT_THAT(Enter(facility, FACILITY_STATE_OPERATING, On(5, 1)), IsOk());
  EXPECT_THAT(Enter(facility, FACILITY_STATE_PLANNED, On(6, 1)), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Enter(facility, FACILITY_STATE_CLOSED, On(12, 31)), IsOk());
  EXPECT_THAT(Enter(facility, FACILITY_STATE_CLOSED, On(12, 31)), HasReason("ILLEGAL_TRANSITION"));
  EXPECT_THAT(Stays(facility),
              ElementsAre(Stay{FACILITY_STATE_PLANNED, Day::Of(2024, 1, 5), Day::Of(2024, 2, 1)},
                          Stay{FACILITY_STATE_PREMISES_SECURED, Day::Of(2024, 2, 1), Day::Of(2024, 3, 1)},
                          Stay{FACILITY_STATE_FITTING_OUT, Day::Of(2024, 3, 1), Day::Of(2024, 5, 1)},
                          Stay{FACILITY_STATE_OPERATING, Day::Of(2024, 5, 1), Day::Of(2025, 1, 1)}));
}

TEST(FacilityRulesTest, APlanMayBeGivenUp) {
  v1::Facility facility = Planned();
  ASSERT_THAT(Enter(facility, FACILITY_STATE_CLOSED, On(1, 5)), IsOk());
  EXPECT_THAT(Stays(facility), ElementsAre(Stay{FACILITY_STATE_PLANNED, Day::Of(2024, 1, 5), Day::Of(2024, 1, 6)}));
}

TEST(FacilityRulesTest, StepsOfOneDayLeaveTheLastState) {
  v1::Facility facility = Planned();
  ASSERT_THAT(Enter(facility, FACILITY_STATE_PREMISES_SECURED, On(1, 5)), IsOk());
  ASSERT_THAT(Enter(facility, FACILITY_STATE_FITTING_OUT, On(1, 5)), IsOk());
  EXPECT_THAT(Stays(facility), ElementsAre(Stay{FACILITY_STATE_FITTING_OUT, Day::Of(2024, 1, 5), Day::Max()}));
}

}  // namespace
}  // namespace dangjian::welfare::facility_rules
