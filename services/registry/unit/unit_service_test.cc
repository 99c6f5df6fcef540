#include "services/registry/testing/harness.h"
#include "services/registry/unit/unit_rules.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using v1::Unit;

class UnitServiceTest : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    ASSERT_THAT((Call<Unit, v1::CreateUnitRequest>("unit_id: 'square-metre' unit { code: 'square_metre' "
                                                   "label_zh: '平方米' dimension: UNIT_DIMENSION_AREA }")),
                IsOk());
  }
};

TEST_F(UnitServiceTest, AUnitConvertsToItsBase) {
  EXPECT_THAT((Call<Unit, v1::CreateUnitRequest>(
                  "unit_id: 'mu' unit { code: 'mu' label_zh: '亩' dimension: UNIT_DIMENSION_AREA "
                  "base_unit: 'units/square-metre' factor_numerator: 2000 factor_denominator: 3 }")),
              IsOk());
  EXPECT_THAT((Call<Unit, v1::CreateUnitRequest>(
                  "unit_id: 'hectare' unit { code: 'hectare' label_zh: '公顷' dimension: UNIT_DIMENSION_AREA "
                  "base_unit: 'units/mu' factor_numerator: 15 factor_denominator: 1 }")),
              HasReason(reasons::kUnitBaseNotBase));
}

TEST_F(UnitServiceTest, ABaseOfAnotherKindIsRefused) {
  EXPECT_THAT((Call<Unit, v1::CreateUnitRequest>(
                  "unit_id: 'tonne' unit { code: 'tonne' label_zh: '吨' dimension: UNIT_DIMENSION_MASS "
                  "base_unit: 'units/square-metre' factor_numerator: 1 factor_denominator: 1 }")),
              HasReason(reasons::kUnitDimensionMismatch));
  EXPECT_THAT((Call<Unit, v1::CreateUnitRequest>(
                  "unit_id: 'tonne' unit { code: 'tonne' label_zh: '吨' dimension: UNIT_DIMENSION_MASS "
                  "base_unit: 'units/nothing' factor_numerator: 1 factor_denominator: 1 }")),
              HasReason("REFERENCE_NOT_FOUND"));
}

TEST_F(UnitServiceTest, CodesAreFixedLabelsAreNot) {
  EXPECT_THAT((Call<Unit, v1::UpdateUnitRequest>(
                  "unit { name: 'units/square-metre' code: 'x' } update_mask { paths: 'code' }")),
              HasReason("IMMUTABLE_FIELD"));
  EXPECT_THAT((Call<Unit, v1::UpdateUnitRequest>(
                  "unit { name: 'units/square-metre' label_en: 'square metre' } update_mask { paths: 'label_en' }")),
              IsOk());
}

TEST_F(UnitServiceTest, ListsAndReadsInBatches) {
  const auto all = Call<v1::ListUnitsResponse, v1::ListUnitsRequest>("");
  ASSERT_THAT(all, IsOk());
  EXPECT_EQ(all->units_size(), 1);
  EXPECT_THAT((Call<v1::BatchGetUnitsResponse, v1::BatchGetUnitsRequest>("names: 'units/square-metre'")), IsOk());
  EXPECT_THAT((Call<v1::BatchGetUnitsResponse, v1::BatchGetUnitsRequest>("names: 'units/nothing'")),
              HasReason("RECORD_NOT_FOUND"));
}

}  // namespace
}  // namespace dangjian::registry
