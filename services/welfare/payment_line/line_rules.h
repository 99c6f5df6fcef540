#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/payment_line.pb.h"

// The life of a line. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kLineWithoutAccount{"LINE_WITHOUT_ACCOUNT", absl::StatusCode::kFailedPrecondition,
                                            "该明细没有收款账户,不能解除暂缓;请登记账户后在补发批次中发放"};
inline constexpr Reason kLineNotDue{"LINE_NOT_DUE", absl::StatusCode::kFailedPrecondition,
                                    "该明细与现行保障决定不符(案件暂停、领款人或账户变更、应发金额变更),不能解除暂缓;"
                                    "请撤销批次重新测算,或由下期批次发放"};
}  // namespace reasons

namespace line_rules {

// A line that is put into its batch by hand, as recoveries are, begins with that step.
void Enter(v1::PaymentLine& line, const Step& step);
// Why a line is held, in Chinese; empty for HOLD_REASON_UNSPECIFIED.
std::string_view HoldText(v1::HoldReason reason);
// PENDING → HELD. ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status Hold(v1::PaymentLine& line, v1::HoldReason reason, const Step& step);
// HELD → PENDING. LINE_WITHOUT_ACCOUNT, ILLEGAL_TRANSITION, DATE_IN_FUTURE.
absl::Status Release(v1::PaymentLine& line, const Step& step);
// Releases a held line after the approval of its batch, for the next regular run: it stays HELD. And back.
// ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status ReleaseForNextRun(v1::PaymentLine& line, const Step& step);
absl::Status TakeReleaseBack(v1::PaymentLine& line, const Step& step);
// Whether a line that a hold kept out of its batch may come again in a later run: it was released since, or its hold
// rests on what a calculation looks at anew: payee, amount, the end of the case.
bool MayComeAgain(const v1::PaymentLine& line);
// The newest step by which somebody released the line, before or after the approval; nullptr when nobody did. Not for
// recoveries, whose first step makes them payable without ending a hold.
const common::v1::Transition* NewestRelease(const v1::PaymentLine& line);
// FAILED → REISSUED: a line of an approved batch pays `amount_fen` of it again; and back when that batch is cancelled.
absl::Status Reissue(v1::PaymentLine& line, int64_t amount_fen, const Step& step);
absl::Status TakeReissueBack(v1::PaymentLine& line, const Step& step);

// PENDING → PAID or FAILED, as the bank says of `day`.
absl::Status Settle(v1::PaymentLine& line, bool paid, std::string_view bank_reason, Day day, const Step& step);

// Whether the caller put the line into its batch by hand.
bool IsEnteredBy(const v1::PaymentLine& line, std::string_view actor);
// Whether the caller did so or released the line: decided that it is to be paid or collected.
bool IsPassedBy(const v1::PaymentLine& line, std::string_view actor);

// Whether the line stands in the bank file: all but held ones, whatever the bank says later.
inline bool InFile(const v1::PaymentLine& line) { return line.state() != v1::PAYMENT_LINE_STATE_HELD; }

}  // namespace line_rules
}  // namespace dangjian::welfare
