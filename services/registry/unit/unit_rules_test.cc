#include "services/registry/unit/unit_rules.h"

#include "common/testing/matchers.h"
#include "common/types/unit_name.h"

namespace dangjian::registry {
namespace {

using ::dangjian::testing::HasReason;
using ::dangjian::testing::IsOk;
using ::dangjian::testing::Proto;
using v1::Unit;

TEST(UnitRulesTest, TheIdIsTheCode) {
  EXPECT_EQ(UnitName("square_metre"), "units/square-metre");
  EXPECT_THAT(CheckUnit(Proto<Unit>("name: 'units/square-metre' code: 'square_metre'")), IsOk());
  EXPECT_THAT(CheckUnit(Proto<Unit>("name: 'units/metre' code: 'square_metre'")), HasReason(reasons::kUnitIdMismatch));
}

TEST(UnitRulesTest, AFactorComesWithABaseUnit) {
  EXPECT_THAT(CheckUnit(Proto<Unit>(R"(name: 'units/mu' code: 'mu' base_unit: 'units/square-metre'
                                       factor_numerator: 2000 factor_denominator: 3)")),
              IsOk());
  EXPECT_THAT(CheckUnit(Proto<Unit>("name: 'units/mu' code: 'mu' base_unit: 'units/x' factor_numerator: 2000")),
              HasReason(reasons::kUnitFactorInvalid));
  EXPECT_THAT(CheckUnit(Proto<Unit>("name: 'units/mu' code: 'mu' factor_numerator: 1 factor_denominator: 1")),
              HasReason(reasons::kUnitFactorInvalid));
}

TEST(UnitRulesTest, ABaseUnitMeasuresTheSameAndIsABase) {
  const auto mu = Proto<Unit>("code: 'mu' dimension: UNIT_DIMENSION_AREA");
  EXPECT_THAT(CheckBase(mu, Proto<Unit>("dimension: UNIT_DIMENSION_AREA")), IsOk());
  EXPECT_THAT(CheckBase(mu, Proto<Unit>("dimension: UNIT_DIMENSION_MASS")), HasReason(reasons::kUnitDimensionMismatch));
  EXPECT_THAT(CheckBase(mu, Proto<Unit>("dimension: UNIT_DIMENSION_AREA base_unit: 'units/x'")),
              HasReason(reasons::kUnitBaseNotBase));
}

}  // namespace
}  // namespace dangjian::registry
