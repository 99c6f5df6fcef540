#include "absl/strings/str_cat.h"
#include "common/change/registry_view.h"
#include "common/types/quantity_reasons.h"
#include "google/protobuf/empty.pb.h"
#include "services/activity/activity/activity_rules.h"
#include "services/activity/activity/work_rules.h"
#include "services/activity/testing/people_fixture.h"

namespace dangjian::activity {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::google::protobuf::Empty;

class ActivityServiceTest : public PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    for (const char* unit : {"tonne", "vehicle_load", "tree"}) ASSERT_THAT(AddUnit(unit), IsOk());
  }
  int64_t Activities(const Filters& filters = {}) { return Figure("activities", "street", k2026, filters); }
  int64_t Works(const std::string& work_kind, const std::string& unit, const Filters& more = {}) {
    Filters filters = more;
    filters.push_back({0, {work_kind}});
    filters.push_back({1, {unit}});
    return Figure("works", "street", k2026, filters);
  }
  int64_t Fulfilments(const std::string& collection) {
    return Figure("fulfilments", "street", k2026, {{0, {collection}}});
  }
};

TEST_F(ActivityServiceTest, CountsByKindAndCategoryOnceItWasHeld) {
  ASSERT_THAT(AddHeld("gala", "2026-05-01", "PERFORMANCE", "category_code: 'POLICE_RESIDENTS_GALA'"), IsOk());
  ASSERT_THAT(AddHeld("square", "2026-06-30", "PERFORMANCE", "category_code: 'SQUARE_PERFORMANCE'"), IsOk());
  ASSERT_THAT(AddHeld("film", "2026-06-30", "SCREENING"), IsOk());
  EXPECT_EQ(Activities(), 3);
  EXPECT_EQ(Activities({{0, {"PERFORMANCE"}}}), 2);
  EXPECT_EQ(Activities({{1, {"SQUARE_PERFORMANCE"}}}), 1);
  ASSERT_THAT(AddOpen("clean", "2026-07-05"), IsOk());
  EXPECT_EQ(Activities(), 3) << "only planned";
  ASSERT_THAT((Step<v1::HoldActivityRequest>("clean", "2026-07-05")), IsOk());
  ASSERT_THAT((Step<v1::ReportActivityRequest>("clean", "2026-07-06")), IsOk());
  ASSERT_THAT((Step<v1::VerifyActivityRequest>("clean", "2026-07-07")), IsOk());
  EXPECT_EQ(Activities({{0, {"VOLUNTEER_SERVICE"}}}), 1);
  EXPECT_EQ(Figure("activities", "street", {Day::Of(2026, 7, 1), Day::Of(2026, 7, 31)}), 1);
  ASSERT_THAT((Call<Empty, v1::DeleteActivityRequest>("name: 'activities/film'")), IsOk());
  EXPECT_EQ(Activities(), 3);
}

TEST_F(ActivityServiceTest, AnActivityOfSeveralDaysBelongsToItsLast) {
  ASSERT_THAT(AddHeld("long", "2026-06-29", "GREENING", "ends_on " + DateText("2026-07-02")), IsOk());
  EXPECT_EQ(Figure("activities", "street", {Day::Of(2026, 6, 1), Day::Of(2026, 6, 30)}), 0);
  EXPECT_EQ(Figure("activities", "street", {Day::Of(2026, 7, 1), Day::Of(2026, 7, 31)}), 1);
}

