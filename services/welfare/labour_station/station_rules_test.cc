#include "services/welfare/labour_station/station_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"

namespace dangjian::welfare::station_rules {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

Step On(int month, int day) { return {.day = Day::Of(2026, month, day), .today = Day::Of(2026, 11, 20)}; }

TEST(StationRulesTest, OpensAndClosesOnce) {
  v1::LabourStation station;
  station.set_name("labourStations/s");
  EXPECT_THAT(Open(station, On(11, 21)), HasReason(dangjian::reasons::kDateInFuture));
  ASSERT_THAT(Open(station, On(3, 1)), IsOk());
  EXPECT_THAT(Close(station, On(2, 28)), HasReason(dangjian::reasons::kStepsOutOfOrder));
  ASSERT_THAT(Close(station, On(9, 30)), IsOk());
  EXPECT_EQ(DayFromProto(station.closed_on()), Day::Of(2026, 9, 30));
  EXPECT_THAT(Close(station, On(10, 1)), HasReason("ILLEGAL_TRANSITION"));
}

}  // namespace
}  // namespace dangjian::welfare::station_rules
