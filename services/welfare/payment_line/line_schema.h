#pragma once

#include "common/storage/table_schema.h"
#include "dangjian/welfare/v1/payment_line.pb.h"

namespace dangjian::welfare {

// Lines by id; found by batch in the order of calculation, by case and benefit month, by batch and account, by account
// and benefit month, by case while they may come again in a later run, and while disputed.
// Measures `mls_paid` and `mls_lines_failed`, on the day on which the bank paid or failed to: a line counts for nothing
// before, so that a calculation writes no cells.
storage::TableSchema<v1::PaymentLine> PaymentLineSchema();

}  // namespace dangjian::welfare
