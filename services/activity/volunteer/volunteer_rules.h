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
// AGE_CONTRADICTS_REGISTER when `minor` was typed and the register says otherwise. What is left out of a new record
// is not typed, nor is what stays as it is in `current`, the record before the change, null for a new one.
void CheckTyped(const v1::Volunteer& volunteer, const v1::Volunteer* current, std::optional<Day> birth,
                Violations& violations);
// Sets `minor` from the date of birth, when it is known: under 18 on the day of registration.
void FlagMinor(v1::Volunteer& volunteer, std::optional<Day> birth);
// DATE_IN_FUTURE, CONSENT_AFTER_REGISTRATION, GUARDIAN_CONSENT_REQUIRED, VOLUNTEER_NO_IS_CITIZEN_NUMBER. `current` as
// above: a guardian's consent that became necessary after the registration may be dated after it.
void CheckContent(const v1::Volunteer& volunteer, const v1::Volunteer* current, Day today, Violations& violations);
// Sets `minor` and `guardian_consent_missing` of a registration that stands from what the register says now.
void FollowRegister(v1::Volunteer& volunteer, std::optional<Day> birth, Day today);
// GUARDIAN_CONSENT_REQUIRED when the person is a minor on `day` and no guardian had consented by then.
absl::Status CheckConsent(const v1::Volunteer& volunteer, std::optional<Day> birth, Day day);
// ILLEGAL_TRANSITION once the person has left.
absl::Status CheckEditable(const v1::Volunteer& volunteer);

// Each: ILLEGAL_TRANSITION, DATE_IN_FUTURE, STEPS_OUT_OF_ORDER.
absl::Status Activate(v1::Volunteer& volunteer, const Step& step);
absl::Status Suspend(v1::Volunteer& volunteer, const Step& step);
absl::Status Withdraw(v1::Volunteer& volunteer, const Step& step);

}  // namespace volunteer_rules
}  // namespace dangjian::activity
