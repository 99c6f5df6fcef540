#include "services/welfare/payment_batch/recovery_rules.h"

#include "absl/strings/str_cat.h"
#include "common/status/errors.h"
#include "common/types/date.h"
#include "common/types/step.h"

namespace dangjian::welfare::recovery_rules {

absl::Status CheckDecision(const v1::AddRecoveryLineRequest& request, Day today) {
  const v1::RecoveryDecision& decision = request.decision();
  const Day decided = DayOr(decision.decided_on(), Day::Max());
  const Day month = DayOr(request.benefit_month(), Day::Max());
  if (decided > today || DayOr(decision.notice_on(), Day::Max()) > today) {
    return Error(dangjian::reasons::kDateInFuture, "the decision or its notice is dated after today");
  }
  if (DayOr(decision.hearing_on(), Day::Max()) >= decided) {
    return Error(reasons::kRecoveryWithoutHearing, "hearing_on must be before decided_on",
                 {{"resource", request.mls_case()}});
  }
  if (DayOr(decision.notice_on(), Day::Min()) < decided) {
    return Error(reasons::kRecoveryNoticeTooEarly, "notice_on is before decided_on",
                 {{"resource", request.mls_case()}});
  }
  if (month.civil().day() != 1 || DayOr(decision.evidence_month(), Day::Min()) != month) {
    return Error(reasons::kEvidenceOfOtherMonth, "evidence_month must be the overpaid month, as its first day",
                 {{"resource", request.mls_case()}, {"benefit_month", FormatDay(month)}});
  }
  return absl::OkStatus();
}

absl::Status CheckAmount(const v1::AddRecoveryLineRequest& request, int64_t overpaid_fen, int64_t asked_fen) {
  if (request.amount_fen() > overpaid_fen) {
    return Error(reasons::kRecoveryExceedsOverpayment,
                 absl::StrCat("the month was paid ", overpaid_fen, " fen too much, recoveries taken off"),
                 {{"resource", request.mls_case()}, {"overpaid_fen", absl::StrCat(overpaid_fen)}});
  }
  if (request.amount_fen() > request.decision().monthly_cap_fen() - asked_fen) {
    return Error(reasons::kRecoveryExceedsCap,
                 absl::StrCat("the month asks ", asked_fen, " fen of the family already; the cap is ",
                              request.decision().monthly_cap_fen()),
                 {{"resource", request.mls_case()}});
  }
  return absl::OkStatus();
}

}  // namespace dangjian::welfare::recovery_rules
