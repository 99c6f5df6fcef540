#include "services/registry/resident_unit/resident_unit_rules.h"

#include "common/testing/matchers.h"
#include "common/types/date.h"
#include "common/types/step.h"
#include "services/registry/reasons.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::ResidentUnit;

const Day kToday = Day::Of(2024, 6, 30);

ResidentUnit Located(Day day) {
  ResidentUnit unit;
  *unit.mutable_located_on() = DayToProto(day);
  return unit;
}

TEST(ResidentUnitRulesTest, TheCodeIsCheckedAndPutIntoCapitals) {
  ResidentUnit unit = Located(kToday);
  EXPECT_THAT(Complete(unit, kToday), IsOk()) << "a code may be unknown";
  unit.set_unified_social_credit_code("55610303mf0000013a");
  ASSERT_THAT(Complete(unit, kToday), IsOk());
  EXPECT_EQ(unit.unified_social_credit_code(), "55610303MF0000013A");
  unit.set_unified_social_credit_code("55610303MF0000013B");
  EXPECT_THAT(Complete(unit, kToday), HasReason("USCC_CHECK_CHARACTER_WRONG"));
  unit.set_unified_social_credit_code("99610303MF0000013A");
  EXPECT_THAT(Complete(unit, kToday), HasReason("USCC_MALFORMED"));
}

TEST(ResidentUnitRulesTest, DatesAreInOrderAndNotInTheFuture) {
  ResidentUnit unit = Located(kToday + 1);
  EXPECT_THAT(Complete(unit, kToday), HasReason(dangjian::reasons::kDateInFuture));
  unit = Located(kToday - 5);
  *unit.mutable_left_on() = DayToProto(kToday + 1);
  EXPECT_THAT(Complete(unit, kToday), HasReason(dangjian::reasons::kDateInFuture));
  *unit.mutable_left_on() = DayToProto(kToday - 6);
  EXPECT_THAT(Complete(unit, kToday), HasReason(reasons::kEndBeforeStart));
  *unit.mutable_left_on() = DayToProto(kToday - 5);
  EXPECT_THAT(Complete(unit, kToday), IsOk());
  EXPECT_EQ(CountedDays(unit), (DayRange{kToday - 5, kToday - 5}));
}

}  // namespace
}  // namespace dangjian::registry
