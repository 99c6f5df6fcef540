#include "services/welfare/ledger/ledger_schema.h"

#include "common/types/date.h"
#include "common/types/enum_name.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

const storage::MeasureDef kBalance{.tag = tags::kLedgerBalance,
                                   .id = "ledger_balance",
                                   .label_zh = "低保金账户余额",
                                   .label_en = "Balance of the payment ledger",
                                   .unit = "fen",
                                   .scale = 2,
                                   .kind = measure::v1::MEASURE_KIND_MONEY,
                                   .time = measure::v1::MEASURE_TIME_STOCK,
                                   .dimensions = {"account"}};

std::vector<storage::Contribution> Contributions(const v1::LedgerEntry& entry) {
  std::vector<storage::Contribution> list;
  for (const v1::Posting& posting : entry.postings()) {
    list.push_back(
        {.measure = &kBalance,
         .day = DayOr(entry.occurred_on(), Day()),
         .amount = posting.amount_fen(),
         .dimensions = {std::string(StripPrefix(v1::LedgerAccount_Name(posting.account()), "LEDGER_ACCOUNT_"))}});
  }
  return list;
}

bool ByBatch(const v1::LedgerEntry& entry, storage::KeyWriter& key) {
  key.Text(entry.payment_batch()).Int32(entry.number());
  return true;
}

bool ByOrganization(const v1::LedgerEntry& entry, storage::KeyWriter& key) {
  key.Text(entry.organization()).Date(DayOr(entry.occurred_on(), Day()));
  return true;
}

}  // namespace

storage::TableSchema<v1::LedgerEntry> LedgerEntrySchema() {
  return {.tag = tags::kLedgerEntry,
          .collection = "ledgerEntries",
          .owner = [](const v1::LedgerEntry& entry) { return entry.organization(); },
          .indexes = {{.tag = tags::kLedgerEntryByBatch, .name = "by_batch", .columns = &ByBatch},
                      {.tag = tags::kLedgerEntryByOrganization, .name = "by_organization", .columns = &ByOrganization}},
          .measures = {&kBalance},
          .contributions = &Contributions};
}

}  // namespace dangjian::welfare
