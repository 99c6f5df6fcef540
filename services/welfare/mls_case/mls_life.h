#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "common/types/working_days.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/mls_rule_set.pb.h"
#include "services/welfare/mls_case/mls_benefit.h"

// The life of a case up to the decision: application, survey, publicity, objections, hand-over (domain rules: 办法 2021
// and 社会救助法). What comes after it is in mls_decision.h. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kCaseStopped{"CASE_STOPPED", absl::StatusCode::kFailedPrecondition,
                                     "该低保已停发,不能恢复;再次困难请重新申请并关联原案"};
inline constexpr Reason kApplicantNotInFamily{"APPLICANT_NOT_IN_FAMILY", absl::StatusCode::kInvalidArgument,
                                              "申请人应为共同生活的家庭成员"};
inline constexpr Reason kDuplicateFamilyMember{"DUPLICATE_FAMILY_MEMBER", absl::StatusCode::kInvalidArgument,
                                               "家庭成员重复"};
inline constexpr Reason kExclusionReasonMissing{"EXCLUSION_REASON_MISSING", absl::StatusCode::kInvalidArgument,
                                                "不计入的家庭成员应说明理由"};
inline constexpr Reason kNotInFamily{"NOT_IN_FAMILY", absl::StatusCode::kInvalidArgument, "此人不在该案家庭成员中"};
inline constexpr Reason kAuthorisationMissing{"AUTHORISATION_MISSING", absl::StatusCode::kFailedPrecondition,
                                              "每名成年家庭成员都应签署核对授权"};
inline constexpr Reason kSupplementAlreadyRequested{
    "SUPPLEMENT_ALREADY_REQUESTED", absl::StatusCode::kFailedPrecondition, "补正材料应一次性告知,不能再次要求"};
inline constexpr Reason kTooFewInvestigators{"TOO_FEW_INVESTIGATORS", absl::StatusCode::kFailedPrecondition,
                                             "入户调查人员不得少于两人"};
inline constexpr Reason kDeliberationNotAddingUp{"DELIBERATION_NOT_ADDING_UP", absl::StatusCode::kInvalidArgument,
                                                 "赞成人数不能多于参加人数"};
inline constexpr Reason kUnknownCaseObjection{"UNKNOWN_CASE_OBJECTION", absl::StatusCode::kInvalidArgument,
                                              "没有待答复的此项异议"};
inline constexpr Reason kOpinionNotInFavour{"OPINION_NOT_IN_FAVOUR", absl::StatusCode::kFailedPrecondition,
                                            "初审意见为不予救助,不能公示或确认"};
inline constexpr Reason kPublicityNotOver{"PUBLICITY_NOT_OVER", absl::StatusCode::kFailedPrecondition,
                                          "公示期未满,不能上报或决定"};
inline constexpr Reason kPublicityMissing{"PUBLICITY_MISSING", absl::StatusCode::kFailedPrecondition,
                                          "初审意见尚未公示(或异议后应再次公示)"};
inline constexpr Reason kCaseObjectionOpen{"CASE_OBJECTION_OPEN", absl::StatusCode::kFailedPrecondition,
                                           "尚有异议未答复,不能继续办理"};
}  // namespace reasons

