#include "dangjian/registry/v1/dues.pb.h"
#include "services/registry/testing/harness.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;

class DuesServiceTest : public RegistryTest {
 protected:
  absl::StatusOr<v1::ComputeMembershipDuesResponse> Dues(const std::string& request) {
    return Call<v1::ComputeMembershipDuesResponse, v1::ComputeMembershipDuesRequest>(request);
  }
};

TEST_F(DuesServiceTest, AnswersWithRateAmountAndRule) {
  const auto dues = Dues("category: DUES_CATEGORY_WORKING base_fen: 500001");
  ASSERT_THAT(dues, IsOk());
  EXPECT_EQ(dues->rate_bps(), 150);
  EXPECT_EQ(dues->dues_fen(), 7500);
  EXPECT_EQ(dues->rule(), "中组发〔2008〕3号");
  EXPECT_EQ(LastRevision(), 0) << "nothing is stored";
}

TEST_F(DuesServiceTest, RefusesWhatItCannotCompute) {
  EXPECT_THAT(Dues("base_fen: 500001"), HasReason("FIELD_REQUIRED"));
  EXPECT_THAT(Dues("category: DUES_CATEGORY_RETIRED"), HasReason("DUES_BASE_MISSING"));
  EXPECT_THAT(Dues("category: DUES_CATEGORY_WORKING base_fen: -1"), HasReason("OUT_OF_BOUNDS"));
}

}  // namespace
}  // namespace dangjian::registry
