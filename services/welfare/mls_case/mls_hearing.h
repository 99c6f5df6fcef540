#pragma once

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
}  // namespace reasons

namespace mls {

absl::Status NotifyHearing(v1::MlsCase& row, const v1::NotifyMlsHearingRequest& request, const Step& step);
absl::Status RecordHearing(v1::MlsCase& row, const v1::RecordMlsHearingRequest& request, const Step& step);

// The hearing on which a decision of `kind` on `day` rests: held before that day about such a decision, and serving no
// other one. HEARING_REQUIRED.
absl::StatusOr<v1::MlsHearing*> FindHearing(v1::MlsCase& row, v1::MlsDecisionKind kind, Day day);

}  // namespace mls
}  // namespace dangjian::welfare
