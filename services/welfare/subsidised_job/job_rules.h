#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/welfare/v1/subsidised_job.pb.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"

// Subsidised public jobs (公益性岗位, 就业促进法 art. 53) and who holds them. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kSubsidisedJobFull{"SUBSIDISED_JOB_FULL", absl::StatusCode::kFailedPrecondition,
                                           "公益性岗位名额已满"};
inline constexpr Reason kNotHardToEmploy{"NOT_HARD_TO_EMPLOY", absl::StatusCode::kFailedPrecondition,
                                         "公益性岗位只安置经认定的就业困难人员,该人员当日没有有效认定"};
inline constexpr Reason kAlreadyHoldsSubsidisedJob{"ALREADY_HOLDS_SUBSIDISED_JOB",
                                                   absl::StatusCode::kFailedPrecondition,
                                                   "该人员已在公益性岗位上,不能同时占用两个岗位"};
inline constexpr Reason kUnknownJobHolder{"UNKNOWN_JOB_HOLDER", absl::StatusCode::kFailedPrecondition,
                                          "该人员不在此公益性岗位上"};
inline constexpr Reason kSubsidisedJobInUse{"SUBSIDISED_JOB_IN_USE", absl::StatusCode::kFailedPrecondition,
                                            "公益性岗位上还有人员或已有在岗记录,请先办理退出"};
inline constexpr Reason kQuotaBelowHolders{"QUOTA_BELOW_HOLDERS", absl::StatusCode::kFailedPrecondition,
                                           "名额不能少于在岗人数"};
}  // namespace reasons

namespace job_rules {

// OPEN. DATE_IN_FUTURE.
absl::Status Open(v1::SubsidisedJob& job, const Step& step);
// QUOTA_BELOW_HOLDERS, ILLEGAL_TRANSITION.
absl::Status CheckChange(const v1::SubsidisedJob& updated);
// Enters the holder in both records. SUBSIDISED_JOB_FULL when on some day from then on the posts would not suffice,
// NOT_HARD_TO_EMPLOY, ALREADY_HOLDS_SUBSIDISED_JOB, ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status Assign(v1::SubsidisedJob& job, v1::UnemploymentRegistration& registration, const Step& step);
// UNKNOWN_JOB_HOLDER, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status Release(v1::SubsidisedJob& job, v1::UnemploymentRegistration& registration, const Step& step);
// SUBSIDISED_JOB_IN_USE while somebody holds a post or held one after that day.
absl::Status Close(v1::SubsidisedJob& job, const Step& step);

}  // namespace job_rules
}  // namespace dangjian::welfare
