#pragma once

#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/rpc/call_context.h"
#include "common/rpc/standard_methods.h"
#include "common/storage/database.h"
#include "common/types/date.h"
#include "google/type/date.pb.h"
#include "services/pledge/life/step.h"

namespace dangjian::pledge {

// The step that a verb method takes: `occurred_on` or, when it is unset, today.
inline Step StepOf(rpc::CallContext& call, const google::type::Date& occurred_on) {
  return {.day = DayOr(occurred_on, call.today()),
          .today = call.today(),
          .actor = call.principal().subject,
          .revision = call.revision()};
}

// What every verb method does: read the record, refuse a stale etag, apply the rule, write the record.
// `rule` is (M&) → absl::Status.
template <class M, class Rule>
absl::StatusOr<M> ChangeRecord(rpc::CallContext& call, const storage::Table<M>& table, std::string_view name,
                               std::string_view etag, Rule&& rule) {
  ASSIGN_OR_RETURN(M row, table.Get(call.reader(), name));
  RETURN_IF_ERROR(rpc::CheckEtag(etag, row.etag()));
  RETURN_IF_ERROR(std::forward<Rule>(rule)(row));
  RETURN_IF_ERROR(table.Update(call.txn(), row));
  return row;
}

}  // namespace dangjian::pledge
