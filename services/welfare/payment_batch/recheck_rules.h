#pragma once

#include <cstdint>
#include <vector>

#include "dangjian/welfare/v1/mls_award.pb.h"
#include "dangjian/welfare/v1/mls_case_types.pb.h"
#include "dangjian/welfare/v1/payment_line.pb.h"
#include "services/welfare/stop_list/stop_list_rules.h"

// Whether a line that was calculated, or released, at one moment may still go out at a later one. Pure.

namespace dangjian::welfare {

// What payments ask of a case. What is due follows from the awards alone.
struct CaseFacts {
  std::vector<v1::MlsAward> awards;  // of one organisation
  v1::MlsCaseState state = v1::MLS_CASE_STATE_UNSPECIFIED;
};

namespace recheck_rules {

// What was known at a moment; both outlive it.
struct Known {
  const CaseFacts& facts;
  const std::vector<Hit>& hits;  // on the award that the line is judged by
};

// Whether the facts may differ from those at an earlier revision. False is certain.
bool MayDifferFrom(const CaseFacts& facts, int64_t revision);

// The award that a line is judged by: the one in force in its month or, where that pays nothing, the one that it was
// calculated from; nullptr when neither is among `awards`.
const v1::MlsAward* AwardOf(const v1::PaymentLine& line, const std::vector<v1::MlsAward>& awards);

// Why `line` must not go out as things stand `now`; HOLD_REASON_UNSPECIFIED when it may. `then` is what the line rests
// on: what was known to the calculation, or to who released it, speaks against it no more. Two things always do: a
// suspended case, and another payee or account than the award's.
v1::HoldReason Verdict(const v1::PaymentLine& line, const Known& then, const Known& now);

// Whether a release could make the line payable: its case is not suspended, payee and account are the award's, and
// `room_fen`, what its month owes beyond other lines, is not below its amount.
bool IsPayable(const v1::PaymentLine& line, const CaseFacts& now, int64_t room_fen);

}  // namespace recheck_rules
}  // namespace dangjian::welfare
