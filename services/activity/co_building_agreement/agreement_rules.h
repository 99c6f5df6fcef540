#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/base/day.h"
#include "common/status/errors.h"
#include "common/status/reason.h"
#include "common/types/step.h"
#include "dangjian/activity/v1/co_building_agreement.pb.h"

// The life of a co-building agreement (共驻共建协议书). Pure.

namespace dangjian::activity {

namespace reasons {
inline constexpr Reason kDuplicateAgreementItem{"DUPLICATE_AGREEMENT_ITEM", absl::StatusCode::kInvalidArgument,
                                                "协议条目编号重复"};
inline constexpr Reason kAgreementDatesOutOfOrder{"AGREEMENT_DATES_OUT_OF_ORDER", absl::StatusCode::kInvalidArgument,
                                                  "协议日期顺序有误:签订、生效、到期应依次不早于前者"};
inline constexpr Reason kAgreementAlreadyInForce{"AGREEMENT_ALREADY_IN_FORCE", absl::StatusCode::kFailedPrecondition,
                                                 "该单位同一时期已有有效的共建协议,请先终止或续签"};
inline constexpr Reason kAgreementNotYetValid{"AGREEMENT_NOT_YET_VALID", absl::StatusCode::kFailedPrecondition,
                                              "协议生效日期未到"};
inline constexpr Reason kAgreementStillValid{"AGREEMENT_STILL_VALID", absl::StatusCode::kFailedPrecondition,
                                             "协议尚未到期,提前结束请用终止"};
inline constexpr Reason kAgreementTermOver{"AGREEMENT_TERM_OVER", absl::StatusCode::kFailedPrecondition,
                                           "协议已过到期日,请按到期办理"};
inline constexpr Reason kAgreementRenewed{"AGREEMENT_RENEWED", absl::StatusCode::kFailedPrecondition,
                                          "该协议已续签,请先删除续签的协议"};
inline constexpr Reason kUnknownAgreementItem{"UNKNOWN_AGREEMENT_ITEM", absl::StatusCode::kInvalidArgument,
                                              "协议中没有此条目"};
inline constexpr Reason kAgreementItemDone{"AGREEMENT_ITEM_DONE", absl::StatusCode::kFailedPrecondition,
                                           "该协议条目已登记履行"};
inline constexpr Reason kAgreementItemOpen{"AGREEMENT_ITEM_OPEN", absl::StatusCode::kFailedPrecondition,
                                           "该协议条目尚未登记履行"};
}  // namespace reasons

namespace agreement_rules {

// The days of its term, Day::Max() for an open end: from `valid_from` to the day on which it ended or will end. nullopt
// for a draft, which binds nobody.
std::optional<DayRange> Term(const v1::CoBuildingAgreement& agreement);
// The same, once it was put into force: the days on which it counts.
std::optional<DayRange> DaysInForce(const v1::CoBuildingAgreement& agreement);

// Sets what a new record starts with: a draft or, when `signed_on` is set, SIGNED and IN_FORCE as the days have come.
// `step` gives today and the actor.
void Initialize(v1::CoBuildingAgreement& agreement, Step step);
// DUPLICATE_AGREEMENT_ITEM, AGREEMENT_DATES_OUT_OF_ORDER, DATE_IN_FUTURE.
void CheckContent(const v1::CoBuildingAgreement& agreement, Day today, Violations& violations);
// ILLEGAL_TRANSITION when it is no draft.
absl::Status CheckEditable(const v1::CoBuildingAgreement& agreement);
// AGREEMENT_ALREADY_IN_FORCE when the terms of two agreements of one party share a day.
absl::Status CheckAlone(const v1::CoBuildingAgreement& agreement, const std::vector<v1::CoBuildingAgreement>& others);

absl::Status Sign(v1::CoBuildingAgreement& agreement, const Step& step);
absl::Status EnterIntoForce(v1::CoBuildingAgreement& agreement, const Step& step);
// Ends `agreement` the day before `request.valid_from` at the latest and completes `successor`, whose name the caller
// has set. `step` is dated by the signing of the new agreement.
absl::Status Renew(v1::CoBuildingAgreement& agreement, const v1::RenewCoBuildingAgreementRequest& request,
                   const Step& step, v1::CoBuildingAgreement& successor);
// Puts a RENEWED agreement back into force, because the one that renewed it is taken out as an error.
void UndoRenewal(v1::CoBuildingAgreement& agreement, const Step& step);
absl::Status Expire(v1::CoBuildingAgreement& agreement, const Step& step);
absl::Status Terminate(v1::CoBuildingAgreement& agreement, const Step& step);
absl::Status FulfilItem(v1::CoBuildingAgreement& agreement, std::string_view item_id, const Step& step);
absl::Status ReopenItem(v1::CoBuildingAgreement& agreement, std::string_view item_id, const Step& step);

}  // namespace agreement_rules
}  // namespace dangjian::activity
