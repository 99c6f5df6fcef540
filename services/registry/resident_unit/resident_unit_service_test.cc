#include <string>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "services/registry/testing/harness.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::ResidentUnit;

class ResidentUnitServiceTest : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    AddOrganization("community", "COMMUNITY");
  }
  absl::Status Add(const std::string& id, const std::string& more = "", const std::string& kind = "ENTERPRISE") {
    return Call<ResidentUnit, v1::CreateResidentUnitRequest>(
               absl::StrCat("resident_unit_id: '", id,
                            "' resident_unit { organization: 'organizations/community' display_name: '某厂' kind: ",
                            "RESIDENT_UNIT_KIND_", kind, " located_on { year: 2005 month: 6 day: 1 } ", more, " }"))
        .status();
  }
  int64_t Units(Day day, const std::string& kind = "ENTERPRISE") {
    return Figure("resident_units", "community", day, {{0, {kind}}});
  }
};

TEST_F(ResidentUnitServiceTest, CountsByKindFromTheFirstToTheLastDay) {
  ASSERT_THAT(Add("works"), IsOk());
  ASSERT_THAT(Add("school", "", "PUBLIC_INSTITUTION"), IsOk());
  EXPECT_EQ(Units(Day::Of(2005, 5, 31)), 0);
  EXPECT_EQ(Units(Day::Of(2005, 6, 1)), 1);
  ASSERT_THAT((Call<ResidentUnit, v1::UpdateResidentUnitRequest>(
                  "resident_unit { name: 'residentUnits/works' left_on { year: 2020 month: 12 day: 31 } } update_mask "
                  "{ paths: 'left_on' }")),
              IsOk());
  EXPECT_EQ(Units(Day::Of(2020, 12, 31)), 1);
  EXPECT_EQ(Units(Day::Of(2021, 1, 1)), 0);
  EXPECT_EQ(Figure("resident_units", "community", Day::Of(2021, 1, 1)), 1);
  ASSERT_THAT((Call<ResidentUnit, v1::UpdateResidentUnitRequest>(
                  "resident_unit { name: 'residentUnits/works' } update_mask { paths: 'left_on' }")),
              IsOk());
  EXPECT_EQ(Units(Day::Of(2021, 1, 1)), 1) << "the leaving was an error";
}

TEST_F(ResidentUnitServiceTest, ACodeBelongsToOneUnit) {
  ASSERT_THAT(Add("works", "unified_social_credit_code: '55610303mf0000013a'"), IsOk());
  ASSERT_THAT(Add("plain"), IsOk());
  ASSERT_THAT(Add("plain-2"), IsOk()) << "codes that are not known do not collide";
  const int64_t before = LastRevision();
  EXPECT_THAT(Add("twin", "unified_social_credit_code: '55610303MF0000013A'"), HasReason("UNIQUE_VIOLATION"));
  EXPECT_THAT(Add("wrong", "unified_social_credit_code: '55610303MF0000013B'"),
              HasReason("USCC_CHECK_CHARACTER_WRONG"));
  EXPECT_THAT(Add("wrong", "unified_social_credit_code: '1234'"), HasReason("USCC_MALFORMED"));
  EXPECT_THAT(Add("wrong", "left_on { year: 2026 month: 11 day: 21 }"), HasReason("DATE_IN_FUTURE"));
  EXPECT_EQ(LastRevision(), before);
  const auto found = Call<v1::ListResidentUnitsResponse, v1::ListResidentUnitsRequest>(
      "unified_social_credit_code: '55610303MF0000013A'");
  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->resident_units_size(), 1);
  EXPECT_EQ(found->resident_units(0).name(), "residentUnits/works");
}

}  // namespace
}  // namespace dangjian::registry
