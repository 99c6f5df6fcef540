#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "common/types/working_days.h"
#include "dangjian/pledge/v1/disclosure.pb.h"

// The life of a disclosure, its objections and its period. Pure.

namespace dangjian::pledge {

namespace reasons {
inline constexpr Reason kPeriodTooShort{"PERIOD_TOO_SHORT", absl::StatusCode::kInvalidArgument,
                                        "居务公开的公布时间不得少于十五日"};
inline constexpr Reason kPeriodNotOver{"PERIOD_NOT_OVER", absl::StatusCode::kFailedPrecondition, "公示期未满,不能结束"};
inline constexpr Reason kObjectionOpen{"OBJECTION_OPEN", absl::StatusCode::kFailedPrecondition,
                                       "尚有异议未答复,不能结束"};
inline constexpr Reason kUnknownObjection{"UNKNOWN_OBJECTION", absl::StatusCode::kInvalidArgument, "没有此异议"};
inline constexpr Reason kDuplicateObjection{"DUPLICATE_OBJECTION", absl::StatusCode::kInvalidArgument, "异议编号重复"};
}  // namespace reasons

namespace disclosure_rules {

// Sets what a new record starts with.
void Initialize(v1::Disclosure& disclosure);
absl::Status CheckEditable(const v1::Disclosure& disclosure);

absl::Status ReviewSecrecy(v1::Disclosure& disclosure, const Step& step);
absl::Status Approve(v1::Disclosure& disclosure, const Step& step);
// `calendars` must hold what is known of the years that the period touches. PERIOD_TOO_SHORT: residents' affairs posted
// from 2026-01-01 on stand for at least 15 days (城市居民委员会组织法 art. 34).
absl::Status Post(v1::Disclosure& disclosure, const WorkingDays& calendars, const Step& step);
// Computes the last day anew: the calendar of its year may have come since the posting.
absl::Status Close(v1::Disclosure& disclosure, const WorkingDays& calendars, const Step& step);
absl::Status Withdraw(v1::Disclosure& disclosure, const Step& step);
absl::Status Redraft(v1::Disclosure& disclosure, const Step& step);

absl::Status AddObjection(v1::Disclosure& disclosure, const v1::Objection& objection, const Step& step);
absl::Status AssignObjection(v1::Disclosure& disclosure, std::string_view objection_id, std::string_view assignee,
                             const Step& step);
absl::Status InvestigateObjection(v1::Disclosure& disclosure, std::string_view objection_id, std::string_view finding,
                                  const Step& step);
absl::Status DecideObjection(v1::Disclosure& disclosure, std::string_view objection_id, bool upheld, const Step& step);
absl::Status ReplyObjection(v1::Disclosure& disclosure, std::string_view objection_id, std::string_view reply,
                            const Step& step);

// The last day of a period that begins with the posting on `posted_on`.
DueDay ClosesOn(const v1::PublicityPeriod& period, Day posted_on, const WorkingDays& calendars);
// No later than this day does any period end that begins on `posted_on`: how far calendars must be known.
Day LatestClosing(const v1::PublicityPeriod& period, Day posted_on);

}  // namespace disclosure_rules
}  // namespace dangjian::pledge
