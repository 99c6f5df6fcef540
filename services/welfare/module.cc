#include "services/welfare/module.h"

#include "services/welfare/assistance_action/assistance_schema.h"
#include "services/welfare/assistance_action/assistance_service.h"
#include "services/welfare/home_visit/visit_schema.h"
#include "services/welfare/home_visit/visit_service.h"
#include "services/welfare/mls_award/award_schema.h"
#include "services/welfare/mls_award/award_service.h"
#include "services/welfare/pairing/pairing_schema.h"
#include "services/welfare/pairing/pairing_service.h"

namespace dangjian::welfare {

// The tables are the database's; the services live here.
struct WelfareModule::Parts {
  Parts(storage::Database& database, const change::Directory& directory)
      : awards(database.AddTable(MlsAwardSchema())),
        pairings(database.AddTable(PairingSchema())),
        assistance_actions(database.AddTable(AssistanceActionSchema())),
        award_service(awards),
        pairing_service(pairings, assistance_actions),
        assistance_service(assistance_actions, pairings, directory),
        visit_service(database.AddTable(HomeVisitSchema()), directory) {}

  const storage::Table<v1::MlsAward>& awards;
  const storage::Table<v1::AssistancePairing>& pairings;
  const storage::Table<v1::AssistanceAction>& assistance_actions;
  MlsAwardService award_service;
  PairingService pairing_service;
  AssistanceActionService assistance_service;
  HomeVisitService visit_service;
};

WelfareModule::WelfareModule() = default;
WelfareModule::~WelfareModule() = default;

std::vector<const google::protobuf::ServiceDescriptor*> WelfareModule::Services() const {
  return {v1::MlsAward::descriptor()->file()->service(0), v1::AssistancePairing::descriptor()->file()->service(0),
          v1::AssistanceAction::descriptor()->file()->service(0), v1::HomeVisit::descriptor()->file()->service(0)};
}

absl::Status WelfareModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database, *context.directory);
  parts_->award_service.Register(context.router, context.page_tokens);
  parts_->pairing_service.Register(context.router, context.page_tokens);
  parts_->assistance_service.Register(context.router, context.page_tokens);
  parts_->visit_service.Register(context.router, context.page_tokens);
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
