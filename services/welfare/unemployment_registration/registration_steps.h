#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/status_macros.h"
#include "common/change/directory.h"
#include "common/rpc/call_context.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"
#include "services/welfare/unemployment_registration/registration_rules.h"

namespace dangjian::welfare {

// What decides the working age of the person of a registration. REFERENCE_NOT_FOUND, AGE_NOT_KNOWN, FIELD_REQUIRED.
inline absl::StatusOr<working_age::Person> PersonOf(rpc::CallContext& call, const change::Directory& directory,
                                                    const v1::UnemploymentRegistration& registration) {
  ASSIGN_OR_RETURN(const registry::v1::Resident resident, directory.Resident(call.reader(), registration.resident()));
  return registration_rules::PersonOf(resident, registration.post_category());
}

// A step that another record takes in the life of a registration, in the transaction of that record: reads it, applies
// `rule`, (UnemploymentRegistration&) → absl::Status, and writes it. Answers it as written.
template <class Rule>
absl::StatusOr<v1::UnemploymentRegistration> ChangeRegistration(
    rpc::CallContext& call, const storage::Table<v1::UnemploymentRegistration>& registrations, std::string_view name,
    const Rule& rule) {
  ASSIGN_OR_RETURN(v1::UnemploymentRegistration row, registrations.Get(call.reader(), name));
  RETURN_IF_ERROR(rule(row));
  RETURN_IF_ERROR(registrations.Update(call.txn(), row));
  return row;
}

}  // namespace dangjian::welfare
