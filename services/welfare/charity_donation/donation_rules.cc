#include "services/welfare/charity_donation/donation_rules.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/strings.h"
#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "common/types/quantity.h"
#include "services/welfare/stock_lot/lot_rules.h"

namespace dangjian::welfare::donation_rules {
namespace {

std::string_view NameOf(v1::DonationReceiptState state) {
  return StripPrefix(v1::DonationReceiptState_Name(state), "DONATION_RECEIPT_STATE_");
}

absl::Status Decide(v1::DonationReceipt& donation, v1::DonationReceiptState state, const Step& step) {
  if (donation.state() != v1::DONATION_RECEIPT_STATE_RECEIVED) {
    return IllegalTransition(donation.name(), NameOf(donation.state()), NameOf(state));
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(donation.received_on(), Day::Min())));
  donation.set_state(state);
  *donation.mutable_decided_on() = DayToProto(step.day);
  AddTransition(*donation.mutable_transitions(), NameOf(state), step);
  return absl::OkStatus();
}

void CheckGoods(const v1::DonatedGoods& goods, const std::string& path, Violations& violations) {
  if (!lot_rules::ParseAmount(goods.quantity().value()).ok()) {
    violations.Add(absl::StrCat(path, ".quantity.value"), reasons::kGoodsQuantityInvalid,
                   "more than 0, at most 3 decimals");
  }
  const bool perishable =
      goods.category() == v1::GOODS_CATEGORY_FOOD || goods.category() == v1::GOODS_CATEGORY_MEDICINE;
  if (perishable && !goods.has_expires_on()) {
    violations.Add(absl::StrCat(path, ".expires_on"), reasons::kExpiryRequired, "food and medicine have a last day");
  }
  if (goods.fair_value_fen() > 0 && goods.fair_value_method() == v1::FAIR_VALUE_METHOD_UNSPECIFIED) {
    violations.Add(absl::StrCat(path, ".fair_value_method"), reasons::kValuationMethodRequired,
                   "say how the value was found");
  }
}

}  // namespace

void Initialize(v1::DonationReceipt& donation) {
  donation.set_state(v1::DONATION_RECEIPT_STATE_RECEIVED);
  donation.clear_decided_on();
  donation.clear_stock_lots();
  donation.clear_transitions();
}

void CheckContent(const v1::DonationReceipt& donation, Day today, Violations& violations) {
  if (donation.donor().empty() && !donation.anonymous()) {
    violations.Add("donation_receipt.donor", reasons::kDonorUnclear, "name the donor, or say that nobody is known");
  }
  if (donation.cash_fen() == 0 && donation.goods().empty()) {
    violations.Add("donation_receipt.goods", reasons::kDonationEmpty, "neither money nor goods");
  }
  if (DayOr(donation.received_on(), today) > today) {
    violations.Add("donation_receipt.received_on", dangjian::reasons::kDateInFuture, "after today");
  }
  for (int i = 0; i < donation.goods_size(); ++i) {
    CheckGoods(donation.goods(i), absl::StrCat("donation_receipt.goods[", i, "]"), violations);
  }
}

absl::Status CheckEditable(const v1::DonationReceipt& donation) {
  if (donation.state() == v1::DONATION_RECEIPT_STATE_RECEIVED) return absl::OkStatus();
  return IllegalTransition(donation.name(), NameOf(donation.state()), "an update");
}

absl::Status CheckDeletable(const v1::DonationReceipt& donation) {
  if (donation.state() != v1::DONATION_RECEIPT_STATE_ACCEPTED) return absl::OkStatus();
  return IllegalTransition(donation.name(), NameOf(donation.state()), "a deletion");
}

absl::Status Accept(v1::DonationReceipt& donation, const Step& step) {
  RETURN_IF_ERROR(Decide(donation, v1::DONATION_RECEIPT_STATE_ACCEPTED, step));
  const std::string id(StripPrefix(donation.name(), "donationReceipts/"));
  for (int line = 1; line <= donation.goods_size(); ++line) {
    donation.add_stock_lots(absl::StrCat("stockLots/", id, "-", line));
  }
  return absl::OkStatus();
}

absl::Status Reject(v1::DonationReceipt& donation, const Step& step) {
  return Decide(donation, v1::DONATION_RECEIPT_STATE_REJECTED, step);
}

absl::Status Reopen(v1::DonationReceipt& donation, const Step& step) {
  if (donation.state() == v1::DONATION_RECEIPT_STATE_RECEIVED) {
    return IllegalTransition(donation.name(), NameOf(donation.state()), "reopening");
  }
  RETURN_IF_ERROR(CheckStep(step, DayOr(donation.decided_on(), Day::Min())));
  donation.set_state(v1::DONATION_RECEIPT_STATE_RECEIVED);
  donation.clear_decided_on();
  donation.clear_stock_lots();
  AddTransition(*donation.mutable_transitions(), NameOf(donation.state()), step);
  return absl::OkStatus();
}

std::vector<v1::StockLot> LotsOf(const v1::DonationReceipt& donation) {
  std::vector<v1::StockLot> lots;
  for (int i = 0; i < donation.stock_lots_size(); ++i) {
    const v1::DonatedGoods& goods = donation.goods(i);
    v1::StockLot& lot = lots.emplace_back();
    lot.set_name(donation.stock_lots(i));
    lot.set_organization(donation.organization());
    lot.set_donation_receipt(donation.name());
    lot.set_item_code(goods.item_code());
    lot.set_text(goods.text());
    lot.set_category(goods.category());
    lot.set_unit(goods.quantity().unit());
    lot.set_condition(goods.condition());
    lot.set_qualifier(goods.quantity().qualifier());
    if (goods.has_expires_on()) *lot.mutable_expires_on() = goods.expires_on();
    *lot.mutable_in_stock_on() = donation.decided_on();
    lot.set_received(FormatDecimal(lot_rules::AmountOf(goods.quantity().value()), lot_rules::kScale));
    lot.set_on_hand(lot.received());
  }
  return lots;
}

}  // namespace dangjian::welfare::donation_rules
