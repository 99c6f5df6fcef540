#include "absl/strings/str_cat.h"
#include "dangjian/welfare/v1/facility.pb.h"
#include "google/protobuf/empty.pb.h"
#include "services/welfare/testing/harness.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;

class FacilityServiceTest : public WelfareTest {
 protected:
  absl::StatusOr<v1::Facility> Plan(const std::string& id, const std::string& day) {
    return Call<v1::Facility, v1::CreateFacilityRequest>(
        absl::StrCat("facility_id: '", id, "' facility { organization: 'organizations/east' kind: ",
                     "FACILITY_KIND_ELDERLY_CARE_CENTRE display_name: '养老服务中心' capacity: 30 planned_on ",
                     DateText(day), " }"));
  }
  template <class Request>
  absl::StatusOr<v1::Facility> Step(const std::string& id, const std::string& day) {
    return Call<v1::Facility, Request>(absl::StrCat("name: 'facilities/", id, "' occurred_on ", DateText(day)));
  }
  int64_t In(const std::string& state, Day day) {
    return Figure("facilities", "street", day, {{0, {"ELDERLY_CARE_CENTRE"}}, {1, {state}}});
  }
};

TEST_F(FacilityServiceTest, CountsUnderItsStateOfTheDay) {
  ASSERT_THAT(Plan("east", "2024-01-05"), IsOk());
  ASSERT_THAT(Plan("garden", "2024-02-05"), IsOk());
  for (const char* id : {"east", "garden"}) {
    ASSERT_THAT(Step<v1::SecureFacilityPremisesRequest>(id, "2024-03-01"), IsOk());
  }
  EXPECT_THAT(Step<v1::OpenFacilityRequest>("garden", "2024-05-01"), HasReason("ILLEGAL_TRANSITION"));
  ASSERT_THAT(Step<v1::FitOutFacilityRequest>("east", "2024-04-01"), IsOk());
  const auto opened = Step<v1::OpenFacilityRequest>("east", "2024-05-20");
  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ(opened->state(), v1::FACILITY_STATE_OPERATING);
  const Day june = Day::Of(2024, 6, 30);
  EXPECT_EQ(In("OPERATING", june), 1);
  EXPECT_EQ(In("PREMISES_SECURED", june), 1);
  EXPECT_EQ(In("FITTING_OUT", june), 0);
  EXPECT_EQ(In("PREMISES_SECURED", Day::Of(2024, 3, 1)), 2);
  EXPECT_EQ(In("PLANNED", Day::Of(2024, 2, 29)), 2);
  EXPECT_EQ(Figure("facilities", "street", june), 2);
  ASSERT_THAT(Step<v1::CloseFacilityRequest>("east", "2025-12-31"), IsOk());
  EXPECT_EQ(In("OPERATING", Day::Of(2025, 12, 31)), 1);
  EXPECT_EQ(In("OPERATING", Day::Of(2026, 1, 1)), 0);
  EXPECT_EQ(In("OPERATING", june), 1);
}

TEST_F(FacilityServiceTest, RefusesTheFutureAndStoresNothing) {
  EXPECT_THAT(Plan("east", "2026-11-21"), HasReason("DATE_IN_FUTURE"));
  ASSERT_THAT(Plan("east", "2024-01-05"), IsOk());
  EXPECT_THAT(Step<v1::SecureFacilityPremisesRequest>("east", "2026-11-21"), HasReason("DATE_IN_FUTURE"));
  EXPECT_THAT(Step<v1::SecureFacilityPremisesRequest>("east", "2024-01-04"), HasReason("STEPS_OUT_OF_ORDER"));
  EXPECT_EQ(In("PLANNED", Day::Of(2026, 11, 20)), 1);
}

TEST_F(FacilityServiceTest, DeletionTakesItOutAndListsByOrganization) {
  ASSERT_THAT(Plan("east", "2024-01-05"), IsOk());
  ASSERT_THAT(Plan("garden", "2024-02-05"), IsOk());
  ASSERT_THAT((Call<google::protobuf::Empty, v1::DeleteFacilityRequest>("name: 'facilities/east'")), IsOk());
  EXPECT_EQ(In("PLANNED", Day::Of(2024, 6, 30)), 1);
  const auto list = Call<v1::ListFacilitiesResponse, v1::ListFacilitiesRequest>("organization: 'organizations/east'");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->facilities_size(), 1);
}

}  // namespace
}  // namespace dangjian::welfare
