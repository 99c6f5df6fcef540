#include "services/welfare/module.h"

#include "services/welfare/mls_award/award_schema.h"
#include "services/welfare/mls_award/award_service.h"
#include "services/welfare/mls_case/case_schema.h"
#include "services/welfare/mls_case/case_service.h"
#include "services/welfare/mls_rule_set/rule_set_schema.h"
#include "services/welfare/mls_rule_set/rule_set_service.h"

namespace dangjian::welfare {

// The tables are the database's; the services live here.
struct WelfareModule::Parts {
  Parts(storage::Database& database, const change::Directory& directory)
      : awards(database.AddTable(MlsAwardSchema())),
        award_service(awards),
        rule_sets(database.AddTable(MlsRuleSetSchema())),
        rule_set_service(rule_sets),
        case_service(database.AddTable(MlsCaseSchema()), awards, database.AddTable(MlsCoverageSchema()), rule_sets,
                     directory) {}

  const storage::Table<v1::MlsAward>& awards;
  MlsAwardService award_service;
  const storage::Table<v1::MlsRuleSet>& rule_sets;
  MlsRuleSetService rule_set_service;
  MlsCaseService case_service;
};

WelfareModule::WelfareModule() = default;
WelfareModule::~WelfareModule() = default;

std::vector<const google::protobuf::ServiceDescriptor*> WelfareModule::Services() const {
  return {v1::MlsAward::descriptor()->file()->service(0), v1::MlsRuleSet::descriptor()->file()->service(0),
          v1::MlsCase::descriptor()->file()->service(0), v1::AdjustMlsCaseRequest::descriptor()->file()->service(0)};
}

absl::Status WelfareModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database, *context.directory);
  parts_->award_service.Register(context.router, context.page_tokens);
  parts_->rule_set_service.Register(context.router, context.page_tokens);
  parts_->case_service.Register(context.router, context.page_tokens);
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
