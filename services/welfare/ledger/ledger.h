#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/ledger_entry.pb.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "services/welfare/ledger/ledger_rules.h"

namespace dangjian::welfare {

// The one way into the ledger: posts entries, never changes or deletes one. Thread-safe.
class Ledger {
 public:
  // `entries` must outlive the ledger.
  explicit Ledger(const storage::Table<v1::LedgerEntry>& entries) : entries_(entries) {}

  // Posts `entry`, which has its cause and postings, as the next one of the batch on `day`; counts it in the batch,
  // which the caller writes. An entry without postings is none. LEDGER_NOT_BALANCED, PAYMENT_SUM_OVERFLOW.
  absl::Status Post(storage::Transaction& txn, v1::PaymentBatch& batch, v1::LedgerEntry entry, Day day) const;

  // The name of the entry that will be posted next for the batch.
  static std::string NextName(const v1::PaymentBatch& batch);

  // The entries of a batch in the order of posting. PAYMENT_SUM_OVERFLOW is for BalancesOf.
  absl::StatusOr<std::vector<v1::LedgerEntry>> EntriesOf(const storage::Reader& reader, std::string_view batch) const;
  absl::StatusOr<ledger_rules::Balances> BalancesOf(const storage::Reader& reader, std::string_view batch) const;

 private:
  const storage::Table<v1::LedgerEntry>& entries_;
};

}  // namespace dangjian::welfare
