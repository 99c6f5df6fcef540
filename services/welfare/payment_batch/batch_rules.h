#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"

// The life of a batch and the people in it. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kBatchApproved{"BATCH_APPROVED", absl::StatusCode::kFailedPrecondition,
                                       "批次已审批,不能再修改,请另建更正或补发批次"};
inline constexpr Reason kBatchKeyTaken{"BATCH_KEY_TAKEN", absl::StatusCode::kAlreadyExists,
                                       "同一项目、组织、月份和批次类型已有内容不同的批次"};
inline constexpr Reason kPreviousRunStands{"PREVIOUS_RUN_STANDS", absl::StatusCode::kFailedPrecondition,
                                           "上一序号的批次不存在或未撤销,不能另开批次"};
inline constexpr Reason kPreparerDiffers{"PREPARER_DIFFERS", absl::StatusCode::kFailedPrecondition,
                                         "同一批次的测算应由同一经办人完成"};
inline constexpr Reason kBenefitMonthAhead{"BENEFIT_MONTH_AHEAD", absl::StatusCode::kFailedPrecondition,
                                           "发放月份不能晚于测算日的次月,请核对批次月份或测算日期"};
inline constexpr Reason kBatchDigestMismatch{"BATCH_DIGEST_MISMATCH", absl::StatusCode::kFailedPrecondition,
                                             "批次内容与所审批的摘要不符,请重新读取并核对后再审批"};
inline constexpr Reason kChangeNeedsNote{"CHANGE_NEEDS_NOTE", absl::StatusCode::kFailedPrecondition,
                                         "发放总额较上月变动超过设定比例,请填写说明"};
inline constexpr Reason kBatchNotExported{"BATCH_NOT_EXPORTED", absl::StatusCode::kFailedPrecondition,
                                          "批次尚未导出,没有银行文件"};
inline constexpr Reason kLinesInTransit{"LINES_IN_TRANSIT", absl::StatusCode::kFailedPrecondition,
                                        "尚有明细未收到银行回盘结果,不能结清"};
}  // namespace reasons

namespace batch_rules {

// The id of a batch by its key.
std::string BatchId(const v1::PaymentBatch& batch, int32_t sequence);
// Months begin on the first: INVALID_DATE with each bad field.
absl::Status CheckKey(const v1::PaymentBatch& batch);
// Sets name and state and drops what the server counts.
void Initialize(v1::PaymentBatch& batch);
// Whether two batches were asked for with the same content.
bool SameContent(const v1::PaymentBatch& a, const v1::PaymentBatch& b);
// REGULAR and PRICE_SUBSIDY are run once a month; others as often as needed.
bool RunsOnce(v1::PaymentRunKind kind);
inline bool IsRecovery(const v1::PaymentBatch& batch) { return batch.run_kind() == v1::PAYMENT_RUN_KIND_RECOVERY; }
bool IsCalculated(const v1::PaymentBatch& batch);
// APPROVED or later.
bool IsApproved(const v1::PaymentBatch& batch);

// ILLEGAL_TRANSITION when the batch is cancelled, PREPARER_DIFFERS.
absl::Status CheckCalculation(const v1::PaymentBatch& batch, std::string_view preparer);
// Fixes the snapshot on the first portion. DATE_IN_FUTURE; BENEFIT_MONTH_AHEAD when the benefit month is later than the
// month after that of the step.
absl::Status BeginCalculation(v1::PaymentBatch& batch, std::string_view preparer, int64_t snapshot, const Step& step);
// Keeps who calculated a portion that is not the last one.
void NotePortion(v1::PaymentBatch& batch, const Step& step);
// DRAFT → CALCULATED.
absl::Status FinishCalculation(v1::PaymentBatch& batch, const Step& step);

// BATCH_APPROVED from APPROVED on, ILLEGAL_TRANSITION when the batch is cancelled.
absl::Status CheckEditable(const v1::PaymentBatch& batch, std::string_view wanted);
// The same for what is held, which changes when the lines are all there: a calculation under way holds lines itself.
absl::Status CheckHoldable(const v1::PaymentBatch& batch);
// A line was held or released: takes a review back.
void Edited(v1::PaymentBatch& batch, const Step& step);

// APPROVER_IS_PREPARER for one who acted on the batch before, named in the request or calling.
absl::Status ActedBefore(const v1::PaymentBatch& batch, std::string_view who, std::string_view role);

// Each checks the step and moves the batch. The people are distinct, both those who are named and those who call, so
// that nobody takes two steps by naming another: APPROVER_IS_PREPARER. What callers did to single lines is in the
// lines.
absl::Status Review(v1::PaymentBatch& batch, std::string_view reviewer, const Step& step);
// BATCH_DIGEST_MISMATCH.
absl::Status Approve(v1::PaymentBatch& batch, std::string_view approver, std::string_view digest, const Step& step);
absl::Status Export(v1::PaymentBatch& batch, const Step& step);
// APPROVED → REVIEWED: the approval was taken back because lines must not go out.
void ReviewedAgain(v1::PaymentBatch& batch);
// Notes that a step held lines instead of happening.
void NoteRecheck(v1::PaymentBatch& batch, const Step& step);
absl::Status MarkSent(v1::PaymentBatch& batch, const Step& step);
// SENT → PARTIALLY_PAID on the first line that the bank answers; stays there and in SETTLED.
absl::Status CheckReturn(const v1::PaymentBatch& batch, const Step& step);
void Receive(v1::PaymentBatch& batch, const Step& step);
// LINES_IN_TRANSIT.
absl::Status Settle(v1::PaymentBatch& batch, const Step& step);
absl::Status Cancel(v1::PaymentBatch& batch, const Step& step);

// Lines of the bank file and their sum.
inline int32_t FileLines(const v1::PaymentBatch& batch) { return batch.line_count() - batch.held_count(); }
inline int64_t FileFen(const v1::PaymentBatch& batch) { return batch.total_fen() - batch.held_fen(); }

// Whether `total` differs from the month before by more than the batch allows without a note.
bool ChangeNeedsNote(const v1::PaymentBatch& batch, int64_t previous_fen);

}  // namespace batch_rules
}  // namespace dangjian::welfare
