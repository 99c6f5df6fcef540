#include "services/welfare/module.h"

#include "services/welfare/assistance_action/assistance_schema.h"
#include "services/welfare/assistance_action/assistance_service.h"
#include "services/welfare/charity_donation/donation_schema.h"
#include "services/welfare/charity_donation/donation_service.h"
#include "services/welfare/home_visit/visit_schema.h"
#include "services/welfare/home_visit/visit_service.h"
#include "services/welfare/mls_award/award_schema.h"
#include "services/welfare/mls_award/award_service.h"
#include "services/welfare/pairing/pairing_schema.h"
#include "services/welfare/pairing/pairing_service.h"
#include "services/welfare/points/points_schema.h"
#include "services/welfare/points/points_service.h"
#include "services/welfare/stock_issue/issue_schema.h"
#include "services/welfare/stock_issue/issue_service.h"
#include "services/welfare/stock_lot/lot_schema.h"
#include "services/welfare/stock_lot/lot_service.h"

namespace dangjian::welfare {

// The tables are the database's; the services live here.
struct WelfareModule::Parts {
  Parts(storage::Database& database, const change::Directory& directory)
      : awards(database.AddTable(MlsAwardSchema())),
        pairings(database.AddTable(PairingSchema())),
        assistance_actions(database.AddTable(AssistanceActionSchema())),
        stock_lots(database.AddTable(StockLotSchema())),
        award_service(awards),
        pairing_service(pairings, assistance_actions),
        assistance_service(assistance_actions, pairings, directory),
        visit_service(database.AddTable(HomeVisitSchema()), directory),
        donation_service(database.AddTable(DonationReceiptSchema()), stock_lots, directory),
        lot_service(stock_lots),
        points_service(database.AddTable(PointsEntrySchema())),
        issue_service(database.AddTable(StockIssueSchema()), stock_lots, points_service, directory) {}

  const storage::Table<v1::MlsAward>& awards;
  const storage::Table<v1::AssistancePairing>& pairings;
  const storage::Table<v1::AssistanceAction>& assistance_actions;
  const storage::Table<v1::StockLot>& stock_lots;
  MlsAwardService award_service;
  PairingService pairing_service;
  AssistanceActionService assistance_service;
  HomeVisitService visit_service;
  DonationService donation_service;
  StockLotService lot_service;
  PointsService points_service;
  StockIssueService issue_service;
};

WelfareModule::WelfareModule() = default;
WelfareModule::~WelfareModule() = default;

std::vector<const google::protobuf::ServiceDescriptor*> WelfareModule::Services() const {
  return {
      v1::MlsAward::descriptor()->file()->service(0),         v1::AssistancePairing::descriptor()->file()->service(0),
      v1::AssistanceAction::descriptor()->file()->service(0), v1::HomeVisit::descriptor()->file()->service(0),
      v1::DonationReceipt::descriptor()->file()->service(0),  v1::StockLot::descriptor()->file()->service(0),
      v1::PointsEntry::descriptor()->file()->service(0),      v1::StockIssue::descriptor()->file()->service(0)};
}

absl::Status WelfareModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database, *context.directory);
  parts_->award_service.Register(context.router, context.page_tokens);
  parts_->pairing_service.Register(context.router, context.page_tokens);
  parts_->assistance_service.Register(context.router, context.page_tokens);
  parts_->visit_service.Register(context.router, context.page_tokens);
  parts_->donation_service.Register(context.router, context.page_tokens);
  parts_->lot_service.Register(context.router, context.page_tokens);
  parts_->points_service.Register(context.router, context.page_tokens);
  parts_->issue_service.Register(context.router, context.page_tokens);
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
