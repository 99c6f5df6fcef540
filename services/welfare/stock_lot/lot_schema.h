#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/stock_lot.pb.h"

namespace dangjian::welfare {

// Table of stock lots: by organisation, by donation, and those with something on hand by organisation, item and unit in
// the order in which they are to be issued: first expired first, those without a last day at the end.
storage::TableSchema<v1::StockLot> StockLotSchema();

}  // namespace dangjian::welfare
