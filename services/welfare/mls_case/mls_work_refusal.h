#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/mls_rule_set.pb.h"

// Refusals of suitable work and the cut of one's own share that may follow (办法 art. 34). Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kTooFewRefusals{"TOO_FEW_REFUSALS", absl::StatusCode::kFailedPrecondition,
                                        "无正当理由连续拒绝就业达到规定次数(三次)的,才可减发其本人份额"};
}  // namespace reasons

namespace mls {

// NOT_IN_FAMILY for one who is not of the counted family.
absl::Status RecordWorkRefusal(v1::MlsCase& row, const v1::MlsWorkRefusal& refusal, const Step& step);

// Whether the newest decision about the person's share cut it, whoever is in the family now.
bool IsShareCut(const v1::MlsCase& row, const std::string& resident);

// Refusals without good reason that follow each other by their days, up to `day` and after the last decision that cut
// or restored the person's share.
int RefusalsInARow(const v1::MlsCase& row, const std::string& resident, Day day);

// Whether the share of `resident` may be cut on `day`. NOT_IN_FAMILY, NOTHING_TO_RECALCULATE when it is cut already,
// TOO_FEW_REFUSALS.
absl::Status CheckRefusals(const v1::MlsCase& row, const std::string& resident, const v1::MlsRuleSet& rule_set,
                           Day day);

}  // namespace mls
}  // namespace dangjian::welfare
