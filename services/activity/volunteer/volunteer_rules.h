#pragma once

#include <initializer_list>
#include <optional>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/activity/v1/volunteer.pb.h"

// Registered volunteers. Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kConsentAfterRegistration{"CONSENT_AFTER_REGISTRATION", absl::StatusCode::kInvalidArgument,
                                                  "本人(监护人)同意的日期不得晚于注册日期"};
inline constexpr Reason kGuardianConsentRequired{"GUARDIAN_CONSENT_REQUIRED", absl::StatusCode::kFailedPrecondition,
                                                 "未成年人注册须有监护人同意"};
inline constexpr Reason kVolunteerNoIsCitizenNumber{"VOLUNTEER_NO_IS_CITIZEN_NUMBER",
                                                    absl::StatusCode::kInvalidArgument, "志愿者编号不得使用身份证号码"};
inline constexpr Reason kVolunteerHasCertificates{"VOLUNTEER_HAS_CERTIFICATES", absl::StatusCode::kFailedPrecondition,
                                                  "已为该志愿者出具证明,注册记录不能删除"};
}  // namespace reasons

namespace volunteer_rules {

// Sets what a new record starts with.
void Initialize(v1::Volunteer& volunteer);
// Sets `minor` from the date of birth, when it is known: under 18 on the day of registration.
void FlagMinor(v1::Volunteer& volunteer, std::optional<Day> birth);
// DATE_IN_FUTURE, CONSENT_AFTER_REGISTRATION, GUARDIAN_CONSENT_REQUIRED, VOLUNTEER_NO_IS_CITIZEN_NUMBER.
void CheckContent(const v1::Volunteer& volunteer, Day today, Violations& violations);
// ILLEGAL_TRANSITION once the person has left.
absl::Status CheckEditable(const v1::Volunteer& volunteer);

// Each: ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status Activate(v1::Volunteer& volunteer, const Step& step);
absl::Status Suspend(v1::Volunteer& volunteer, const Step& step);
absl::Status Withdraw(v1::Volunteer& volunteer, const Step& step);

}  // namespace volunteer_rules
}  // namespace dangjian::activity
