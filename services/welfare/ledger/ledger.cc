#include "services/welfare/ledger/ledger.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/types/date.h"
#include "services/welfare/payment_line/line_key.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

std::string Ledger::NextName(const v1::PaymentBatch& batch) {
  return absl::StrCat("ledgerEntries/", line_key::FittingId(absl::StrCat(line_key::IdOf(batch.name()), "-e",
                                                                         batch.ledger_entry_count() + 1)));
}

absl::Status Ledger::Post(storage::Transaction& txn, v1::PaymentBatch& batch, v1::LedgerEntry entry, Day day) const {
  if (entry.postings().empty()) return absl::OkStatus();
  entry.set_name(NextName(batch));
  batch.set_ledger_entry_count(batch.ledger_entry_count() + 1);
  entry.set_number(batch.ledger_entry_count());
  entry.set_payment_batch(batch.name());
  entry.set_organization(batch.organization());
  *entry.mutable_occurred_on() = DayToProto(day);
  RETURN_IF_ERROR(ledger_rules::CheckBalanced(entry));
  return entries_.Insert(txn, entry);
}

absl::StatusOr<std::vector<v1::LedgerEntry>> Ledger::EntriesOf(const storage::Reader& reader,
                                                               std::string_view batch) const {
  // A batch has an entry for each step and each part of a bank return.
  return entries_.Find(reader, storage::KeyWriter(tags::kLedgerEntryByBatch).Text(batch),
                       std::numeric_limits<size_t>::max());
}

absl::StatusOr<ledger_rules::Balances> Ledger::BalancesOf(const storage::Reader& reader, std::string_view batch) const {
  ASSIGN_OR_RETURN(const std::vector<v1::LedgerEntry> entries, EntriesOf(reader, batch));
  ledger_rules::Balances balances{};
  for (const v1::LedgerEntry& entry : entries) RETURN_IF_ERROR(ledger_rules::Accumulate(entry, balances));
  return balances;
}

}  // namespace dangjian::welfare
