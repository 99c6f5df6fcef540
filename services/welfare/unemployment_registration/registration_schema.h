#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"

namespace dangjian::welfare {

// Registrations by id; found by organisation and by resident, of whom at most one is open. A person counts as
// registered unemployed from the registration until the day before it ends, as hard to employ while a certification
// holds.
storage::TableSchema<v1::UnemploymentRegistration> UnemploymentRegistrationSchema();

}  // namespace dangjian::welfare
