#include "services/registry/unit/unit_rules.h"

#include "common/status/errors.h"
#include "common/types/unit_name.h"

namespace dangjian::registry {

absl::Status CheckUnit(const v1::Unit& created) {
  Violations violations;
  if (created.name() != UnitName(created.code())) {
    violations.Add("unit_id", reasons::kUnitIdMismatch, "the id is the code with hyphens for underscores");
  }
  const bool converts = !created.base_unit().empty();
  if ((created.factor_numerator() > 0) != converts || (created.factor_denominator() > 0) != converts) {
    violations.Add("unit.factor_numerator", reasons::kUnitFactorInvalid,
                   "numerator and denominator are positive with a base unit, unset without one");
  }
  return violations.ToStatus();
}

absl::Status CheckBase(const v1::Unit& created, const v1::Unit& base) {
  Violations violations;
  if (base.dimension() != created.dimension()) {
    violations.Add("unit.base_unit", reasons::kUnitDimensionMismatch, "the base unit measures something else");
  }
  if (!base.base_unit().empty()) {
    violations.Add("unit.base_unit", reasons::kUnitBaseNotBase, "the base unit converts to another one itself");
  }
  return violations.ToStatus();
}

}  // namespace dangjian::registry
