#include "services/welfare/stock_lot/lot_service.h"

#include "common/rpc/change_record.h"
#include "services/welfare/stock_lot/lot_rules.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

void StockLotService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::RegisterStandardMethods(
      router, *v1::StockLot::descriptor()->file()->FindServiceByName("StockLotService"), lots_, tokens,
      rpc::StandardOptions<v1::StockLot>{
          .list_filters = {{.field = "organization", .index_tag = tags::kStockLotByOrganization},
                           {.field = "donation_receipt", .index_tag = tags::kStockLotByDonation}}});
  router.Unary(this, &StockLotService::Adjust);
}

absl::StatusOr<v1::StockLot> StockLotService::Adjust(rpc::CallContext& call, const v1::AdjustStockLotRequest& request) {
  const Step step = rpc::StepOf(call, request.occurred_on(), request.reason());
  return rpc::ChangeRecord(call, lots_, request, [&](v1::StockLot& lot) {
    return lot_rules::Adjust(lot, request.kind(), request.quantity(), step);
  });
}

}  // namespace dangjian::welfare
