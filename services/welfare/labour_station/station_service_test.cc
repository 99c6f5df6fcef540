#include "absl/strings/str_cat.h"
#include "dangjian/welfare/v1/labour_station.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/welfare/testing/harness.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;

class StationServiceTest : public WelfareTest {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(WelfareTest::SetUp());
    ASSERT_THAT(Create("s", "2006-03-01"), IsOk());
  }
  absl::StatusOr<v1::LabourStation> Create(const std::string& id, const std::string& day) {
    return Call<v1::LabourStation, v1::CreateLabourStationRequest>(
        absl::StrCat("labour_station_id: '", id, "' labour_station { organization: 'organizations/east-committee' ",
                     "display_name: '劳动保障服务所' staff: 'members/li' staff: 'residents/chen-1' opened_on ",
                     DateText(day), " }"));
  }
  int64_t Stations(Day day) { return Figure("labour_security_stations", "street", day); }
};

TEST_F(StationServiceTest, CountsFromItsFirstDayThroughItsLast) {
  EXPECT_EQ(Stations(Day::Of(2006, 2, 28)), 0);
  EXPECT_EQ(Stations(Day::Of(2006, 3, 1)), 1);
  ASSERT_THAT((Call<v1::LabourStation, v1::CloseLabourStationRequest>(
                  absl::StrCat("name: 'labourStations/s' occurred_on ", DateText("2010-12-31")))),
              IsOk());
  EXPECT_EQ(Stations(Day::Of(2010, 12, 31)), 1);
  EXPECT_EQ(Stations(Day::Of(2011, 1, 1)), 0);
  EXPECT_THAT((Call<v1::LabourStation, v1::CloseLabourStationRequest>("name: 'labourStations/s'")),
              HasReason("ILLEGAL_TRANSITION"));
}

TEST_F(StationServiceTest, RefusesTheFutureAndStaffThatIsNotKnown) {
  EXPECT_THAT(Create("t", "2026-11-21"), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(
      (Call<v1::LabourStation, v1::UpdateLabourStationRequest>(
          "labour_station { name: 'labourStations/s' staff: 'members/nobody' } update_mask { paths: 'staff' }")),
      HasReason("REFERENCE_NOT_FOUND"));
  EXPECT_EQ(Stations(Day::Of(2026, 11, 20)), 1);
}

TEST_F(StationServiceTest, DeletionTakesItOutAndListsByOrganization) {
  ASSERT_THAT(Create("t", "2007-01-01"), IsOk());
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteLabourStationRequest>("name: 'labourStations/s'")), IsOk());
  EXPECT_EQ(Stations(Day::Of(2006, 12, 31)), 0);
  const auto list = Call<v1::ListLabourStationsResponse, v1::ListLabourStationsRequest>(
      "organization: 'organizations/east-committee'");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->labour_stations_size(), 1);
}

}  // namespace
}  // namespace dangjian::welfare
