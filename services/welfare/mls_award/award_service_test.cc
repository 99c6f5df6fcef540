#include "dangjian/welfare/v1/mls_award.pb.h"
#include "services/welfare/testing/harness.h"

namespace dangjian::welfare {
namespace {

using testing::HasReason;
using testing::IsOk;

class MlsAwardServiceTest : public WelfareTest {};

TEST_F(MlsAwardServiceTest, AnUnknownAwardIsNamed) {
  EXPECT_THAT((Call<v1::MlsAward, v1::GetMlsAwardRequest>("name: 'mlsAwards/none-200601'")),
              HasReason("RECORD_NOT_FOUND"));
}

TEST_F(MlsAwardServiceTest, ListsNothingWhereThereIsNothing) {
  const auto page = Call<v1::ListMlsAwardsResponse, v1::ListMlsAwardsRequest>("organization: 'organizations/east'");
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->mls_awards_size(), 0);
}

}  // namespace
}  // namespace dangjian::welfare
