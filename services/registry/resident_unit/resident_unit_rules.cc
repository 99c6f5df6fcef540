#include "services/registry/resident_unit/resident_unit_rules.h"

#include "absl/status/statusor.h"
#include "common/base/strings.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "common/types/identity_codes.h"
#include "common/types/step.h"
#include "services/registry/reasons.h"

namespace dangjian::registry {
namespace {

using v1::ResidentUnit;

void CheckCode(ResidentUnit& unit, Violations& violations) {
  if (unit.unified_social_credit_code().empty()) return;
  const absl::StatusOr<std::string> code = NormalizeUscc(unit.unified_social_credit_code());
  if (code.ok()) return unit.set_unified_social_credit_code(*code);
  const bool malformed = ReasonOf(code.status()) == dangjian::reasons::kUsccMalformed.name;
  violations.Add("resident_unit.unified_social_credit_code",
                 malformed ? dangjian::reasons::kUsccMalformed : dangjian::reasons::kUsccCheckCharacterWrong,
                 ToStd(code.status().message()));
}

}  // namespace

std::string ShortName(v1::ResidentUnitKind kind) {
  return std::string(StripPrefix(v1::ResidentUnitKind_Name(kind), "RESIDENT_UNIT_KIND_"));
}

absl::Status Complete(ResidentUnit& unit, Day today) {
  Violations violations;
  const Day located = DayOr(unit.located_on(), today);
  if (located > today) {
    violations.Add("resident_unit.located_on", dangjian::reasons::kDateInFuture, "lies in the future");
  }
  if (DayOr(unit.left_on(), today) > today) {
    violations.Add("resident_unit.left_on", dangjian::reasons::kDateInFuture, "lies in the future");
  }
  if (unit.has_left_on() && DayOr(unit.left_on(), located) < located) {
    violations.Add("resident_unit.left_on", reasons::kEndBeforeStart, "lies before located_on");
  }
  CheckCode(unit, violations);
  return violations.ToStatus();
}

DayRange CountedDays(const ResidentUnit& unit) {
  return {DayOr(unit.located_on(), Day::Min()), DayOr(unit.left_on(), Day::Max())};
}

}  // namespace dangjian::registry
