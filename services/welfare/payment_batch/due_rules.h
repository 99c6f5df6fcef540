#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "dangjian/welfare/v1/mls_award.pb.h"
#include "dangjian/welfare/v1/payment_batch.pb.h"
#include "dangjian/welfare/v1/payment_line.pb.h"

// What one case is to be paid by one batch: from its awards and the lines that it has. Pure.

namespace dangjian::welfare::due_rules {

// A line of the case with the state of its batch.
struct CaseLine {
  v1::PaymentLine line;
  v1::PaymentBatchState batch_state = v1::PAYMENT_BATCH_STATE_UNSPECIFIED;
};

// A line to be written.
struct PlannedLine {
  Day month;
  v1::BenefitComponent component = v1::BENEFIT_COMPONENT_UNSPECIFIED;
  v1::PaymentRunKind run_kind = v1::PAYMENT_RUN_KIND_UNSPECIFIED;
  int32_t seq = 1;
  int64_t amount_fen = 0;
  const v1::MlsAward* award = nullptr;  // whom to pay, and why
  std::string reissue_of = {};
  const v1::PaymentLine* released = nullptr;          // the held line whose place it takes, its hold ended
  v1::HoldReason hold = v1::HOLD_REASON_UNSPECIFIED;  // that of the lines whose place it takes, theirs not ended
  std::vector<std::string> held_before = {};          // these
};

// The award that decides a month: of those that cover it the one of the latest decision; nullptr when there is none.
const v1::MlsAward* AwardInForce(const std::vector<v1::MlsAward>& awards, Day month);

// Whom to pay in a month: by the award in force or, when there is none, by the newest decision; nullptr without awards.
const v1::MlsAward* AwardToPay(const std::vector<v1::MlsAward>& awards, Day month);

// Fen of a component for a month by the award in force; 0 when there is none or the month is suspended.
int64_t DueFen(const std::vector<v1::MlsAward>& awards, Day month, v1::BenefitComponent component);

// Whether the money of a line has gone or is going to the family, so that it must not go again: not when its batch was
// cancelled, not when it was still held at the approval, and not when another line pays it again.
bool Covers(const CaseLine& line, const std::vector<CaseLine>& lines);

// Whether the line asks money back or has got it: not what could not be collected, unless the bank contradicts itself
// about that, and not what was still held, under appeal, when its batch was approved; that may be asked for again.
bool AsksBack(const CaseLine& line);

// Whether a hold kept the line out of its approved batch and the next regular run may take it up
// (line_rules::MayComeAgain). Not when another line has taken its place.
bool WaitsForRun(const CaseLine& entry, const std::vector<CaseLine>& lines);

// Sum of the lines that cover a component of a month, collected recoveries taken off. PAYMENT_SUM_OVERFLOW.
absl::StatusOr<int64_t> CoveredFen(const std::vector<CaseLine>& lines, Day month, v1::BenefitComponent component);

// What the award in force exceeds the lines that cover it, without those that failed and wait to be paid again: they
// take what room is left. PAYMENT_SUM_OVERFLOW.
absl::StatusOr<int64_t> RoomFen(const std::vector<v1::MlsAward>& awards, const std::vector<CaseLine>& lines, Day month,
                                v1::BenefitComponent component);

// The lines of a case in a batch. `awards` are those of the case that the batch can see; `lines` are at least those of
// the months that matter.
//   REGULAR: what the benefit month without the price subsidy exceeds what is covered, and of any month, price
//   subsidies among them, each as far as it is still due: failed lines again, unless the bank contradicts itself about
//   them, and those that a hold kept out of their batch and that are not held any more (WaitsForRun);
//   PRICE_SUBSIDY: the same for the price subsidy alone;
//   ARREARS, CORRECTION: for each month before that of the batch and that of its calculation, and each component, what
//   the award in force exceeds what is covered;
//   RECOVERY: none.
// A line in the place of one that a hold keeps out of its batch carries the hold on.
// A month that is paid too much gives no line: recoveries need a decision. PAYMENT_SUM_OVERFLOW.
absl::StatusOr<std::vector<PlannedLine>> Plan(const v1::PaymentBatch& batch, const std::vector<v1::MlsAward>& awards,
                                              const std::vector<CaseLine>& lines);

// The next free number of a key.
int32_t NextSeq(const std::vector<CaseLine>& lines, Day month, v1::BenefitComponent component,
                v1::PaymentRunKind run_kind);

}  // namespace dangjian::welfare::due_rules
