#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/ledger_entry.pb.h"

namespace dangjian::welfare {

// Entries by id; found by batch in the order of posting, and by organisation and day. Measure `ledger_balance` by
// account.
storage::TableSchema<v1::LedgerEntry> LedgerEntrySchema();

}  // namespace dangjian::welfare
