#pragma once

#include "common/rpc/page_tokens.h"
#include "common/rpc/router.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/ledger_entry.pb.h"

namespace dangjian::welfare {

// Reads ledger entries; steps of batches post them. Thread-safe.
class LedgerService {
 public:
  explicit LedgerService(const storage::Table<v1::LedgerEntry>& entries) : entries_(entries) {}
  void Register(rpc::Router& router, rpc::PageTokens& tokens);

 private:
  const storage::Table<v1::LedgerEntry>& entries_;
};

}  // namespace dangjian::welfare
