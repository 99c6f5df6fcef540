#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "common/types/working_days.h"
#include "dangjian/welfare/v1/mls_benefit.pb.h"
#include "dangjian/welfare/v1/mls_case.pb.h"
#include "dangjian/welfare/v1/mls_rule_set.pb.h"
#include "services/welfare/mls_case/mls_awards.h"

// Decisions on a case and what follows from them for its awards. A cut or stop needs a hearing on it, dated before it
// (社会救助法 art. 48); who decides is another person than who prepared. Pure.

namespace dangjian::welfare {

namespace reasons {
inline constexpr Reason kAssetsOverLimit{"ASSETS_OVER_LIMIT", absl::StatusCode::kFailedPrecondition,
                                         "家庭财产超过规定限额"};
inline constexpr Reason kPayeeMissing{"PAYEE_MISSING", absl::StatusCode::kFailedPrecondition,
                                      "领款人姓名或账户代号未登记"};
inline constexpr Reason kActivationNotPrepared{"ACTIVATION_NOT_PREPARED", absl::StatusCode::kFailedPrecondition,
                                               "未经受理、入户调查和确认,不能发放"};
inline constexpr Reason kFirstMonthNotReached{"FIRST_MONTH_NOT_REACHED", absl::StatusCode::kFailedPrecondition,
                                              "自确认决定的次月起发放,尚未到月"};
inline constexpr Reason kNoGracePeriod{"NO_GRACE_PERIOD", absl::StatusCode::kFailedPrecondition,
                                       "现行标准没有规定渐退期"};
inline constexpr Reason kUnknownDecision{"UNKNOWN_DECISION", absl::StatusCode::kInvalidArgument, "没有此决定"};
inline constexpr Reason kNoticeAlreadyGiven{"NOTICE_ALREADY_GIVEN", absl::StatusCode::kFailedPrecondition,
                                            "该决定已书面告知"};
}  // namespace reasons

namespace mls {

// A rule set with the months in which it is in force.
struct RulePeriod {
  DayRange months;  // first days of months; last Day::Max() for the newest
  v1::MlsRuleSet rule_set;
};

// `step.day` is the day of the decision; amounts hold from the month after it (art. 21). `rule_set` is that of this
// month.
absl::Status Confirm(v1::MlsCase& row, Awards& awards, const v1::ConfirmMlsCaseRequest& request,
                     const v1::MlsRuleSet& rule_set, const Step& step);
absl::Status Refuse(v1::MlsCase& row, const v1::MlsDecisionNote& note, const v1::MlsRuleSet& rule_set,
                    const WorkingDays& calendars, const Step& step);
absl::Status Activate(v1::MlsCase& row, const Step& step);
absl::Status Adjust(v1::MlsCase& row, Awards& awards, const v1::AdjustMlsCaseRequest& request,
                    const v1::MlsRuleSet& rule_set, const Step& step);
// `periods` cover all months from the first award on. Each month of each award is computed by the rules of that month
// with the family of that award's decision; months already due are raised but never cut, and no
// component of them is lowered.
absl::Status Recalculate(v1::MlsCase& row, Awards& awards, const v1::MlsDecisionNote& note,
                         const std::vector<RulePeriod>& periods, const Step& step);
absl::Status CutShare(v1::MlsCase& row, Awards& awards, const v1::CutMlsShareRequest& request,
                      const v1::MlsRuleSet& rule_set, const Step& step);
absl::Status StartGrace(v1::MlsCase& row, Awards& awards, const v1::MlsDecisionNote& note,
                        const v1::MlsRuleSet& rule_set, const Step& step);
absl::Status EndGrace(v1::MlsCase& row, Awards& awards, const v1::EndMlsGraceRequest& request,
                      const v1::MlsRuleSet& rule_set, const Step& step);
absl::Status Suspend(v1::MlsCase& row, Awards& awards, const v1::MlsDecisionNote& note, const Step& step);
absl::Status Resume(v1::MlsCase& row, Awards& awards, const v1::ResumeMlsCaseRequest& request, const Step& step);
absl::Status Stop(v1::MlsCase& row, Awards& awards, const v1::MlsDecisionNote& note, const Step& step);

absl::Status NotifyDecision(v1::MlsCase& row, const v1::NotifyMlsDecisionRequest& request, const Step& step);
absl::Status Review(v1::MlsCase& row, const v1::ReviewMlsCaseRequest& request, const v1::MlsRuleSet& rule_set,
                    const Step& step);
absl::Status ChangePayee(v1::MlsCase& row, Awards& awards, const v1::ChangeMlsPayeeRequest& request, const Step& step);

}  // namespace mls
}  // namespace dangjian::welfare