TEST_F(ActivityServiceTest, WorksOfUnlikeUnitsStandSideBySide) {
  ASSERT_THAT(AddHeld("clean", "2026-04-10", "ENVIRONMENT",
                      "outputs { work_kind: 'RUBBISH_CLEARED' quantity { value: '12.5' unit: 'tonne' "
                      "qualifier: QUALIFIER_AT_LEAST } } outputs { work_kind: 'RUBBISH_CLEARED' actor: "
                      "'residentUnits/school' quantity { value: '50' unit: 'vehicle_load' } }"),
              IsOk());
  ASSERT_THAT(AddHeld("clean2", "2026-04-11", "VOLUNTEER_SERVICE",
                      "outputs { work_kind: 'RUBBISH_CLEARED' quantity { value: '1.25' unit: 'tonne' } }"),
              IsOk());
  EXPECT_EQ(Works("RUBBISH_CLEARED", "tonne"), 13'750);
  EXPECT_EQ(Works("RUBBISH_CLEARED", "vehicle_load"), 50'000);
  EXPECT_EQ(Works("RUBBISH_CLEARED", "tonne", {{3, {"VOLUNTEER_SERVICE"}}}), 1'250);
  EXPECT_EQ(Works("RUBBISH_CLEARED", "vehicle_load", {{2, {"RESIDENT_UNIT"}}}), 50'000);
  EXPECT_EQ(Works("RUBBISH_CLEARED", "vehicle_load", {{2, {"ORGANIZATION"}}}), 0);
}

TEST_F(ActivityServiceTest, JointWorkCountsItsTotalOnce) {
  ASSERT_THAT(AddHeld("trees", "2026-04-10", "GREENING",
                      "partner_units: 'residentUnits/school' outputs { work_kind: 'TREES_PLANTED' quantity { value: "
                      "'200' unit: 'tree' } shares { actor: 'residentUnits/school' quantity { value: '80' unit: 'tree' "
                      "} } shares { actor: 'organizations/east' quantity { value: '120' unit: 'tree' } } }"),
              IsOk());
  EXPECT_EQ(Works("TREES_PLANTED", "tree"), 200'000);
}

TEST_F(ActivityServiceTest, CountsWhatItFulfils) {
  ASSERT_THAT(AddHeld("a", "2026-04-10", "VOLUNTEER_SERVICE",
                      "fulfils: 'pledges/p-1' fulfils: 'pledges/p-2/items/1' fulfils: 'recurringDuties/d' "
                      "fulfils: 'homeVisits/v'"),
              IsOk());
  EXPECT_EQ(Fulfilments("pledges"), 2);
  EXPECT_EQ(Fulfilments("recurringDuties"), 1);
  EXPECT_EQ(Fulfilments("homeVisits"), 1);
  EXPECT_THAT(AddHeld("b", "2026-04-10", "OTHER", "fulfils: 'campaigns/c'"), HasReason("INVALID_NAME"));
  ASSERT_THAT((Call<Empty, v1::DeleteActivityRequest>("name: 'activities/a'")), IsOk());
  EXPECT_EQ(Fulfilments("pledges"), 0);
}

TEST_F(ActivityServiceTest, ACorrectionMovesTheFigures) {
  ASSERT_THAT(AddHeld("a", "2026-04-10", "GREENING",
                      "outputs { work_kind: 'TREES_PLANTED' quantity { value: '20' unit: 'tree' } }"),
              IsOk());
  ASSERT_THAT(
      (Call<v1::Activity, v1::UpdateActivityRequest>(absl::StrCat(
          "activity { name: 'activities/a' starts_on ", DateText("2025-04-10"),
          " outputs { work_kind: 'TREES_PLANTED' quantity { value: '30' unit: 'tree' } } } update_mask { paths: "
          "'starts_on' paths: 'outputs' }"))),
      IsOk());
  EXPECT_EQ(Works("TREES_PLANTED", "tree"), 0);
  EXPECT_EQ(Figure("works", "street", {Day::Of(2025, 4, 1), Day::Of(2025, 4, 30)}), 30'000);
}

TEST_F(ActivityServiceTest, RefusesByNameAndStoresNothing) {
  const int64_t before = LastRevision();
  const std::string output = "outputs { work_kind: 'X' quantity { value: '1' unit: 'furlong' } }";
  EXPECT_THAT(AddHeld("a", "2026-04-10", "GREENING", output), HasReason("UNKNOWN_UNIT"));
  EXPECT_THAT(AddHeld("a", "2026-11-21"), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(AddHeld("a", "2026-04-10", "GREENING", "category_code: 'lower'"), HasReason("PATTERN_MISMATCH"));
  EXPECT_THAT(AddHeld("a", "2026-04-10", "GREENING", "start_time: '24:30'"), HasReason("PATTERN_MISMATCH"));
  EXPECT_THAT(AddHeld("a", "2026-04-10", "GREENING", "organiser_team: 'teams/none'"), HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_THAT(AddHeld("a", "2026-04-10", "GREENING",
                      "outputs { work_kind: 'X' quantity { value: '2' unit: 'tree' } shares { actor: "
                      "'residentUnits/school' quantity { value: '1' unit: 'tonne' } } }"),
              HasReason(dangjian::reasons::kUnlikeUnits));
  EXPECT_EQ(LastRevision(), before) << "something was stored";
}

TEST_F(ActivityServiceTest, CancellingTakesEverythingBackExactly) {
  ASSERT_THAT(AddHeld("a", "2026-04-10", "VOLUNTEER_SERVICE",
                      "start_time: '09:00' end_time: '11:00' fulfils: 'pledges/p' outputs { work_kind: "
                      "'RUBBISH_CLEARED' quantity { value: '3' unit: 'tonne' } }"),
              IsOk());
  ASSERT_THAT(AddHeld("b", "2026-04-11"), IsOk());
  ASSERT_THAT(Attend("1", "a", "members/wang"), IsOk());
  ASSERT_THAT(Attend("2", "a", "residents/zhang-1"), IsOk());
  ASSERT_THAT(Attend("3", "b", "members/wang"), IsOk());
  EXPECT_EQ(Figure("volunteers_participating", "street", k2026), 2);
  EXPECT_EQ(Figure("volunteer_hours", "street", k2026), 400);
  EXPECT_THAT((Call<Empty, v1::DeleteActivityRequest>("name: 'activities/a'")),
              HasReason(reasons::kActivityHasAttendances));
  EXPECT_THAT((Call<v1::Activity, v1::UpdateActivityRequest>(absl::StrCat("activity { name: 'activities/a' starts_on ",
                                                                          DateText("2026-04-12"),
                                                                          " } update_mask { paths: 'starts_on' }"))),
              HasReason(reasons::kActivityHasAttendances));
  ASSERT_THAT((Step<v1::CancelActivityRequest>("a", "2026-04-20", "reason: '重复登记'")), IsOk());
  EXPECT_EQ(Activities(), 1);
  EXPECT_EQ(Works("RUBBISH_CLEARED", "tonne"), 0);
  EXPECT_EQ(Fulfilments("pledges"), 0);
  EXPECT_EQ(Figure("volunteers_participating", "street", k2026), 1);
  EXPECT_EQ(Figure("volunteer_attendances", "street", k2026), 1);
  EXPECT_EQ(Figure("volunteer_hours", "street", k2026), 0);
  EXPECT_EQ(Figure("participants", "street", k2026), 1);
  const auto kept = Call<v1::Attendance, v1::GetAttendanceRequest>("name: 'attendances/2'");
  ASSERT_THAT(kept, IsOk());
  EXPECT_TRUE(kept->activity_cancelled());
  EXPECT_THAT(Attend("4", "a", "members/li"), HasReason("ACTIVITY_CANCELLED"));
}

TEST_F(ActivityServiceTest, MoreThanAThousandAttendancesAreTakenBackAtOnce) {
  ASSERT_THAT(AddHeld("big", "2026-04-10", "MEETING"), IsOk());
  for (int batch = 0; batch < 3; ++batch) {
    v1::BatchCreateAttendancesRequest request;
    for (int i = 0; i < 400; ++i) {
      const std::string id = absl::StrCat("crowd-", batch, "-", i);
      ASSERT_THAT(AddPerson(id), IsOk());
      v1::Attendance& attendance = *request.add_requests()->mutable_attendance();
      attendance.set_activity("activities/big");
      attendance.set_person("residents/" + id);
      attendance.set_attended(true);
    }
    ASSERT_THAT(Call<v1::BatchCreateAttendancesResponse>(request), IsOk());
  }
  EXPECT_EQ(Figure("participants", "street", k2026), 1200);
  ASSERT_THAT((Step<v1::CancelActivityRequest>("big", "2026-04-20", "reason: '误录'")), IsOk());
  EXPECT_EQ(Figure("participants", "street", k2026), 0);
  EXPECT_EQ(Figure("attendances", "street", k2026), 0);
}

TEST_F(ActivityServiceTest, ListsByCampaignAndSeries) {
  ASSERT_THAT(AddHeld("a", "2026-04-10", "SCREENING", "series: '红色影院' campaign: 'campaigns/sanshuang'"), IsOk());
  ASSERT_THAT(AddHeld("b", "2026-04-17", "SCREENING", "series: '红色影院'"), IsOk());
  const auto series = Call<v1::ListActivitiesResponse, v1::ListActivitiesRequest>("series: '红色影院'");
  ASSERT_THAT(series, IsOk());
  EXPECT_EQ(series->activities_size(), 2);
  const auto campaign = Call<v1::ListActivitiesResponse, v1::ListActivitiesRequest>("campaign: 'campaigns/sanshuang'");
  ASSERT_THAT(campaign, IsOk());
  EXPECT_EQ(campaign->activities_size(), 1);
}

}  // namespace
}  // namespace dangjian::activity
