#include "services/welfare/ledger/ledger_service.h"

#include "common/rpc/standard_methods.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

void LedgerService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::RegisterStandardMethods(
      router, *v1::LedgerEntry::descriptor()->file()->service(0), entries_, tokens,
      rpc::StandardOptions<v1::LedgerEntry>{
          .list_filters = {{.field = "payment_batch", .index_tag = tags::kLedgerEntryByBatch},
                           {.field = "organization", .index_tag = tags::kLedgerEntryByOrganization}}});
}

}  // namespace dangjian::welfare
