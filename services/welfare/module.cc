#include "services/welfare/module.h"

#include "services/welfare/ledger/ledger.h"
#include "services/welfare/ledger/ledger_schema.h"
#include "services/welfare/ledger/ledger_service.h"
#include "services/welfare/mls_award/award_schema.h"
#include "services/welfare/mls_award/award_service.h"
#include "services/welfare/payment_batch/batch_schema.h"
#include "services/welfare/payment_batch/batch_service.h"
#include "services/welfare/payment_line/line_schema.h"
#include "services/welfare/payment_line/line_service.h"
#include "services/welfare/stop_list/stop_list_schema.h"
#include "services/welfare/stop_list/stop_list_service.h"

namespace dangjian::welfare {

// The tables are the database's; the services live here.
struct WelfareModule::Parts {
  Parts(storage::Database& database, const change::Directory& directory)
      : awards(database.AddTable(MlsAwardSchema())),
        award_service(awards),
        ledger_entries(database.AddTable(LedgerEntrySchema())),
        stop_list(database.AddTable(StopListEntrySchema())),
        ledger(ledger_entries),
        payments{.batches = database.AddTable(PaymentBatchSchema()),
                 .lines = database.AddTable(PaymentLineSchema()),
                 .awards = awards,
                 .stop_list = stop_list,
                 .ledger = ledger,
                 .directory = directory},
        ledger_service(ledger_entries),
        stop_list_service(stop_list),
        payment_batch_service(payments),
        payment_line_service(payments) {}

  const storage::Table<v1::MlsAward>& awards;
  MlsAwardService award_service;
  const storage::Table<v1::LedgerEntry>& ledger_entries;
  const storage::Table<v1::StopListEntry>& stop_list;
  const Ledger ledger;
  const BatchTables payments;
  LedgerService ledger_service;
  StopListService stop_list_service;
  PaymentBatchService payment_batch_service;
  PaymentLineService payment_line_service;
};

WelfareModule::WelfareModule() = default;
WelfareModule::~WelfareModule() = default;

std::vector<const google::protobuf::ServiceDescriptor*> WelfareModule::Services() const {
  return {v1::MlsAward::descriptor()->file()->service(0), v1::LedgerEntry::descriptor()->file()->service(0),
          v1::StopListEntry::descriptor()->file()->service(0), v1::PaymentBatch::descriptor()->file()->service(0),
          v1::PaymentLine::descriptor()->file()->service(0)};
}

absl::Status WelfareModule::Register(server::ModuleContext& context) {
  parts_ = std::make_unique<Parts>(*context.database, *context.directory);
  parts_->award_service.Register(context.router, context.page_tokens);
  parts_->ledger_service.Register(context.router, context.page_tokens);
  parts_->stop_list_service.Register(context.router, context.page_tokens);
  parts_->payment_batch_service.Register(context.router, context.page_tokens);
  parts_->payment_line_service.Register(context.router, context.page_tokens);
  return absl::OkStatus();
}

}  // namespace dangjian::welfare
