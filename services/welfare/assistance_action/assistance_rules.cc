#include "services/welfare/assistance_action/assistance_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/types/date.h"
#include "common/types/quantity.h"
#include "services/welfare/pairing/pairing_rules.h"

namespace dangjian::welfare::assistance_rules {
namespace {

constexpr int32_t kHoursScale = 2;
constexpr int64_t kMostHours = 2400;  // 24.00

// Goods may be given without a count, but a count is more than nothing.
bool QuantityHolds(const v1::AssistanceGoods& goods) {
  if (!goods.has_quantity()) return true;
  const absl::StatusOr<int64_t> quantity = ParseDecimal(goods.quantity().value(), kMaxScale);
  return quantity.ok() && *quantity > 0;
}

bool HoursHold(const v1::AssistanceAction& action) {
  const absl::StatusOr<int64_t> hours = ParseDecimal(action.service_hours(), kHoursScale);
  return hours.ok() && *hours > 0 && *hours <= kMostHours;
}

}  // namespace

void CheckContent(const v1::AssistanceAction& action, Day today, Violations& violations) {
  if (DayOr(action.occurred_on(), today) > today) {
    violations.Add("assistance_action.occurred_on", dangjian::reasons::kDateInFuture, "after today");
  }
  const auto expect = [&](v1::AssistanceKind kind, bool present, bool holds, std::string_view field) {
    const bool wanted = action.kind() == kind;
    const std::string path = absl::StrCat("assistance_action.", absl::string_view(field.data(), field.size()));
    if (wanted != present) {
      violations.Add(path, reasons::kAssistanceKindMismatch,
                     wanted ? "the kind of the action asks for it" : "does not belong to the kind of the action");
    } else if (wanted && !holds) {
      violations.Add(path, reasons::kAssistanceAmountInvalid, "not more than 0, or too much for one action");
    }
  };
  expect(v1::ASSISTANCE_KIND_CASH, action.cash_fen() != 0, action.cash_fen() > 0, "cash_fen");
  expect(v1::ASSISTANCE_KIND_GOODS, action.has_goods(), QuantityHolds(action.goods()), "goods");
  expect(v1::ASSISTANCE_KIND_SERVICE, !action.service_hours().empty(), HoursHold(action), "service_hours");
}

absl::Status CheckPairing(const v1::AssistanceAction& action, const v1::AssistancePairing& pairing) {
  if (std::find(pairing.members().begin(), pairing.members().end(), action.member()) == pairing.members().end()) {
    return Error(reasons::kMemberNotInPairing, absl::StrCat(action.member(), " is no member of the pairing"),
                 {{"pairing", pairing.name()}, {"member", action.member()}});
  }
  const Day day = DayOr(action.occurred_on(), Day::Min());
  if (pairing_rules::IsActiveOn(pairing, day)) return absl::OkStatus();
  return Error(reasons::kPairingNotActive, absl::StrCat("the pairing was not active on ", FormatDay(day)),
               {{"pairing", pairing.name()}});
}

int64_t ValueFen(const v1::AssistanceAction& action) {
  switch (action.kind()) {
    case v1::ASSISTANCE_KIND_CASH:
      return action.cash_fen();
    case v1::ASSISTANCE_KIND_GOODS:
      return action.goods().value_fen();
    default:
      return 0;
  }
}

}  // namespace dangjian::welfare::assistance_rules
