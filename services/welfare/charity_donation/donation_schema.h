#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/donation_receipt.pb.h"

namespace dangjian::welfare {

// Table of donations: by organisation, by receipt number of the organisation (unique). Accepted ones count on the day
// on which they came in.
storage::TableSchema<v1::DonationReceipt> DonationReceiptSchema();

}  // namespace dangjian::welfare
