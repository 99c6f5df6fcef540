#include "services/welfare/charity_donation/donation_schema.h"

#include <string>

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/welfare/stock_lot/lot_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using storage::KeyWriter;

// `unit` is the unit of the amounts: they are not added over it.
const storage::MeasureDef kGoods{.tag = tags::kDonatedGoods,
                                 .id = "donated_goods",
                                 .label_zh = "捐赠物品",
                                 .label_en = "Goods donated to charity stores",
                                 .unit = "mixed",
                                 .scale = lot_rules::kScale,
                                 .kind = measure::v1::MEASURE_KIND_QUANTITY,
                                 .time = measure::v1::MEASURE_TIME_FLOW,
                                 .dimensions = {"category", "unit"}};
const storage::MeasureDef kCash{.tag = tags::kDonatedCash,
                                .id = "donated_cash",
                                .label_zh = "捐赠现金",
                                .label_en = "Cash donated to charity stores",
                                .unit = "fen",
                                .scale = 2,
                                .kind = measure::v1::MEASURE_KIND_MONEY,
                                .time = measure::v1::MEASURE_TIME_FLOW};

std::vector<storage::Contribution> Contributions(const v1::DonationReceipt& donation) {
  if (donation.state() != v1::DONATION_RECEIPT_STATE_ACCEPTED) return {};
  const Day day = DayOr(donation.received_on(), Day());
  std::vector<storage::Contribution> list;
  if (donation.cash_fen() > 0) list.push_back({.measure = &kCash, .day = day, .amount = donation.cash_fen()});
  for (const v1::DonatedGoods& goods : donation.goods()) {
    const std::string category(StripPrefix(v1::GoodsCategory_Name(goods.category()), "GOODS_CATEGORY_"));
    list.push_back({.measure = &kGoods,
                    .day = day,
                    .amount = lot_rules::AmountOf(goods.quantity().value()),
                    .dimensions = {category, goods.quantity().unit()},
                    .qualifier = goods.quantity().qualifier()});
  }
  return list;
}

bool ByOrganization(const v1::DonationReceipt& donation, KeyWriter& key) {
  key.Text(donation.organization());
  return true;
}

bool ByNumber(const v1::DonationReceipt& donation, KeyWriter& key) {
  key.Text(donation.organization()).Text(donation.receipt_no());
  return true;
}

}  // namespace

storage::TableSchema<v1::DonationReceipt> DonationReceiptSchema() {
  return {
      .tag = tags::kDonationReceipt,
      .collection = "donationReceipts",
      .owner = [](const v1::DonationReceipt& donation) { return donation.organization(); },
      .indexes = {{.tag = tags::kDonationReceiptByOrganization, .name = "by_organization", .columns = &ByOrganization},
                  {.tag = tags::kDonationReceiptByNumber, .name = "by_number", .columns = &ByNumber, .unique = true}},
      .measures = {&kGoods, &kCash},
      .contributions = &Contributions};
}

}  // namespace dangjian::welfare
