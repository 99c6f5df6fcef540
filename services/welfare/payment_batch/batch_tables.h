#pragma once

#include "common/change/directory.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/mls_award.pb.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "dangjian/welfare/v1/payment_line.pb.h"
#include "dangjian/welfare/v1/stop_list_entry.pb.h"
#include "services/welfare/ledger/ledger.h"

namespace dangjian::welfare {

// What the steps of a batch read and write. All must outlive the services.
struct BatchTables {
  const storage::Table<v1::PaymentBatch>& batches;
  const storage::Table<v1::PaymentLine>& lines;
  const storage::Table<v1::MlsAward>& awards;
  const storage::Table<v1::MlsCase>& cases;  // for their states alone
  const storage::Table<v1::StopListEntry>& stop_list;
  const Ledger& ledger;
  const change::Directory& directory;
};

}  // namespace dangjian::welfare
