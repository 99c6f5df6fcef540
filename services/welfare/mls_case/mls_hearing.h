#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/mls_benefit.pb.h"
#include "dangjian/welfare/v1/mls_case.pb.h"

// Hearings before a cut or stop (社会救助法 art. 48): notice, outcome, and the decision that rests on one. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kHearingRequired{"HEARING_REQUIRED", absl::StatusCode::kFailedPrecondition,
                                         "减发、停发前应听取当事人意见,请先登记早于决定日期的听取意见记录"};
inline constexpr Reason kUnknownHearing{"UNKNOWN_HEARING", absl::StatusCode::kInvalidArgument,
                                        "没有待登记结果的此次听取意见"};
inline constexpr Reason kNoHearingForDecision{"NO_HEARING_FOR_DECISION", absl::StatusCode::kInvalidArgument,
                                              "听取意见只用于调整、减发本人份额、渐退或停发的决定,请选择其一"};
inline constexpr Reason kHearingMatterUnfit{"HEARING_MATTER_UNFIT", absl::StatusCode::kInvalidArgument,
                                            "渐退、停发的听取意见不写金额,只有减发本人份额的写明本人"};
}  // namespace reasons

namespace mls {

// What a decision takes from the recipient.
struct Proposal {
  v1::MlsDecisionKind kind = v1::MLS_DECISION_KIND_UNSPECIFIED;
  Day decided_on;
  Day since;                  // the newest decision or review of before: an older notice was about another benefit
  int64_t amount_fen = 0;     // a month, from then on
  std::string resident = {};  // whose share is cut; empty for other kinds
};

// Of a decision of `kind` on the case as it stands, `step.day` the day of the decision.
Proposal ProposalOf(const v1::MlsCase& row, v1::MlsDecisionKind kind, const Step& step);

// FIELD_REQUIRED, NO_HEARING_FOR_DECISION, HEARING_MATTER_UNFIT.
absl::Status NotifyHearing(v1::MlsCase& row, const v1::NotifyMlsHearingRequest& request, const Step& step);
absl::Status RecordHearing(v1::MlsCase& row, const v1::RecordMlsHearingRequest& request, const Step& step);

// The hearing on which a decision rests: announced since the newest decision or review, held before the day of the
// decision, about this kind, person and no higher amount than is decided, and serving no other decision.
// HEARING_REQUIRED.
absl::StatusOr<v1::MlsHearing*> FindHearing(v1::MlsCase& row, const Proposal& proposal);

}  // namespace mls
}  // namespace dangjian::welfare
