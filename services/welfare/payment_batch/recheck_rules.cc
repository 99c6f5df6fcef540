#include "services/welfare/payment_batch/recheck_rules.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "common/types/date.h"
#include "services/welfare/payment_batch/due_rules.h"

namespace dangjian::welfare::recheck_rules {
namespace {

Day MonthOf(const v1::PaymentLine& line) { return DayOr(line.benefit_month(), Day()); }

const v1::MlsAward* Named(const std::string& name, const std::vector<v1::MlsAward>& awards) {
  const auto found =
      std::find_if(awards.begin(), awards.end(), [&](const v1::MlsAward& award) { return award.name() == name; });
  return found == awards.end() ? nullptr : &*found;
}

// A change of the payee reaches every award of the case, so the one that the line was calculated from tells.
bool HasOtherPayee(const v1::PaymentLine& line, const std::vector<v1::MlsAward>& awards) {
  const v1::MlsAward* award = Named(line.award(), awards);
  return award != nullptr &&
         (award->payee_name() != line.payee_name() || award->payee_reference() != line.payee_reference());
}

bool IsSuspended(const CaseFacts& facts) { return facts.state == v1::MLS_CASE_STATE_SUSPENDED; }
bool IsStopped(const CaseFacts& facts) { return facts.state == v1::MLS_CASE_STATE_STOPPED; }

}  // namespace

bool MayDifferFrom(const CaseFacts& facts, int64_t revision) {
  const auto is_newer = [&](const v1::MlsAward& award) {
    int64_t written = 0;
    return !absl::SimpleAtoi(award.etag(), &written) || written > revision;
  };
  // Of the states of a case only these two matter, and only one of them by when it came.
  return IsStopped(facts) || std::any_of(facts.awards.begin(), facts.awards.end(), is_newer);
}

const v1::MlsAward* AwardOf(const v1::PaymentLine& line, const std::vector<v1::MlsAward>& awards) {
  const v1::MlsAward* in_force = due_rules::AwardInForce(awards, MonthOf(line));
  return in_force != nullptr ? in_force : Named(line.award(), awards);
}

v1::HoldReason Verdict(const v1::PaymentLine& line, const Known& then, const Known& now) {
  for (const Hit& hit : now.hits) {
    if (std::find(then.hits.begin(), then.hits.end(), hit) == then.hits.end()) return hit.reason;
  }
  if (IsSuspended(now.facts)) return v1::HOLD_REASON_CASE_SUSPENDED;
  if (IsStopped(now.facts) && !IsStopped(then.facts)) return v1::HOLD_REASON_CASE_ENDED;
  if (HasOtherPayee(line, now.facts.awards)) return v1::HOLD_REASON_PAYEE_CHANGED;
  const int64_t due_then = due_rules::DueFen(then.facts.awards, MonthOf(line), line.component());
  const int64_t due_now = due_rules::DueFen(now.facts.awards, MonthOf(line), line.component());
  return due_now == due_then ? v1::HOLD_REASON_UNSPECIFIED : v1::HOLD_REASON_AWARD_CHANGED;
}

bool IsPayable(const v1::PaymentLine& line, const CaseFacts& now, int64_t room_fen) {
  return !IsSuspended(now) && !HasOtherPayee(line, now.awards) && line.amount_fen() <= room_fen;
}

}  // namespace dangjian::welfare::recheck_rules
