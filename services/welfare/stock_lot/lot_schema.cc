#include "services/welfare/stock_lot/lot_schema.h"

#include <string>

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/welfare/stock_lot/lot_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

using storage::KeyWriter;

// `unit` is the unit of the amounts: they are not added over it.
const storage::MeasureDef kOnHand{.tag = tags::kStockOnHand,
                                  .id = "stock_on_hand",
                                  .label_zh = "爱心超市库存",
                                  .label_en = "Stock on hand in charity stores",
                                  .unit = "mixed",
                                  .scale = lot_rules::kScale,
                                  .kind = measure::v1::MEASURE_KIND_QUANTITY,
                                  .time = measure::v1::MEASURE_TIME_STOCK,
                                  .dimensions = {"category", "unit"}};

// What leaves carries the qualifier of what came, so that the two cancel out when the lot is used up.
std::vector<storage::Contribution> Contributions(const v1::StockLot& lot) {
  const std::string category(StripPrefix(v1::GoodsCategory_Name(lot.category()), "GOODS_CATEGORY_"));
  std::vector<storage::Contribution> list;
  for (const lot_rules::DayChange& change : lot_rules::Changes(lot)) {
    if (change.net == 0) continue;
    list.push_back({.measure = &kOnHand,
                    .day = change.day,
                    .amount = change.net,
                    .dimensions = {category, lot.unit()},
                    .qualifier = lot.qualifier()});
  }
  return list;
}

bool ByOrganization(const v1::StockLot& lot, KeyWriter& key) {
  key.Text(lot.organization());
  return true;
}

bool ByDonation(const v1::StockLot& lot, KeyWriter& key) {
  key.Text(lot.donation_receipt());
  return true;
}

bool InStockByItem(const v1::StockLot& lot, KeyWriter& key) {
  key.Text(lot.organization()).Text(lot.item_code()).Text(lot.unit());
  key.Date(DayOr(lot.expires_on(), Day::Max())).Date(DayOr(lot.in_stock_on(), Day::Min()));
  return lot_rules::AmountOf(lot.on_hand()) > 0;
}

}  // namespace

storage::TableSchema<v1::StockLot> StockLotSchema() {
  return {.tag = tags::kStockLot,
          .collection = "stockLots",
          .owner = [](const v1::StockLot& lot) { return lot.organization(); },
          .indexes = {{.tag = tags::kStockLotByOrganization, .name = "by_organization", .columns = &ByOrganization},
                      {.tag = tags::kStockLotByDonation, .name = "by_donation", .columns = &ByDonation},
                      {.tag = tags::kStockLotInStockByItem, .name = "in_stock_by_item", .columns = &InStockByItem}},
          .measures = {&kOnHand},
          .contributions = &Contributions};
}

}  // namespace dangjian::welfare
