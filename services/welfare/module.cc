#include "services/welfare/module.h"

#include "services/welfare/mls_award/award_schema.h"
#include "services/welfare/mls_award/award_service.h"

namespace dangjian::welfare {

// The tables are the database's; the services live here.
struct WelfareModule::Parts {
  Parts(storage::Database& database, const change::Directory&)
      : awards(database.AddTable(MlsAwardSchema())), award_service(awards) {}

  const storage::Table<v1::MlsAward>& awards;
  MlsAwardService award_service;
};

WelfareModule::WelfareModule() = default;
WelfareModule::~WelfareModule() = default;

std::vector<const google::protobuf::ServiceDescriptor*> WelfareModule::Services() const {
  return {v1::MlsAward::descriptor()->file()->service(0)};
}

absl::Status WelfareModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database, *context.directory);
  parts_->award_service.Register(context.router, context.page_tokens);
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
