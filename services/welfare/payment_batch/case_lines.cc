#include "services/welfare/payment_batch/case_lines.h"

#include <utility>

#include "common/base/status_macros.h"
#include "services/welfare/tags.h"

namespace dangjian::welfare {

absl::StatusOr<std::vector<due_rules::CaseLine>> ReadCaseLines(const BatchTables& tables, const storage::Reader& reader,
                                                               const std::string& mls_case, Day month) {
  ASSIGN_OR_RETURN(
      std::vector<v1::PaymentLine> rows,
      tables.lines.FindAll(reader, storage::KeyWriter(tags::kPaymentLineByCase).Text(mls_case).Date(month)));
  std::vector<due_rules::CaseLine> lines;
  for (v1::PaymentLine& row : rows) {
    ASSIGN_OR_RETURN(const v1::PaymentBatch batch, tables.batches.Get(reader, row.payment_batch()));
    lines.push_back({.line = std::move(row), .batch_state = batch.state()});
  }
  return lines;
}

}  // namespace dangjian::welfare