namespace mls {

std::string_view NameOf(v1::MlsCaseState state);
// Before a decision, and not yet ended.
bool IsApplication(v1::MlsCaseState state);
// Decided in favour, and not yet ended.
bool IsGranted(v1::MlsCaseState state);
// From the application until the end: counts as one of the cases of its persons.
bool IsOpen(v1::MlsCaseState state);

// Sets what a new record starts with, and checks what the family declared. All bad fields at once.
absl::Status Initialize(v1::MlsCase& row);
absl::Status CheckContent(const v1::MlsCase& row);
// The same for family and income alone; `field` is their path in the request.
absl::Status CheckInputs(const v1::MlsBenefitInputs& inputs, std::string_view field);
// SENSITIVE_FIELD_NOT_ACCEPTED when a member names a top-up that the rule set marks as a health fact.
absl::Status CheckHealthCodes(const v1::MlsBenefitInputs& inputs, const v1::MlsRuleSet& rule_set);
// What the family declares anew: legal in this state, complete, and once it is submitted also authorised.
absl::Status CheckUpdate(const v1::MlsCase& current, const v1::MlsCase& updated, Day today);
// Up to the opinion of the street. ILLEGAL_TRANSITION, CASE_STOPPED.
absl::Status CheckEditable(const v1::MlsCase& row);
absl::Status CheckDeletable(const v1::MlsCase& row);

// The first day of benefit has come: a confirmed case is active from then on.
void EnterDueState(v1::MlsCase& row, const Step& step);

// Checks that the case is in one of the states and the step in its place, and enters `to`.
absl::Status Move(v1::MlsCase& row, std::initializer_list<v1::MlsCaseState> from, v1::MlsCaseState to,
                  std::string_view verb, const Step& step);
// The same for a step that leaves the state as it is; `entry` is what the record of steps says.
absl::Status Stay(v1::MlsCase& row, std::initializer_list<v1::MlsCaseState> in, std::string_view entry,
                  std::string_view verb, const Step& step);

absl::Status Submit(v1::MlsCase& row, const Step& step);
absl::Status Accept(v1::MlsCase& row, bool special, const v1::MlsRuleSet& rule_set, const WorkingDays& calendars,
                    const Step& step);
absl::Status RequestSupplement(v1::MlsCase& row, std::string_view missing, const Step& step);
absl::Status ReceiveSupplement(v1::MlsCase& row, const Step& step);
// Adds to what is recorded: investigators join those of before, set fields replace, others stay.
absl::Status Investigate(v1::MlsCase& row, const v1::MlsInvestigation& investigation, const Step& step);
absl::Status FailCheck(v1::MlsCase& row, const Step& step);
absl::Status RebutCheck(v1::MlsCase& row, const Step& step);
absl::Status CloseFailed(v1::MlsCase& row, const Step& step);
// `refuses`: proposes to refuse. `prepared_by`: empty for the caller.
absl::Status RecordOpinion(v1::MlsCase& row, const v1::RecordMlsPrelimOpinionRequest& request,
                           const v1::MlsRuleSet& rule_set, const Step& step);
absl::Status Post(v1::MlsCase& row, std::string_view channel, const v1::MlsRuleSet& rule_set,
                  const WorkingDays& calendars, const Step& step);
// From IN_PUBLICITY and, when something is posted, from PRELIM_OPINION: OBJECTED. While the case is looked into after a
// posting it stays where it is.
absl::Status Object(v1::MlsCase& row, std::string_view text, bool anonymous, const Step& step);
absl::Status AnswerObjection(v1::MlsCase& row, const v1::AnswerMlsObjectionRequest& request, const Step& step);
absl::Status Reinvestigate(v1::MlsCase& row, const Step& step);
absl::Status Deliberate(v1::MlsCase& row, const v1::DeliberateMlsCaseRequest& request, const Step& step);
// Whether the newest posting's last day was computed without a calendar.
bool IsPostingProvisional(const v1::MlsCase& row);
// Computes that day again, as the calendar may have come since; `rule_set` is that of the posting. A last day
// that was computed with its calendar stays as it was posted.
void SettlePosting(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, const WorkingDays& calendars);
absl::Status SendToCounty(v1::MlsCase& row, const v1::MlsRuleSet& rule_set, const WorkingDays& calendars,
                          const Step& step);
absl::Status Terminate(v1::MlsCase& row, const Step& step);
absl::Status Withdraw(v1::MlsCase& row, const Step& step);

// What must hold of a case whose benefit begins (art. 28), whatever led to its state: accepted, investigated by two, an
// opinion in favour, posted to the end, no open objection.
absl::Status CheckPrepared(const v1::MlsCase& row, Day day);

}  // namespace mls
}  // namespace dangjian::welfare
