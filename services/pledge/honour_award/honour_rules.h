#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/pledge/v1/honour_award.pb.h"

// Honour awards: who was given a title, and when one is taken back. Pure.

namespace dangjian::pledge {

namespace reasons {
inline constexpr Reason kAwardeeNotOne{"AWARDEE_NOT_ONE", absl::StatusCode::kInvalidArgument,
                                       "获奖者应且只应填写党员、居民、家庭、组织中的一项"};
inline constexpr Reason kOfficeWithoutOrganization{"OFFICE_WITHOUT_ORGANIZATION", absl::StatusCode::kInvalidArgument,
                                                   "填写科室名称时应同时填写其所属组织"};
inline constexpr Reason kAwardYearMismatch{"AWARD_YEAR_MISMATCH", absl::StatusCode::kInvalidArgument,
                                           "授予日期应在荣誉所属年度之内"};
}  // namespace reasons

namespace honour_rules {

// Sets what a new record starts with, `awardee_kind` included.
void Initialize(v1::HonourAward& award);
// AWARDEE_NOT_ONE, OFFICE_WITHOUT_ORGANIZATION, AWARD_YEAR_MISMATCH, DATE_IN_FUTURE.
void CheckContent(const v1::HonourAward& award, Day today, Violations& violations);
// ILLEGAL_TRANSITION once the award is taken back.
absl::Status CheckEditable(const v1::HonourAward& award);
// Not before the day of the award.
absl::Status Revoke(v1::HonourAward& award, const Step& step);

// Resource name of the awardee; of an office, that of its organisation.
std::string AwardeeName(const v1::Awardee& awardee);

}  // namespace honour_rules
}  // namespace dangjian::pledge
