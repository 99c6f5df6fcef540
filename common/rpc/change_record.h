#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/rpc/call_context.h"
#include "common/rpc/standard_methods.h"
#include "common/rpc/validate.h"
#include "common/storage/table.h"
#include "common/types/date.h"
#include "common/types/step.h"
#include "google/type/date.pb.h"

namespace dangjian::rpc {

// The step that a verb method takes on `day`.
inline Step StepOf(CallContext& call, Day day, std::string reason = {}) {
  return {.day = day,
          .today = call.today(),
          .actor = call.principal().subject,
          .reason = std::move(reason),
          .revision = call.revision()};
}
// The same for a validated `occurred_on` or, when it is unset, today.
inline Step StepOf(CallContext& call, const google::type::Date& occurred_on, std::string reason = {}) {
  return StepOf(call, DayOr(occurred_on, call.today()), std::move(reason));
}

// Refuses what a verb has made of a record when a field that it changed breaks the rules by which a caller would create
// it, e.g. a list that grew too long. For verbs that do not go through ChangeRecord.
inline absl::Status CheckChangedFields(CallContext& call, const google::protobuf::Message& before,
                                       google::protobuf::Message& after) {
  Violations violations;
  if (call.validator() != nullptr) call.validator()->CheckChanged(before, after, "", violations);
  return violations.ToStatus();
}

// What every verb method does: read the record that the request names, refuse a stale etag, apply the rule, write the
// record, when what the rule changed keeps the rules of its fields. `rule` is (R&) → absl::Status. Errors:
// RECORD_NOT_FOUND, STALE_ETAG, the rule's own, those of the field rules, and those of the table.
template <class R, class Request, class Rule>
absl::StatusOr<R> ChangeRecord(CallContext& call, const storage::Table<R>& table, const Request& request,
                               const Rule& rule) {
  ASSIGN_OR_RETURN(R row, table.Get(call.reader(), request.name()));
  RETURN_IF_ERROR(CheckEtag(request.etag(), row.etag()));
  const R before = row;
  RETURN_IF_ERROR(rule(row));
  RETURN_IF_ERROR(CheckChangedFields(call, before, row));
  RETURN_IF_ERROR(table.Update(call.txn(), row));
  return row;
}

}  // namespace dangjian::rpc
