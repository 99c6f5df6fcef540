#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/ledger_entry.pb.h"
#include "dangjian/welfare/v1/payment_line.pb.h"

// What happens when the bank contradicts itself about a line: its answers are kept, the line is disputed, and two
// persons settle which answer holds. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kLineDisputed{"LINE_DISPUTED", absl::StatusCode::kFailedPrecondition,
                                      "银行对该笔发放的回盘结果前后矛盾,请先由两人核定结果"};
inline constexpr Reason kLineNotDisputed{"LINE_NOT_DISPUTED", absl::StatusCode::kFailedPrecondition,
                                         "该笔明细没有待核定的银行结果"};
inline constexpr Reason kOutcomeNotAnswered{"OUTCOME_NOT_ANSWERED", absl::StatusCode::kFailedPrecondition,
                                            "拟核定的结果应为银行回盘过的结果(已发放或发放失败)"};
inline constexpr Reason kOutcomeNotProposed{"OUTCOME_NOT_PROPOSED", absl::StatusCode::kFailedPrecondition,
                                            "确认的结果与提出的结果不符,请重新读取后再确认"};
inline constexpr Reason kConfirmerIsProposer{"CONFIRMER_IS_PROPOSER", absl::StatusCode::kFailedPrecondition,
                                             "银行结果的核定应由提出人以外的人员确认"};
inline constexpr Reason kReissueStands{"REISSUE_STANDS", absl::StatusCode::kFailedPrecondition,
                                       "尚未导出的批次另发该月款项,请先撤销该批次;未审批的,也可暂缓该明细后审批"};
inline constexpr Reason kReissuedLinePaid{"REISSUED_LINE_PAID", absl::StatusCode::kFailedPrecondition,
                                          "重发的原明细已核定为发放成功,请暂缓该重发明细后重新复核"};
}  // namespace reasons

namespace dispute_rules {

// What an answer of the bank means for a line that has one already.
enum class Heard {
  kAgain,        // it says what is known: nothing changes
  kAgrees,       // another answer that says the same: kept
  kContradicts,  // the line is disputed
};

// Takes in a further answer about a line that is PAID, FAILED or REISSUED. One that was heard before, also before a
// settlement, is kAgain: files come late and twice.
Heard Hear(v1::PaymentLine& line, const v1::BankAnswer& answer, const Step& step);

// Proposes an outcome. LINE_NOT_DISPUTED, OUTCOME_NOT_ANSWERED, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status Propose(v1::PaymentLine& line, const v1::ProposePaymentLineOutcomeRequest& request, const Step& step);

// Settles the line to the proposed outcome and day of the bank. A line that a later one paid again becomes PAID after
// the reissue, and REISSUED again. LINE_NOT_DISPUTED, OUTCOME_NOT_PROPOSED, CONFIRMER_IS_PROPOSER, DATE_IN_FUTURE,
// STEPS_OUT_OF_ORDER.
absl::Status Confirm(v1::PaymentLine& line, v1::PaymentLineState outcome, std::string_view confirmer, const Step& step);

// What a settlement moves in the ledger; no postings when the first answer holds.
v1::LedgerEntry EntryOf(const v1::PaymentLine& before, const v1::PaymentLine& after);

// LINE_DISPUTED about `line`, which stops what `resource` wants.
absl::Status Disputed(const v1::PaymentLine& line, const std::string& resource);

}  // namespace dispute_rules
}  // namespace dangjian::welfare
