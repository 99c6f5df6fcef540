#include "services/welfare/payment_batch/batch_schema.h"

#include "common/types/date.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {
namespace {

bool ByOrganization(const v1::PaymentBatch& batch, storage::KeyWriter& key) {
  key.Text(batch.organization()).Date(DayOr(batch.benefit_month(), Day()));
  return true;
}

}  // namespace

storage::TableSchema<v1::PaymentBatch> PaymentBatchSchema() {
  return {
      .tag = tags::kPaymentBatch,
      .collection = "paymentBatches",
      .owner = [](const v1::PaymentBatch& batch) { return batch.organization(); },
      .indexes = {{.tag = tags::kPaymentBatchByOrganization, .name = "by_organization", .columns = &ByOrganization}}};
}

}  // namespace dangjian::welfare
