#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/status/reason.h"
#include "common/storage/table.h"
#include "dangjian/welfare/v1/ledger_entry.pb.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "dangjian/welfare/v1/payment_line.pb.h"
#include "services/welfare/ledger/ledger_rules.h"

// Control totals: the lines of a batch counted anew and held against its header and the ledger.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kControlTotalMismatch{"CONTROL_TOTAL_MISMATCH", absl::StatusCode::kFailedPrecondition,
                                              "明细合计与批次汇总或账户记录不符,已停止处理,请联系管理员核查"};
}  // namespace reasons

namespace batch_totals {

// What the lines of a batch add up to.
struct Totals {
  int32_t lines = 0;
  int32_t held = 0;
  int32_t paid = 0;
  int32_t failed = 0;
  int64_t total_fen = 0;
  int64_t held_fen = 0;
  int64_t reissued_fen = 0;  // without held ones
  int64_t paid_fen = 0;
  int64_t failed_fen = 0;
  int64_t paid_after_reissue_fen = 0;
  int32_t disputed = 0;
  absl::flat_hash_set<std::string> accounts;
  std::string chain;  // SHA-256, linked line by line; empty without lines
  std::string holds;  // position and reason of each held line
};

// Links the next line to a chain: SHA-256 of the chain so far and the line's text.
std::string Link(std::string_view chain, const v1::PaymentLine& line);
// The chain as the header keeps it: hexadecimal digits. The chain of no lines is the digest of nothing.
std::string HexOf(std::string_view chain);
std::string ChainOf(std::string_view hex);

// Adds a line: counts and sums, then accounts, chain and holds. PAYMENT_SUM_OVERFLOW.
absl::Status AddSums(const v1::PaymentLine& line, Totals& totals);
absl::Status Add(const v1::PaymentLine& line, Totals& totals);

// What an approval signs: the chain and, where lines are held, which and why.
std::string DigestOf(const Totals& totals);

// Reads every line of a batch once, in order, and counts it; `visit`, when it is set, sees each. A transaction may do
// so: 100,000 lines take some tenths of a second. PAYMENT_SUM_OVERFLOW, and the errors of `visit`.
using Visit = std::function<absl::Status(const v1::PaymentLine&)>;
absl::StatusOr<Totals> Count(const storage::Table<v1::PaymentLine>& lines, const storage::Reader& reader,
                             std::string_view batch, const Visit& visit = {});
// The same without accounts, chain and holds: for readers who compare sums.
absl::StatusOr<Totals> Sum(const storage::Table<v1::PaymentLine>& lines, const storage::Reader& reader,
                           std::string_view batch, const Visit& visit = {});

// CONTROL_TOTAL_MISMATCH naming the first figure in which lines, header or ledger differ. To be asked before the header
// changes.
absl::Status Check(const v1::PaymentBatch& batch, const Totals& totals, const ledger_rules::Balances& ledger);

// What the ledger must hold of a batch by its header.
ledger_rules::Balances ExpectedBalances(const v1::PaymentBatch& batch);

}  // namespace batch_totals
}  // namespace dangjian::welfare
