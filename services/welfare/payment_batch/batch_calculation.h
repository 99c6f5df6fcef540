#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/storage/database.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "services/welfare/payment_batch/batch_tables.h"
#include "services/welfare/payment_batch/due_rules.h"
#include "services/welfare/payment_batch/recheck_rules.h"
#include "services/welfare/stop_list/stop_list_check.h"

namespace dangjian::welfare {

// Calculates a portion of a batch inside one transaction: reads awards as of the batch's snapshot in the order of their
// index, writes lines, and counts them in the header. Where the process dies, the next call goes on after the last
// award that was committed; nothing depends on where portions end but the lines that other batches write meanwhile,
// which are read as they stand so that no month is paid twice. Lives as long as the transaction.
class BatchCalculation {
 public:
  // `batch` has a snapshot and is written by the caller.
  BatchCalculation(const BatchTables& tables, storage::Transaction& txn, v1::PaymentBatch& batch, const Step& step);

  // Looks at up to `limit` awards more; true when none is left. PAYMENT_SUM_OVERFLOW.
  absl::StatusOr<bool> Run(int32_t limit);

  // Writes one line: place in the batch, holds, counters and chain. For recoveries as well.
  absl::Status Write(v1::PaymentLine& line, v1::HoldReason hold);

  // The lines of a case for a month, or all when `month` is unset, with the states of their batches.
  absl::StatusOr<std::vector<due_rules::CaseLine>> LinesOf(const std::string& mls_case, std::optional<Day> month);

 private:
  // The lines of a case of one award, unless an earlier award of the same case has brought them.
  absl::Status CalculateCase(const v1::MlsAward& award);
  // The lines that decide what the case gets.
  absl::StatusOr<std::vector<due_rules::CaseLine>> LinesThatMatter(const std::string& mls_case);
  absl::StatusOr<v1::PaymentBatchState> StateOf(const std::string& batch);
  // Why a planned line is to be held, before its account is looked at.
  absl::StatusOr<v1::HoldReason> HoldFor(const due_rules::PlannedLine& plan, const CaseFacts& facts);
  // Takes out of `hits` what was known to who released the line whose place a plan takes.
  absl::Status DropKnown(const v1::PaymentLine& released, const v1::MlsAward& award, std::vector<Hit>& hits) const;
  // Counts the account; holds every line of it in the batch when it receives for another household too. Reads a few
  // rows, however many lines an account has.
  absl::StatusOr<v1::HoldReason> CheckAccount(const v1::PaymentLine& line);
  // Whether another batch that stands pays into the account of `line` for another household in its month.
  absl::StatusOr<bool> IsSharedElsewhere(const v1::PaymentLine& line);
  // The first line of an index behind those that begin with `past`, which may be empty.
  absl::StatusOr<std::optional<v1::PaymentLine>> FirstLine(const storage::KeyWriter& prefix,
                                                           const std::string& past) const;
  absl::Status HoldShared(v1::PaymentLine& line);

  const BatchTables& tables_;
  storage::Transaction& txn_;
  v1::PaymentBatch& batch_;
  const Step step_;
  StopListCheck stop_list_;
  absl::flat_hash_map<std::string, v1::PaymentBatchState> states_;  // of other batches
};

}  // namespace dangjian::welfare
