#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/registry/v1/resident.pb.h"
#include "dangjian/welfare/v1/unemployment_registration.pb.h"
#include "services/welfare/unemployment_registration/working_age.h"

// The life of an unemployment registration (就业促进法 and local rules of 失业登记). Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kAgeNotKnown{"AGE_NOT_KNOWN", absl::StatusCode::kFailedPrecondition,
                                     "居民档案缺少出生日期或性别,无法核对劳动年龄,请先补全居民档案"};
inline constexpr Reason kUnemploymentRegistrationClosed{
    "UNEMPLOYMENT_REGISTRATION_CLOSED", absl::StatusCode::kFailedPrecondition, "失业登记已注销,请先重新办理失业登记"};
inline constexpr Reason kUnemploymentRegistrationInUse{"UNEMPLOYMENT_REGISTRATION_IN_USE",
                                                       absl::StatusCode::kFailedPrecondition,
                                                       "该失业登记已有培训、推荐、安置或公益性岗位记录,不能删除"};
inline constexpr Reason kRetirementAgeNotReached{"RETIREMENT_AGE_NOT_REACHED", absl::StatusCode::kFailedPrecondition,
                                                 "尚未达到法定退休年龄,不能按退休注销失业登记"};
inline constexpr Reason kAlreadyCertified{"ALREADY_CERTIFIED", absl::StatusCode::kFailedPrecondition,
                                          "该类就业困难人员认定仍然有效,不能重复认定"};
inline constexpr Reason kNotCertified{"NOT_CERTIFIED", absl::StatusCode::kFailedPrecondition,
                                      "没有此类有效的就业困难人员认定"};
}  // namespace reasons

namespace registration_rules {

using Registration = v1::UnemploymentRegistration;

// What decides someone's working age. AGE_NOT_KNOWN; FIELD_REQUIRED when a woman's post category is missing.
absl::StatusOr<working_age::Person> PersonOf(const registry::v1::Resident& resident, v1::PostCategory post);

// Sets what a new record starts with and checks it: DATE_IN_FUTURE, BELOW_WORKING_AGE, PAST_RETIREMENT_AGE.
absl::Status Admit(Registration& registration, const working_age::Person& person, const Step& step);

// Sets `retires_on` and `age_contradicted` of a registration that stands from what the register says now.
void FollowRegister(Registration& registration, const working_age::Person& person);

bool IsOpen(const Registration& registration);
// UNEMPLOYMENT_REGISTRATION_CLOSED.
absl::Status RequireOpen(const Registration& registration);
// Whether a certification holds on the day; the day on which the registration ends is still one.
bool IsHardToEmploy(const Registration& registration, Day day);

absl::Status Activate(Registration& registration, const Step& step);
// SENSITIVE_FIELD_NOT_ACCEPTED for DISABLED, ALREADY_CERTIFIED, UNEMPLOYMENT_REGISTRATION_CLOSED, DATE_IN_FUTURE,
// STEPS_OUT_OF_ORDER (before the registration or before the evidence).
absl::Status Certify(Registration& registration, const v1::HardToEmployCertification& certification, const Step& step);
// Whether the type is one of people of a certain age.
bool RestsOnAge(v1::HardToEmployType type);
// AGE_CONTRADICTS_REGISTER when the type is one of another age than the person's on `day`.
absl::Status CheckTypeAge(v1::HardToEmployType type, const working_age::Person& person, Day day);
// NOT_CERTIFIED.
absl::Status EndCertification(Registration& registration, v1::HardToEmployType type, const Step& step);
// WITHDRAWN or DECEASED, else OUT_OF_BOUNDS.
absl::Status Close(Registration& registration, v1::UnemploymentState outcome, const Step& step);
// RETIRED; RETIREMENT_AGE_NOT_REACHED.
absl::Status Retire(Registration& registration, const working_age::Person& person, const Step& step);

// Steps that other records take. `engagement` is the enrolment or referral that begins or ends.
// Begin: IN_TRAINING or REFERRED, from REGISTERED or ACTIVE.
absl::Status Begin(Registration& registration, v1::UnemploymentState state, std::string_view engagement,
                   const Step& step);
// Back to ACTIVE when `engagement` is under way; else nothing.
absl::Status End(Registration& registration, std::string_view engagement, const Step& step);
// The same for an engagement that was entered by mistake, dated like the last step.
void TakeBack(Registration& registration, std::string_view engagement, const Step& step);
// EMPLOYED or SELF_EMPLOYED by a placement. What was under way stays named, for the case that the placement is undone.
absl::Status Place(Registration& registration, v1::UnemploymentState state, std::string_view placement,
                   const Step& step);
// Gives a registration that `placement` ended back the state that it had, as if it had never been ended; else nothing.
// `others` are the person's registrations, this one may be among them: when the person registered anew, this one ends
// on that day, WITHDRAWN, for nobody is registered twice and no day without work is lost.
absl::Status UndoPlacement(Registration& registration, std::string_view placement,
                           const std::vector<Registration>& others, const Step& step);

}  // namespace registration_rules
}  // namespace dangjian::welfare
