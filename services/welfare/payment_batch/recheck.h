#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/storage/database.h"
#include "common/storage/org_tree.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "dangjian/welfare/v1/payment_line.pb.h"
#include "services/welfare/payment_batch/batch_tables.h"
#include "services/welfare/payment_batch/recheck_rules.h"
#include "services/welfare/stop_list/stop_list_check.h"

// Asking again, before money is approved or goes to the bank, whether the lines of a batch may still go out.
//
// 100,000 lines mean some 500,000 small reads. They are made on a snapshot, before the transaction of the step; within
// it only those lines are looked at whose case, people, household or account were changed since the snapshot. So no
// moment lies between the check and the step, and the committing thread does not wait for the reads.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kLinesNotHoldable{"LINES_NOT_HOLDABLE", absl::StatusCode::kFailedPrecondition,
                                          "下列明细情况已变更但不能暂缓(有更晚日期的步骤),请核对日期或撤销批次"};
}  // namespace reasons

// Judges single lines of a batch as `reader` shows the world. Lines of one case are best asked one after the other.
// Lives as long as the reader.
class LineCheck {
 public:
  // All must outlive the check. `day` is the business day of the step.
  LineCheck(const BatchTables& tables, const v1::PaymentBatch& batch, const storage::Reader& reader,
            const storage::OrgTree& tree, Day day);

  // Why the line, which is PENDING, must not go out; HOLD_REASON_UNSPECIFIED when it may, or is a recovery.
  absl::StatusOr<v1::HoldReason> Ask(const v1::PaymentLine& line);

  // The awards of the case of the line that was asked about last.
  const std::vector<v1::MlsAward>& awards() const { return facts_.awards; }

 private:
  absl::Status ReadCase(const std::string& mls_case);
  // The verdict against what the line rests on: what was known to the calculation or, later, to who released it.
  absl::StatusOr<v1::HoldReason> CompareWithBefore(const v1::PaymentLine& line, const recheck_rules::Known& now) const;

  const BatchTables& tables_;
  const v1::PaymentBatch& batch_;
  const storage::Reader& reader_;
  const storage::OrgTree& tree_;
  StopListCheck stop_list_;
  std::string case_;  // whose facts these are
  CaseFacts facts_;
  absl::flat_hash_map<std::string, std::vector<Hit>> hits_;  // by award of the case
};

// A line that must not go out.
struct Finding {
  int32_t position = 0;  // in the batch
  v1::HoldReason reason = v1::HOLD_REASON_UNSPECIFIED;
};

// What was found on a snapshot.
class Recheck {
 public:
  // Looks at every line of the batch that is to be paid. `check_alive` is asked now and then; its error ends the work.
  static absl::StatusOr<Recheck> Run(const BatchTables& tables, const storage::Database& database,
                                     const v1::PaymentBatch& batch, Day day,
                                     const std::function<absl::Status()>& check_alive);

  // The version of the batch that was looked at.
  const std::string& etag() const { return etag_; }

  // The same as the transaction sees it, in the order of the batch.
  absl::StatusOr<std::vector<Finding>> Finish(const BatchTables& tables, const storage::Transaction& txn,
                                              const v1::PaymentBatch& batch, Day day) const;

 private:
  // Notes whose change would concern the line, of which `check` was asked last.
  void Watch(const v1::PaymentLine& line, const LineCheck& check);
  // The positions of the lines that what was changed since concerns.
  absl::StatusOr<std::vector<int32_t>> Concerned(const BatchTables& tables, const storage::Transaction& txn) const;

  std::string etag_;
  int64_t revision_ = 0;
  std::vector<Finding> findings_;
  // Hash of a name → position of a line: two of one hash cost a look more. Sorted.
  std::vector<std::pair<uint64_t, int32_t>> watched_;
};

// Holds the lines; counts them in the header. LINES_NOT_HOLDABLE names those that cannot be held on the day of `step`:
// nothing may be committed then.
absl::Status HoldFound(const BatchTables& tables, storage::Transaction& txn, v1::PaymentBatch& batch,
                       const std::vector<Finding>& findings, const Step& step);

}  // namespace dangjian::welfare
