#pragma once

#include <string>

#include "common/base/status_macros.h"
#include "common/rpc/call_context.h"
#include "common/rpc/standard_methods.h"
#include "common/storage/table.h"
#include "common/types/date.h"
#include "google/type/date.pb.h"
#include "services/registry/steps/step.h"

namespace dangjian::registry {

// The step that a write call asks for. `occurred_on` has passed validation.
inline Step StepOfCall(rpc::CallContext& context, Day occurred_on, std::string reason = {}) {
  return {.occurred_on = occurred_on,
          .today = context.today(),
          .actor = context.principal().subject,
          .reason = std::move(reason),
          .revision = context.revision()};
}
inline Step StepOfCall(rpc::CallContext& context, const google::type::Date& occurred_on, std::string reason = {}) {
  return StepOfCall(context, DayOr(occurred_on, context.today()), std::move(reason));
}

// What every verb method does: reads the record that the request names, checks the etag, lets `change` alter the
// record, and writes it. `change` is (Resource&) → absl::Status.
template <class R, class Request, class Change>
absl::StatusOr<R> ChangeRecord(rpc::CallContext& context, const storage::Table<R>& table, const Request& request,
                               const Change& change) {
  ASSIGN_OR_RETURN(R row, table.Get(context.reader(), request.name()));
  RETURN_IF_ERROR(rpc::CheckEtag(request.etag(), row.etag()));
  RETURN_IF_ERROR(change(row));
  RETURN_IF_ERROR(table.Update(context.txn(), row));
  return row;
}

}  // namespace dangjian::registry
