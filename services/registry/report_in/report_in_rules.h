#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/registry/v1/report_in.pb.h"

// The rules of community report-ins. Pure: no storage, no gRPC.

namespace dangjian::registry {

namespace reasons {
inline constexpr Reason kPersonRequired{"PERSON_REQUIRED", absl::StatusCode::kInvalidArgument,
                                        "请填写报到人姓名,或指明其党员编号"};
inline constexpr Reason kAlreadyReportedIn{"ALREADY_REPORTED_IN", absl::StatusCode::kFailedPrecondition,
                                           "该党员已在此处报到"};
}  // namespace reasons

// `ACTIVE`.
std::string ShortName(v1::CommunityReportInState state);

// Completes a new report-in. PERSON_REQUIRED, DATE_IN_FUTURE, all at once.
absl::Status ReportIn(v1::CommunityReportIn& created, Day today);

// ACTIVE → ENDED. ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status End(v1::CommunityReportIn& report_in, const Step& step);

// ACTIVE → MOVED. Fills `successor`, the report-in with the new host, all but its name. Errors as End.
absl::Status MoveTo(v1::CommunityReportIn& report_in, const std::string& organization, const Step& step,
                    v1::CommunityReportIn& successor);

}  // namespace dangjian::registry
