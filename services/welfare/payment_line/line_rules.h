#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/payment_line.pb.h"

// The life of a line. Pure.

namespace dangjian::welfare::line_rules {

// PENDING → HELD. ILLEGAL_TRANSITION, DATE_IN_FUTURE.
absl::Status Hold(v1::PaymentLine& line, v1::HoldReason reason, const Step& step);
// HELD → PENDING. ILLEGAL_TRANSITION, DATE_IN_FUTURE.
absl::Status Release(v1::PaymentLine& line, const Step& step);
// FAILED → REISSUED: a line of an approved batch pays it again; and back when that batch is cancelled.
absl::Status Reissue(v1::PaymentLine& line, const Step& step);
absl::Status TakeReissueBack(v1::PaymentLine& line, const Step& step);

// PENDING → PAID or FAILED, as the bank says of `day`.
absl::Status Settle(v1::PaymentLine& line, bool paid, std::string_view bank_reason, Day day, const Step& step);

// Whether the line stands in the bank file: all but held ones, whatever the bank says later.
inline bool InFile(const v1::PaymentLine& line) { return line.state() != v1::PAYMENT_LINE_STATE_HELD; }

}  // namespace dangjian::welfare::line_rules
