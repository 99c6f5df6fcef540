#include "services/welfare/stop_list/stop_list_service.h"

#include "common/rpc/change_record.h"
#include "common/rpc/standard_methods.h"
#include "services/welfare/stop_list/stop_list_rules.h"

namespace dangjian::welfare {

void StopListService::Register(rpc::Router& router, rpc::PageTokens& tokens) {
  rpc::StandardOptions<v1::StopListEntry> options;
  options.on_create = [](rpc::CallContext&, v1::StopListEntry& created) { return stop_list_rules::Check(created); };
  rpc::RegisterStandardMethods(router, *v1::StopListEntry::descriptor()->file()->service(0), entries_, tokens,
                               std::move(options));
  router.Unary(this, &StopListService::End);
}

absl::StatusOr<v1::StopListEntry> StopListService::End(rpc::CallContext& call,
                                                       const v1::EndStopListEntryRequest& request) {
  return ChangeRecord(call, entries_, request, [&](v1::StopListEntry& row) {
    return stop_list_rules::End(row, DayOr(request.end_date(), Day::Max()));
  });
}

}  // namespace dangjian::welfare
